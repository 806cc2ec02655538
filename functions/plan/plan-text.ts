import type { MappingFault } from '../../shared/domain/mapping/mapping-fault.ts';
import { shownText } from '../../shared/domain/notice/effect-text.ts';
import { impactBlocks } from '../../shared/domain/notice/impact-blocks.ts';
import { requesterStep } from '../../shared/domain/outcome/requester-step.ts';
import { fitsInJira } from '../../shared/domain/text/jira-adf.ts';
import { asSentence, formatCount } from '../../shared/domain/text/sentence.ts';
import { fitsInJournal } from '../../shared/domain/text/servicenow-journal.ts';
import type { TicketBlock, TicketText } from '../../shared/domain/text/ticket-text.ts';
import { isWholeRow, kindOf, nameOf, planColumns, planRow } from './plan-row.ts';
import type { PlannedLine, Progress } from './planned-line.ts';

/** The most changes shown; the rest is counted. */
const CHANGES_SHOWN = 20;

/** A plan as a comment. `shown`: how many of its changes, from the first one on, have a row that no ticket system cuts. */
export type PlanComment = { text: TicketText; shown: number };

/** Writes the plan as a comment. `more`: the announcement of another comment, if this one is early. */
export function planText(progress: Progress, more?: string): PlanComment {
  for (let shown = Math.min(progress.lines.length, CHANGES_SHOWN); shown > 0; shown -= 1) {
    const text = textOf(progress, shown, more);
    if (fitsInJournal(text) && fitsInJira(text, LONGEST_MARKER)) return { text, shown };
  }
  return { text: textOf(progress, Math.min(1, progress.lines.length), more), shown: 0 };
}

/** Room for the line by which the comment is known again. */
const LONGEST_MARKER = 'x'.repeat(120);

/** True if the comment tells all of this line: its row, and in it each application that joins or leaves. */
export function isShown(line: PlannedLine, index: number, { shown }: PlanComment): boolean {
  return index < shown && isWholeRow(line);
}

function textOf({ lines, total }: Progress, shown: number, more: string | undefined): TicketText {
  const rows = lines.slice(0, shown);
  const columns = planColumns(lines);
  const left = lines.length - shown;
  return [
    { kind: 'heading', text: headline(lines, total) },
    line('This is a plan, made before approval: nothing has been changed.'),
    ...(rows.length === 0
      ? []
      : [{ kind: 'table', ...columns, rows: rows.map((one) => planRow(one, columns)) } as const]),
    ...(left > 0 ? [line(`… and ${formatCount(left, 'more change')}, counted above and not shown.`)] : []),
    ...(lines.length < total ? [line(unreadWords(total - lines.length, total))] : []),
    ...noteBlocks(lines),
    ...(more === undefined ? [] : [line(more)]),
    ...closingBlocks(lines, total),
  ];
}

const unreadWords = (unread: number, total: number) =>
  total === 1
    ? 'The change is still to be read.'
    : `${unread} of ${total} changes ${unread === 1 ? 'is' : 'are'} still to be read.`;

/** Writes the notes about all changes once: their policy impact, and what guards and mode of a tenant will say. */
function noteBlocks(lines: readonly PlannedLine[]): TicketBlock[] {
  const planned = lines.filter((one) => one.kind === 'planned');
  const known = planned.flatMap((one) => {
    const { decision } = one.planned;
    return decision.kind === 'write' && !one.awaitsReach ? [{ group: nameOf(one), reach: decision.reach }] : [];
  });
  const notes = Map.groupBy(
    planned.flatMap((one) => one.notes.map((note) => ({ note, group: nameOf(one) }))),
    ({ note }) => note,
  );
  return [
    ...impactBlocks(known, { asOf: true }),
    ...(planned.some(({ awaitsReach }) => awaitsReach) ? [line('Policy impact: still being read.')] : []),
    ...[...notes].map(([note, all]) => line(`But${whose(all, planned.length)}: ${asSentence(note)}`)),
  ];
}

/** The most groups that a note names; no ticket system cuts the note after them. */
const GROUPS_NAMED = 5;

/** Names the groups that a note is about, unless it is about all there are. */
function whose(noted: readonly { group: string }[], all: number): string {
  if (noted.length === all) return '';
  const left = noted.length - GROUPS_NAMED;
  const groups = noted.slice(0, GROUPS_NAMED).map(({ group }) => shownText(group, 255));
  return ` for ${groups.join(', ')}${left > 0 ? ` and ${formatCount(left, 'other')}` : ''}`;
}

function closingBlocks(lines: readonly PlannedLine[], total: number): TicketBlock[] {
  const planned = lines.filter((one) => one.kind === 'planned');
  const refused = planned.filter(({ planned: { decision } }) => decision.kind === 'rejected').length;
  if (refused === total) return [line(NOTHING)];
  return planned.some(({ binding }) => binding !== undefined) ? [line(PROMISE)] : [];
}

const NOTHING = 'None of this would be applied: correct the ticket before it is approved.';

const PROMISE =
  'An approval of the ticket approves this plan. If a name means something else when a change is applied, or the change would ' +
  'open more access than shown here, that change is rejected as plan-outdated.';

const line = (text: string): TicketBlock => ({ kind: 'line', text });

function headline(lines: readonly PlannedLine[], total: number): string {
  const kinds = lines.map(kindOf);
  const parts = (['write', 'recorded', 'unchanged', 'rejected', 'open'] as const).flatMap((kind) => {
    const count = kinds.filter((one) => one === kind).length;
    return count === 0 ? [] : [`${count} ${WORDS[kind]}`];
  });
  return `Plan of ${formatCount(total, 'change')}: ${parts.length === 0 ? 'being made' : parts.join(', ')}`;
}

const WORDS: Record<ReturnType<typeof kindOf>, string> = {
  write: 'would be applied',
  recorded: 'would be recorded as approved',
  unchanged: 'would change nothing',
  rejected: 'would be rejected',
  open: 'not known yet',
};

/** Writes the faults of the mapping as a comment: the ticket would be refused as a whole. */
export function faultText(faults: readonly Pick<MappingFault, 'code' | 'sentence' | 'remedy'>[]): TicketText {
  const points = faults.slice(0, CHANGES_SHOWN).map((fault) => `${asSentence(fault.sentence)} ${requesterStep(fault)}`);
  const rest = faults.length - points.length;
  return [
    { kind: 'heading', text: 'Plan: this ticket would be refused' },
    line('It cannot be read as changes of segment groups. Nothing has been changed.'),
    { kind: 'points', points: rest > 0 ? [...points, `and ${rest} more`] : points },
  ];
}
