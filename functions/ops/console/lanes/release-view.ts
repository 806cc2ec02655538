import { foreign, type Html, html } from '../../../../shared/domain/html/html.ts';
import { formatCount } from '../../../../shared/domain/text/sentence.ts';
import type { WrittenNow } from '../../commands/lanes/read-written.ts';
import type { ReadRelease } from '../../commands/lanes/release-lane.ts';
import { writtenRows } from '../../commands/lanes/show-intent.ts';
import { describeRequest } from '../../output/describe-request.ts';
import { ADDRESS, type ConsoleContext } from '../contract.ts';
import { actForm } from '../view/act-form.ts';
import { addressTo } from '../view/address.ts';
import { shownMark } from '../view/form-fields.ts';
import { when } from './lane-parts.ts';
import { LANE_ACTS } from './lane-view.ts';

/** Marks the groups as they were shown, so that a release by the button of an old page is noticed. */
export const releaseMark = ({ shown }: ReadRelease): string =>
  shownMark(shown.map(({ groups }) => groups.map(({ live, unread }) => [live, unread !== undefined])));

/** Each group of an unconfirmed write before it, as intended and as it lives, and the changes that a release closes. */
export function releaseView(context: ConsoleContext, read: ReadRelease): Html {
  const { lane, shown } = read;
  const records = shown.flatMap((one) => one.records);
  const inputs = html`<label>Reason, for the record and the ticket <input name="reason" required maxlength="500" autocomplete="off"></label>`;
  const confirm = `${formatCount(records.length, 'change')} will be closed as outcome-unknown. This cannot be undone.`;
  const fields = { lane: lane.lane, version: lane.version, shown: releaseMark(read) };
  return html`<p class="hint">A release is for a write that nobody can look up in ZPA any more. If ZPA can be read, the lane settles it by itself. <a href="${addressTo(ADDRESS.lane, { lane: lane.lane })}">Back to the lane</a></p>
${shown.map(({ groups }) => groups.map((group) => groupSection(group, context.now())))}
<section class="panel"><header><h2>Changes that are closed</h2></header><table class="list"><thead><tr><th scope="col">Change</th><th scope="col">Tenant</th><th scope="col">Ticket</th></tr></thead><tbody>${records.map(
    ({ ref, change, ticket }) =>
      html`<tr><td>${foreign(describeRequest(change), 160)}<br><code>${foreign(ref.idempotencyKey)}</code></td><td data-label="Tenant">${foreign(ref.tenant)}</td><td data-label="Ticket">${foreign(ticket.id)}</td></tr>`,
  )}</tbody></table>
${actForm(context, { act: LANE_ACTS.release, fields, label: 'Release', of: lane.lane, inputs, confirm })}</section>`;
}

function groupSection(one: WrittenNow, now: number): Html {
  const { write, before, live, unread } = one;
  const name = write.kind === 'create' ? write.name : (before?.name ?? live?.name ?? write.groupId);
  const rows = writtenRows(one).map(
    ([title = '', was = '', intended = '', is = '']) =>
      html`<tr><th scope="row">${foreign(title)}</th><td data-label="Before">${foreign(was, 500)}</td><td data-label="Intended">${foreign(intended, 500)}</td><td data-label="In ZPA now">${foreign(is, 500)}</td></tr>`,
  );
  return html`<section class="panel"><header><h2>${write.kind} of ${foreign(name)}</h2></header>
<table class="list"><thead><tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col">Intended</th><th scope="col">In ZPA now</th></tr></thead><tbody>${rows}</tbody></table>
${unread !== undefined && html`<p class="warning">It cannot be read from ZPA: ${foreign(unread, 500)}</p>`}
${live?.modifiedTime !== undefined && html`<p class="hint">Last modified ${when(live.modifiedTime * 1000, now)}${live.modifiedBy !== undefined && html` by ${foreign(live.modifiedBy)}`}</p>`}</section>`;
}
