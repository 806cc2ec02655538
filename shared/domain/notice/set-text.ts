import type { ChangeRequest } from '../change/change.ts';
import { REJECTIONS } from '../change/rejection-codes.ts';
import type { Outcome } from '../outcome/outcome.ts';
import { formatCount } from '../text/sentence.ts';
import type { TicketBlock, TicketText } from '../text/ticket-text.ts';
import { shownText } from './effect-text.ts';
import { impactBlocks } from './impact-blocks.ts';
import { type SetResult, setResultOf } from './set-result.ts';
import { changeCell, groupOf, placeOf, resultCell } from './set-row.ts';

/** One change of a set, as a comment shows it. */
export type SetLine = {
  index: number;
  change: ChangeRequest;
  /** undefined: the change was re-opened and has not ended again. */
  outcome: Outcome | undefined;
  statusUrl: string;
};

/**
 * The line that summarises a set: `3 of 5 changes are live; 2 need your attention.` `lines` are the changes that are known. The
 * others have not finished, unless `othersMayHave`: where nobody keeps the ends of a set, a page knows its own change alone.
 */
export function setSummary(
  lines: readonly Pick<SetLine, 'outcome'>[],
  size: number,
  { othersMayHave = false } = {},
): string {
  const ended = lines.flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]));
  const unknown = othersMayHave ? size - lines.length : 0;
  const open = size - ended.length - unknown;
  const count = (...kinds: Outcome['kind'][]) => ended.filter(({ kind }) => kinds.includes(kind)).length;
  const live = count('applied', 'unchanged');
  if (open === 0 && unknown === 0 && size === 1) return SINGLE[setResultOf(ended)];
  if (live === size) return `All ${size} changes are live in ZPA.`;
  const parts = [
    ...liveOf(live, size, unknown),
    ...attention(count('rejected')),
    ...(count('cancelled') === 0 ? [] : [`${count('cancelled')} ${wasOrWere(count('cancelled'))} cancelled`]),
    ...(count('superseded') === 0 ? [] : [`${count('superseded')} ${wasOrWere(count('superseded'))} replaced`]),
    ...(open === 0 ? [] : [`${open} ${areOrIs(open)} not finished`]),
    ...(unknown === 0 ? [] : [`${unknown} ${areOrIs(unknown)} not finished, or not known here`]),
  ];
  return `${parts.join('; ')}.`;
}

function liveOf(live: number, size: number, unknown: number): string[] {
  if (live > 0) return [`${live} of ${size} changes ${areOrIs(live)} live`];
  return unknown > 0 ? [] : [`None of the ${size} changes is live`];
}

const SINGLE: Record<SetResult, string> = {
  all: 'The change is live in ZPA.',
  some: 'The change is live in ZPA.',
  none: 'The change is not live in ZPA.',
};

const areOrIs = (count: number) => (count === 1 ? 'is' : 'are');
const wasOrWere = (count: number) => (count === 1 ? 'was' : 'were');
const attention = (count: number) => (count === 0 ? [] : [`${count} ${count === 1 ? 'needs' : 'need'} your attention`]);

/** The comment on the ticket: how the set ended, a table of its changes, what is to be known about them, and the page. */
export function setText(lines: readonly SetLine[], size: number): TicketText {
  const sorted = lines.toSorted((a, b) => a.index - b.index);
  const places = [...new Set(sorted.map(({ change }) => placeOf(change)))];
  const [place] = places;
  const column = places.length === 1 && place !== undefined ? `Segment group in ${place}` : 'Segment group';
  const left = sorted.length - MOST_ROWS;
  const rows = sorted
    .slice(0, MOST_ROWS)
    .map((one) => [
      `${groupOf(one)}${places.length > 1 ? ` in ${placeOf(one.change)}` : ''}`,
      shownText(changeCell(one), MOST_CELL),
      shownText(resultCell(one), MOST_CELL),
    ]);
  return [
    { kind: 'heading', text: setSummary(sorted, size) },
    { kind: 'table', columns: [column, 'Change', 'Result'], rows },
    ...(left > 0 ? [line(`… ${formatCount(left, 'more row')}, see the page.`)] : []),
    ...noteBlocks(sorted),
    ...pageLink(sorted, size),
  ];
}

/** The most edits of others that are told; the pages have all. */
const EDITS_SHOWN = 10;

/** The most rows of a comment; the page has all. */
const MOST_ROWS = 100;

/** The longest cell, in bytes; the page has all. */
const MOST_CELL = 1800;

/** Writes the notes that are said once about all changes. */
function noteBlocks(lines: readonly SetLine[]): TicketBlock[] {
  const kinds = new Set(lines.map(({ outcome }) => outcome?.kind));
  const impacts = lines.flatMap((one) =>
    one.outcome !== undefined && 'reach' in one.outcome && one.change.action !== 'accept'
      ? [{ group: groupOf(one), reach: one.outcome.reach }]
      : [],
  );
  return [
    ...impactBlocks(impacts, { asOf: false }),
    ...overtakenBlocks(lines),
    ...(lines.some(isForRequester) ? [line(TRY_AGAIN)] : []),
    ...(kinds.has('cancelled') || kinds.has('superseded')
      ? [line('What was cancelled or replaced comes back with a new approval only.')]
      : []),
  ];
}

const TRY_AGAIN = 'To try again, correct the ticket and have it approved again, or open a new one.';

/** True if the person who asked can do something about the rejection. */
const isForRequester = ({ outcome }: SetLine) =>
  outcome?.kind === 'rejected' && REJECTIONS[outcome.code].owner === 'requester';

function overtakenBlocks(lines: readonly SetLine[]): TicketBlock[] {
  const edits = lines.flatMap((one) =>
    one.outcome?.kind === 'applied' ? one.outcome.overtaken.map((edit) => ({ one, edit })) : [],
  );
  if (edits.length === 0) return [];
  const points = edits
    .slice(0, EDITS_SHOWN)
    .map(({ one, edit }) => `${groupOf(one)}: ${shownText(edit.field)} is now "${shownText(edit.found)}"`);
  const left = edits.length - points.length;
  return [
    line('Edited by somebody else right after the change, and left as it is:'),
    { kind: 'points', points: left > 0 ? [...points, `And ${left} more.`] : points },
  ];
}

/** The page of the first change that needs attention; it leads to the others. */
function pageLink(lines: readonly SetLine[], size: number): TicketBlock[] {
  const first = lines.find(({ outcome }) => outcome?.kind === 'rejected') ?? lines[0];
  if (first === undefined) return [];
  const label = size === 1 ? 'Status page' : `Status page of the ${formatCount(size, 'change')}`;
  return [{ kind: 'link', label, url: first.statusUrl }];
}

const line = (text: string): TicketBlock => ({ kind: 'line', text });
