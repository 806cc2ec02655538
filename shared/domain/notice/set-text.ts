import type { ChangeRequest } from '../change/change.ts';
import type { Outcome } from '../outcome/outcome.ts';
import { formatCount } from '../text/sentence.ts';
import type { TicketBlock, TicketText } from '../text/ticket-text.ts';
import { changeTitle, endingOf, outcomeBlocks } from './change-text.ts';
import { type SetResult, setResultOf } from './set-result.ts';

/** One change of a set, as a comment shows it. */
export type SetLine = {
  index: number;
  change: ChangeRequest;
  /** undefined: the change was re-opened and has not ended again. */
  outcome: Outcome | undefined;
  statusUrl: string;
  /** An earlier comment described it in full, so one line is enough. */
  answered: boolean;
};

/** Most changes in a comment; the rest are counted. */
const MOST_LINES = 50;
/** Characters up to which changes are described in full; a comment of Jira has at most 32,767. */
const MOST_TEXT = 15_000;

/** The line that summarises a set: `2 of 3 changes are in effect.` */
export function setSummary(lines: readonly SetLine[], size: number): string {
  const ended = lines.flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]));
  const open = size - ended.length;
  const waiting =
    open === 0 ? '' : ` ${formatCount(open, 'change')} of the set ${open === 1 ? 'has' : 'have'} not ended.`;
  const inEffect = ended.filter(({ kind }) => kind === 'applied' || kind === 'unchanged').length;
  if (open === 0 && size === 1) return SINGLE[setResultOf(ended)];
  if (open === 0 && inEffect === size) return `All ${size} changes are in effect.`;
  if (inEffect === 0 && open === 0) return `None of the ${size} changes is in effect.`;
  return `${inEffect} of ${size} changes ${inEffect === 1 ? 'is' : 'are'} in effect.${waiting}`;
}

const SINGLE: Record<SetResult, string> = {
  all: 'The change is in effect.',
  some: 'The change is in effect.',
  none: 'The change is not in effect.',
};

/** The comment on the ticket: how the set ended, then each change with its outcome and status link. */
export function setText(lines: readonly SetLine[], size: number): TicketText {
  const shown = lines.toSorted((a, b) => a.index - b.index).slice(0, MOST_LINES);
  const left = lines.length - shown.length;
  let room = MOST_TEXT;
  const blocks = shown.flatMap((one) => {
    const full = fullBlocks(one, size);
    const length = JSON.stringify(full).length;
    if (one.answered || one.outcome === undefined || length > room) return [titleOf(one, size)];
    room -= length;
    return full;
  });
  return [
    { kind: 'heading', text: `ZPA segment groups: ${setSummary(lines, size)}` },
    ...blocks,
    ...(left > 0 ? [{ kind: 'line', text: `And ${formatCount(left, 'other change')}.` } as const] : []),
  ];
}

function titleOf({ index, change, outcome }: SetLine, size: number): TicketBlock {
  const place = size === 1 ? '' : `${index}. `;
  const ending = outcome === undefined ? 'tried again, not ended yet' : endingOf(outcome, change);
  const again = outcome !== undefined && outcome.generation > 1 ? ` on try ${outcome.generation}` : '';
  return { kind: 'line', text: `${place}${changeTitle(change, outcome)}: ${ending}${again}.` };
}

function fullBlocks(one: SetLine, size: number): TicketBlock[] {
  return [
    titleOf(one, size),
    ...(one.outcome === undefined ? [] : outcomeBlocks(one.outcome, one.change)),
    { kind: 'link', label: 'Status', url: one.statusUrl },
  ];
}
