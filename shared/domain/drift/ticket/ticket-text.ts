import { formatCount } from '../../text/sentence.ts';
import type { TicketBlock, TicketText } from '../../text/ticket-text.ts';
import { visible } from '../../text/visible-text.ts';
import { accessWords, differenceWords, nameOf, sinceWords, writerWords } from '../render/finding-words.ts';
import { butFor } from '../render/report-summary.ts';
import { renderWords, type Words } from '../render/words.ts';
import type { DriftReport, Finding } from '../report.ts';
import { openFindingsOf, type TicketStep } from './drift-ticket.ts';

/** Most findings in a text; the rest are counted. A comment of Jira has at most 32,767 characters. */
const MOST_FINDINGS = 30;
const MOST_RULES = 3;

/** The title of a tenant's ticket. */
export const ticketTitle = (tenant: string): string => `ZPA segment groups of ${tenant} differ from their tickets`;

/** Writes what a report says on the ticket of a tenant. */
export function ticketText(report: DriftReport, tenant: string, step: TicketStep): TicketText {
  const open = openFindingsOf(report, tenant);
  const muted = butFor(report.findings.filter(({ group }) => group.tenant === tenant));
  const over = `Nothing ${muted === '' ? '' : 'else '}differs any more, and all was read.`;
  const blocks = step === 'close' ? [line(over)] : findingBlocks(open);
  return [
    { kind: 'heading', text: `ZPA segment groups: ${headingOf(open, muted)}` },
    ...blocks,
    ...closedBlocks(report, tenant),
    ...unreadBlocks(report, tenant),
    line(`The whole report: zpa-changes drift open --tenant ${tenant} --date ${report.startedAt.slice(0, 10)}`),
  ];
}

const line = (text: string): TicketBlock => ({ kind: 'line', text });

function headingOf(open: readonly Finding[], muted: string): string {
  if (open.length === 0) return `everything is as tickets approved it${muted}.`;
  const fresh = open.filter(({ state }) => state === 'new').length;
  return `${formatCount(open.length, 'difference')} from what tickets approved, ${fresh} of them new.`;
}

function findingBlocks(open: readonly Finding[]): TicketBlock[] {
  const shown = open.slice(0, MOST_FINDINGS);
  const left = open.length - shown.length;
  return [
    { kind: 'points', points: shown.map(findingPoint) },
    ...(left > 0 ? [line(`And ${formatCount(left, 'other difference')}.`)] : []),
    line('Decide about each one: zpa-changes drift show ID, then drift accept, drift revert or drift ignore.'),
  ];
}

function findingPoint(finding: Finding): string {
  const { id, state, group, writer, kind } = finding;
  const said: string[] = [differenceWords(finding), accessWords(finding, MOST_RULES), sinceWords(finding)].map(plain);
  const who = plain(writerWords(writer, kind));
  const parts = [...said, ...(who === '' ? [] : [who])].filter((part) => part !== '');
  return `${id} (${state}) "${visible(nameOf(group), 80)}": ${parts.join('; ')}`;
}

const plain = (text: Words) => renderWords(text, (foreign) => `"${visible(foreign, 80)}"`);

function closedBlocks(report: DriftReport, tenant: string): TicketBlock[] {
  const closed = report.closed.filter((one) => one.tenant === tenant);
  if (closed.length === 0) return [];
  const points = closed.slice(0, MOST_FINDINGS).map(({ id, group, by }) => {
    const how = by === undefined ? '' : `, by ${visible(by.key, 80)}`;
    return `${id} "${visible(nameOf(group), 80)}"${how}`;
  });
  return [line('Closed since the last report:'), { kind: 'points', points }];
}

function unreadBlocks({ notChecked }: DriftReport, tenant: string): TicketBlock[] {
  const unread = notChecked.filter((one) => one.tenant === tenant);
  if (unread.length === 0) return [];
  const points = unread.slice(0, MOST_FINDINGS).map(({ code, reason }) => `${code}: ${visible(reason)}`);
  return [line('Could not be read, so nothing is said about it:'), { kind: 'points', points }];
}
