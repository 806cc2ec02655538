import { type Html, html } from '../../../html/html.ts';
import type { ClosedFinding, DriftReport, NotChecked, UnmanagedGroup } from '../../report.ts';
import {
  approvalWords,
  facetWords,
  nameOf,
  PATTERNS,
  unmanagedText,
  unreadSinceWords,
  writerWords,
} from '../finding-words.ts';
import { foreign, markup, type Row, tableSection } from './markup.ts';

/** The parts of the tenants about which the report says nothing. */
export function notCheckedSection({ notChecked }: DriftReport): Html | undefined {
  const note = html`<p class="quiet">Nothing is said about these groups, neither that they are right nor that they differ.</p>`;
  return tableSection(
    { id: 'not-checked', title: 'Not checked', note },
    { head: ['Where', 'Reason', 'Managed groups', 'Since'], list: notChecked, toRow: notCheckedRow },
  );
}

function notCheckedRow(unread: NotChecked): Row {
  const { tenant, microtenantId, groupId, code, reason, groups } = unread;
  const part = [
    ...(microtenantId === undefined ? [] : [html`, microtenant ${foreign(microtenantId)}`]),
    ...(groupId === undefined ? [] : [html`, group ${foreign(groupId)}`]),
  ];
  return [
    html`${foreign(tenant)}${part}`,
    html`${foreign(reason)} <code>${foreign(code)}</code>`,
    html`${groups}`,
    markup(unreadSinceWords(unread)),
  ];
}

/** The findings of the last report that are no more. */
export function closedSection({ closed }: DriftReport): Html | undefined {
  return tableSection(
    { id: 'closed', title: 'Closed since the last report' },
    { head: ['Group', 'Difference', 'Closed by', 'Finding'], list: closed, toRow: closedRow },
  );
}

function closedRow({ id, group, kind, facet, by }: ClosedFinding): Row {
  return [
    foreign(nameOf(group)),
    facet === 'exists' ? html`${kind}` : html`${markup(facetWords(facet))} ${kind}`,
    by === undefined ? html`no change: put right in ZPA` : markup(approvalWords(by)),
    html`<code>${id}</code>`,
  ];
}

/** Live groups that no ticket touched. */
export function unmanagedSection({ unmanaged, coverage }: DriftReport): Html | undefined {
  const note = html`<p class="quiet">No ticket approved these groups, so nothing is compared. <code class="command">zpa-changes drift baseline</code> brings them under tickets.</p>`;
  return tableSection(
    { id: 'unmanaged', title: 'Unmanaged groups', note },
    {
      head: ['Group', 'State', 'Pattern', 'Last writer'],
      list: unmanaged,
      toRow: unmanagedRow,
      count: Math.max(unmanaged.length, coverage.unmanaged),
    },
  );
}

function unmanagedRow(group: UnmanagedGroup): Row {
  const microtenant = group.microtenantId === '0' ? undefined : html`, microtenant ${foreign(group.microtenantId)}`;
  return [
    html`${foreign(group.name)} <small>id ${foreign(group.id)}${microtenant}</small>`,
    html`${unmanagedText(group)}`,
    html`${PATTERNS[group.pattern]}`,
    markup(writerWords(group.writer)),
  ];
}
