import type { ChangeRequest } from '../change/change.ts';
import type { Outcome } from '../outcome/outcome.ts';
import { formatCount } from '../text/sentence.ts';
import type { TicketBlock, TicketText } from '../text/ticket-text.ts';
import { changeTitle, endingOf, outcomeBlocks } from './change-text.ts';
import { type SetResult, setResultOf } from './set-result.ts';

/** One change of the set, as it stands. */
export type SetLine = {
  index: number;
  change: ChangeRequest;
  /** undefined: it was re-opened and has not ended again. */
  outcome: Outcome | undefined;
  statusUrl: string;
  /** It was told before, with all that happened: one line is enough now. */
  told: boolean;
};

/** Changes shown at all; the rest are counted. */
const MOST_LINES = 50;
/** Characters up to which changes are shown with all that happened; a comment of Jira holds 32,767. */
const MOST_TEXT = 15_000;

/** `2 of 3 changes are in effect.`: the line that stands for all the others. */
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

/** What is said on the ticket: how it ended, then each change with what happened to it and where to look. */
export function setText(lines: readonly SetLine[], size: number): TicketText {
  const shown = lines.toSorted((a, b) => a.index - b.index).slice(0, MOST_LINES);
  const left = lines.length - shown.length;
  let room = MOST_TEXT;
  const blocks = shown.flatMap((one) => {
    const whole = fullBlocks(one, size);
    const length = JSON.stringify(whole).length;
    if (one.told || one.outcome === undefined || length > room) return [titleOf(one, size)];
    room -= length;
    return whole;
  });
  return [
    { kind: 'heading', text: `ZPA segment groups: ${setSummary(lines, size)}` },
    ...blocks,
    ...(left > 0 ? [{ kind: 'line', text: `And ${formatCount(left, 'other change')}.` } as const] : []),
  ];
}

function titleOf({ index, change, outcome }: SetLine, size: number): TicketBlock {
  const place = size === 1 ? '' : `${index}. `;
  const ending = outcome === undefined ? 'tried again, not ended yet' : endingOf(outcome);
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
