import { isDeepStrictEqual } from 'node:util';
import { refKey } from '../../../shared/domain/lane/change-ref.ts';
import { unitOf } from './chronicle.ts';
import { concernedKeys } from './judge-liveness.ts';
import { hasNoEnd } from './lasting-fault.ts';
import type { Played } from './play-history.ts';

/** Nothing accepted is lost: one outcome per change and generation, announced, nothing owed, nothing made up. */
export function judgeConservation({ scene, taken }: Played): string[] {
  const { chronicle, truth, outcomes, failures } = scene;
  const breaches: string[] = [];
  const records = new Map(
    truth.allChanges().flatMap((record) => (record.ref.lane === scene.lane ? [[refKey(record.ref), record]] : [])),
  );
  for (const key of taken) {
    if (![...records.values()].some(({ ref }) => ref.idempotencyKey === key))
      breaches.push(`${key} was accepted and lost`);
  }
  const units = new Set<string>();
  const endless = hasNoEnd(scene.history) ? concernedKeys(scene) : new Set<string>();
  for (const [key, { ref, generation, state, pending, history }] of records) {
    if (endless.has(ref.idempotencyKey)) continue;
    if (state !== 'settled' || pending.length > 0) breaches.push(`${key} is ${state} and owes ${pending.join()}`);
    if (history.length !== generation - 1)
      breaches.push(`${key} remembers ${history.length} of ${generation - 1} outcomes`);
    for (let n = 1; n < generation; n += 1) {
      if (!chronicle.redrives.includes(unitOf(ref, n))) breaches.push(`${unitOf(ref, n)} was re-opened by nobody`);
    }
    for (let n = 1; n <= generation; n += 1) units.add(unitOf(ref, n));
  }
  for (const unit of units)
    if (!chronicle.settles.some((one) => one.unit === unit)) breaches.push(`${unit} has no outcome`);
  for (const { unit, ref, generation, outcome } of chronicle.settles) {
    if (endless.has(ref.idempotencyKey)) continue;
    if (!units.has(unit)) breaches.push(`${unit} was settled and never opened`);
    const isOne = (one: { ref: typeof ref | null; generation: number }) =>
      one.ref !== null && one.generation === generation && refKey(one.ref) === refKey(ref);
    const notices = outcomes.published.filter(isOne);
    if (notices.length === 0) breaches.push(`${unit} was not announced`);
    if (notices.some((one) => !isDeepStrictEqual(one.outcome, outcome)))
      breaches.push(`${unit} was announced otherwise`);
    const failed = failures.sent.some(isOne);
    if (failed !== (outcome.kind === 'rejected')) breaches.push(`${unit} is ${outcome.kind}, dead-lettered: ${failed}`);
  }
  return breaches;
}
