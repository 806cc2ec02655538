import { type ChangeRef, refKey } from '../../../shared/domain/lane/change-ref.ts';
import { outcomeWord } from '../../../shared/domain/outcome/outcome-word.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { lastAt } from '../output/change-table.ts';
import { nameOf } from '../output/describe-request.ts';

/** The outcomes by which changes are chosen; `scheduled` ones are open too. */
export const OUTCOMES = ['open', 'scheduled', 'applied', 'unchanged', 'rejected', 'cancelled', 'superseded'] as const;
export type ChosenOutcome = (typeof OUTCOMES)[number];

/** The same in the words of people. */
export const OUTCOME_WORDS = OUTCOMES.map(outcomeWord);

/** The outcome that is meant by the word of people, or by the name that JSON has for it. */
export const outcomeNamed = (text: string): ChosenOutcome | undefined =>
  OUTCOMES.find((one) => one === text || outcomeWord(one) === text);

/** The part of a change by which it is chosen and ordered, small enough to keep a hundred thousand of them. */
export type ChangeRow = {
  ref: ChangeRef;
  version: number;
  ticket: string;
  /** Its group as asked for, the group's id, and its names before and after, each on a line, as `foldText` writes them. */
  groups: string;
  /** `open`: and not scheduled. */
  outcome: ChosenOutcome;
  /** The time at which it was settled, or accepted while it is open, in epoch ms. */
  at: number;
  sequence: number;
};

export function rowOf(record: ChangeRecord): ChangeRow {
  const { ref, version, ticket, sequence } = record;
  return {
    ref,
    version,
    ticket: ticket.id,
    groups: foldText(groupsOf(record).join('\n')),
    outcome: outcomeOf(record),
    at: lastAt(record),
    sequence,
  };
}

function outcomeOf({ state, outcome }: ChangeRecord): ChosenOutcome {
  if (state === 'settled' && outcome !== undefined) return outcome.kind;
  return state === 'scheduled' ? 'scheduled' : 'open';
}

export const isOpenRow = ({ outcome }: Pick<ChangeRow, 'outcome'>): boolean =>
  outcome === 'open' || outcome === 'scheduled';

/** A text as it is compared: in one form of Unicode, in lower case. */
export const foldText = (text: string): string => text.normalize().toLowerCase();

/** The group of a change as it was asked for, its id, and its names before and after, each once. */
function groupsOf({ change, outcome }: ChangeRecord): string[] {
  const asked = nameOf(change.group);
  if (outcome?.kind !== 'applied' && outcome?.kind !== 'unchanged') return [asked];
  const { groupId, before, after } = outcome.effect;
  const all = [asked, groupId, before?.name, after?.name];
  return [...new Set(all.filter((text) => text !== undefined))];
}

/** Newest first. The keys order changes of one instant, so that a page begins where the one before it ended. */
export const newestFirst = (a: ChangeRow, b: ChangeRow): number =>
  b.at - a.at || b.sequence - a.sequence || (refKey(a.ref) < refKey(b.ref) ? -1 : 1);
