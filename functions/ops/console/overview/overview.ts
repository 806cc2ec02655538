import { html } from '../../../../shared/domain/html/html.ts';
import { ADDRESS, type ConsolePage } from '../contract.ts';
import { movesView } from './moves-view.ts';
import { needsView } from './needs-view.ts';
import { readOverview } from './read-overview.ts';
import { reportsView } from './reports-view.ts';

/** Reading many lanes takes longer and costs more. */
const refreshMs = (lanes: number) => (lanes > 20 ? 30_000 : 5000);

/** First what needs a person, then what moves, then how old the knowledge of drift is. */
export const overviewPage: ConsolePage = {
  path: ADDRESS.overview,
  label: 'Overview',
  async render({ session, now }) {
    const overview = await readOverview(session);
    const body = html`${needsView(overview, now())}${movesView(overview)}${reportsView(overview.drift, session.target.driftSchedule, now())}`;
    return { title: 'Overview', body, refreshMs: refreshMs(overview.moving.length + overview.idle) };
  },
};
