import { nameOf } from '../../../../shared/domain/drift/render/finding-words.ts';
import { latestKeys } from '../../../../shared/domain/drift/render/report-files.ts';
import { html } from '../../../../shared/domain/html/html.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import { chooseLanes } from '../../session/read-drift.ts';
import { ADDRESS, type ConsoleAct, type ConsolePage, READS_ZPA } from '../contract.ts';
import { pageOf, requiredField } from '../view/form-fields.ts';
import { createKept } from '../view/kept.ts';
import { requireRole } from '../view/role-link.ts';
import { ignoreAct, sendAct } from './drift-acts.ts';
import { driftView, lanesSummary, REPORT_FILE } from './drift-view.ts';
import { FINDING_ADDRESS } from './finding-parts.ts';
import { findingView } from './finding-view.ts';
import { previewView } from './preview-view.ts';
import { type Offers, readOffer } from './read-offer.ts';
import { findingOf, laneOf, type Readings, readReport, readStored } from './read-report.ts';
import { PREVIEW_ADDRESS } from './resolve-form.ts';

/** A report of a large tenant has megabytes. */
const MAX_READINGS = 5;

/** Reports that were read now, so that the pages of their findings need not read again. */
const readings: Readings = createKept(({ lane, report }) => [lane, report.startedAt], MAX_READINGS);

/** Kept by what is sent: the same changes under the same ticket are the same offer. */
const offers: Offers = createKept(({ offered, ticket, purpose }) => [
  purpose,
  ticket,
  offered.map((one) => one.change),
]);

const driftPage: ConsolePage = {
  path: ADDRESS.drift,
  label: 'Drift',
  async render(context, query) {
    const { configuration } = context.session;
    const lane = laneOf(configuration, query.get('lane'));
    if (lane === undefined) {
      const reports = [];
      for (const one of chooseLanes(configuration, undefined)) reports.push(await readStored(context, one));
      return { title: 'Drift', body: lanesSummary(context, reports) };
    }
    const one = await readReport(context, lane, query, readings);
    const title = `Drift of ${visible(one.tenants.join(', '))}`;
    return { title, body: driftView(context, one, pageOf(query)) };
  },
};

const findingPage: ConsolePage = {
  path: FINDING_ADDRESS,
  async render(context, query) {
    const lane = laneOf(context.session.configuration, requiredField(query, 'lane')) ?? '';
    const id = requiredField(query, 'id');
    const one = await readReport(context, lane, query, readings);
    if (!('report' in one)) return { title: `Finding ${visible(id)}`, body: driftView(context, one, 1) };
    const finding = findingOf(one.report, id);
    const title = `Finding ${id}: ${visible(nameOf(finding.group), 120)}`;
    return { title, body: findingView(context, one, finding) };
  },
};

/**
 * The stored page has a policy and a script of its own. In a sandbox it is no page of the console: it cannot read or press
 * anything here.
 */
const REPORT_POLICY =
  "sandbox allow-scripts allow-popups; default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const reportFile: ConsolePage = {
  path: REPORT_FILE,
  async render({ session }, query) {
    const lane = laneOf(session.configuration, requiredField(query, 'lane')) ?? '';
    const html = await session.reports?.read(latestKeys(lane).html);
    if (html !== undefined) return { title: '', body: NOTHING, document: { html, policy: REPORT_POLICY } };
    const sentence = `No report is stored for ${lane}.`;
    throw new OpsError(
      EXIT.notFound,
      'report-not-found',
      sentence,
      'Open the page Drift: it says when the next one is due.',
    );
  },
};

const NOTHING = html``;

const previewPage: ConsolePage = {
  path: PREVIEW_ADDRESS,
  async render(context, query) {
    requireRole(context, READS_ZPA);
    const preview = await readOffer(context, query);
    const title = preview.offer.purpose === 'accept' ? 'Accept drift' : 'Revert drift';
    return { title, body: previewView(context, preview, offers.keep(preview.offer)) };
  },
};

/** Pages and buttons of drift. */
export const DRIFT: { pages: readonly ConsolePage[]; acts: readonly ConsoleAct[] } = {
  pages: [driftPage, findingPage, reportFile, previewPage],
  acts: [sendAct(offers), ignoreAct],
};
