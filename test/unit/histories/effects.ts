import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { Ending } from '../../../shared/domain/records/intent.ts';
import { type Chronicle, type Effect, type Settle, unitOf } from './chronicle.ts';

/** Questions the judges share about what took effect. */

/** A reader sees a difference. */
export const changedAnything = ({ before, after }: Effect): boolean => contentText(before) !== contentText(after);

const contentText = (group: Effect['before']) =>
  group && JSON.stringify([group.name, group.description, group.enabled, group.applicationIds]);

/** It changed something it was meant to change; besides, it may have overwritten an edit within its window. */
export function isEffective(effect: Effect): boolean {
  const { write, before, after, intent } = effect;
  const planned = intent?.writes[intent.cursor]?.before;
  if (write.kind !== 'update' || before === undefined || after === undefined || planned == null) {
    return changedAnything(effect);
  }
  const fields = (['name', 'description', 'enabled'] as const).filter((one) => write.fields[one] !== planned[one]);
  const moved = [...write.addedApps, ...write.deletedApps];
  const isIn = (group: SegmentGroup, id: string) => group.applicationIds.includes(id);
  return fields.some((one) => before[one] !== after[one]) || moved.some((id) => isIn(before, id) !== isIn(after, id));
}

/** The state that a write was meant to bring about holds afterwards, also if another edit came first: ZPA carried it out. */
export function isAsMeant({ write, after, intent }: Effect): boolean {
  if (write.kind !== 'update') return write.kind === 'create' || after === undefined;
  const planned = intent?.writes[intent.cursor]?.before;
  if (after === undefined || planned == null) return false;
  const fields = (['name', 'description', 'enabled'] as const).filter((one) => write.fields[one] !== planned[one]);
  const members = new Set(after.applicationIds);
  return (
    fields.every((one) => after[one] === write.fields[one]) &&
    write.addedApps.every((id) => members.has(id)) &&
    !write.deletedApps.some((id) => members.has(id))
  );
}

/** A created group was deleted at the console before the ledger held its id: ZPA keeps nothing of it. */
export function wasUndoneUnseen({ edits, createdIds }: Chronicle, effect: Effect, until: number): boolean {
  const { at: from, groupId, write } = effect;
  if (write.kind !== 'create' || createdIds.has(groupId)) return false;
  return edits.some(({ at, left }) => from <= at && at <= until && left.has(groupId) && !left.get(groupId));
}

/** Processes ended often enough for a change to count as one that ends the worker. */
export const mayHaveCrashed = ({ mishaps }: Chronicle): boolean =>
  mishaps.filter(({ kind }) => kind !== 'fail' && kind !== 'fail-after').length >= TIMING.crashStrikes;

/** A console edit was made between these instants: the state that a read showed may have been overtaken. */
export const editedBetween = (chronicle: Chronicle, from: number, to: number): boolean =>
  chronicle.edits.some(({ at }) => from <= at && at <= to);

/** The writes that carried this unit as one that applies. */
export const effectsOf = (chronicle: Chronicle, { unit }: Pick<Settle, 'unit'>): Effect[] =>
  carriersOf(chronicle, unit, (ending) => ending.kind === 'applied');

/** The writes in whose intent this unit was, with any result. */
export const carriersOf = (
  chronicle: Chronicle,
  unit: string,
  as: (ending: Ending) => boolean = () => true,
): Effect[] =>
  chronicle.effects.filter(({ intent }) =>
    intent?.members.some(({ ref, generation, ending }) => as(ending) && unitOf(ref, generation) === unit),
  );

/** The effective writes of the step in which a unit was settled, with any outcome. */
export function stepWritesOf(chronicle: Chronicle, { unit, outcome }: Settle): Effect[] {
  const carriers = carriersOf(chronicle, unit);
  const last = carriers.findLast(isEffective)?.intent?.writeId;
  if (last === undefined || (outcome.kind === 'applied' && outcome.writeId !== last)) return [];
  return carriers.filter((one) => isEffective(one) && one.intent?.writeId === last);
}

/** The time at which a unit took place: with the first write of its step, or else with its outcome. */
export function placeOf(chronicle: Chronicle, settle: Settle): number {
  return stepWritesOf(chronicle, settle)[0]?.at ?? settle.at;
}

/**
 * A write is decided on a read no older than the calls in between take: before the first write of a move these are the reads
 * of its other groups, before a later one none. The worker waits for no budget, and for nothing else, in this window.
 */
export const longestWindowMs = ({ intent }: Effect): number =>
  500 + (intent === undefined || intent.cursor > 0 ? 0 : intent.writes.length - 1) * 300;
