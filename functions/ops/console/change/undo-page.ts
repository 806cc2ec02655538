import { numberChanges } from '../../../../shared/domain/drift/resolve/number-changes.ts';
import { foreign, type Html, html, time } from '../../../../shared/domain/html/html.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { visible } from '../../../../shared/domain/text/visible-text.ts';
import { checkTicket, ended } from '../../commands/drift/plan-offer.ts';
import { draftUndo, type UndoDraft } from '../../commands/undo/draft-undo.ts';
import { changeYaml } from '../../output/change-yaml.ts';
import { OpsError } from '../../output/exit-codes.ts';
import { type ConsoleContext, type ConsolePage, READS_ZPA } from '../contract.ts';
import { changeAddress } from '../view/change-address.ts';
import { dataAddress, fileName } from '../view/download.ts';
import { errorBody } from '../view/error-body.ts';
import { UNDO } from './next-steps.ts';
import { findShown } from './read-story.ts';

/**
 * Drafts the inverse of an applied change as YAML, under a ticket of its own. Nothing is sent: the ticket has to be approved. It reads
 * ZPA, which takes an operator's rights.
 */
export const undoPage: ConsolePage = {
  path: UNDO,
  async render(context, query) {
    const record = await findShown(context, query);
    const ticket = query.get('ticket')?.trim() || undefined;
    const key = visible(record.ref.idempotencyKey, 120);
    const reason = context.whyNot(READS_ZPA);
    const form = ticketForm(record, ticket, reason);
    if (ticket === undefined || reason !== undefined) return { title: `Undo ${key}`, body: form };
    const approving = checkTicket(ticket);
    return { title: `Undo ${key}`, body: html`${form}${await readDraft(context, record, approving)}` };
  },
};

/** The draft, or why there is none, below the form that asked for it. */
async function readDraft(context: ConsoleContext, record: ChangeRecord, ticket: string): Promise<Html> {
  try {
    return draftView(ticket, await draftUndo(context, [record]));
  } catch (error) {
    if (error instanceof OpsError) return errorBody(error);
    throw error;
  }
}

function ticketForm({ ref }: ChangeRecord, ticket: string | undefined, reason: string | undefined): Html {
  const { source, tenant, idempotencyKey } = ref;
  const hidden = Object.entries({ source, tenant, key: idempotencyKey }).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<p><a href="${changeAddress(ref)}">Back to the change</a></p>
<form class="panel filters" action="${UNDO}">${hidden}<label class="grow">Ticket that approves the undo <input name="ticket" value="${ticket ?? ''}" required maxlength="100" placeholder="CHG0031400"></label>
<span class="buttons"><button${reason !== undefined && html` disabled`}>Draft the undo</button></span>${reason !== undefined && html`<small class="reason">${reason}</small>`}
<p class="hint">The group is read from ZPA, which takes some seconds. The draft is refused where somebody wrote the same since. Nothing is sent.</p></form>`;
}

function draftView(ticket: string, { resolution, names }: UndoDraft): Html {
  const { units, unresolved, notes } = resolution;
  const yaml = numberChanges(units, ticket, 'undo')
    .map(({ change }) => `---\n${changeYaml(change, names)}`)
    .join('');
  const refused = unresolved.map(
    ({ group, reason, remedy }) =>
      html`<p class="warning">${foreign(group, 200)}: not drafted, because ${withTimes(`${ended(reason)} ${remedy}`)}</p>`,
  );
  const said = notes.map((note) => html`<p class="hint">${foreign(note, 1000)}</p>`);
  if (units.length === 0) return html`${refused}${said}`;
  const rows = Math.min(30, Math.max(8, yaml.split('\n').length));
  return html`${refused}${said}<section class="panel"><header><h2>Draft</h2><p class="hint">Send it with <code>zpa-changes submit FILE</code> when the ticket is approved.</p></header>
<textarea id="draft" class="code" readonly rows="${rows}" aria-label="The undo as YAML">${yaml}</textarea>
<div class="buttons"><a download="${fileName(`undo-${ticket}`, 'yaml')}" href="${dataAddress('application/yaml', yaml)}">Download</a>
<button type="button" class="quiet" data-copy="draft" hidden>Copy</button></div></section>`;
}

/** A sentence from outside, whose instants read as elsewhere on the page. */
const withTimes = (text: string): Html =>
  html`${text.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/).map((part, index) => (index % 2 === 1 ? time(part) : foreign(part, 1000)))}`;
