import { refKey } from '../../../shared/domain/lane/change-ref.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import type { Chronicle, Effect, Settle, Unit } from './chronicle.ts';
import { carriersOf, isEffective, wasUndoneUnseen } from './effects.ts';
import type { Scene } from './scene.ts';

/** A step that began in its time may end a whole invocation later. */
const STEP_MS = 60_000;

/** No change runs before its time, after it, in a freeze, once cancelled, or after a change of its set that ends the set. */
export function judgeTurn({ chronicle, history }: Pick<Scene, 'chronicle' | 'history'>): string[] {
  const frozen = history.freezes.map(({ atMs, forMs }) => ({
    from: TEST_START + atMs,
    until: TEST_START + atMs + forMs,
  }));
  const isFrozen = ({ sentAt }: Effect) => frozen.some(({ from, until }) => from + STEP_MS < sentAt && sentAt < until);
  return [
    ...chronicle.effects
      .filter((one) => isBeginning(one) && isFrozen(one))
      .map(({ write }) => `a ${write.kind} in a freeze`),
    ...chronicle.settles.flatMap((settle) => breachesOf(chronicle, settle).map((breach) => `${settle.unit} ${breach}`)),
  ];
}

/** The worker ends a begun change, and compensates it if need be, at any time. */
const isBeginning = ({ intent }: Effect) => intent?.cursor === 0 && intent.takingBack === undefined;

function breachesOf(chronicle: Chronicle, settle: Settle): string[] {
  const { unit, change, outcome, at } = settle;
  const opens = change.notBefore === undefined ? 0 : Date.parse(change.notBefore);
  const closes = change.notAfter === undefined ? Number.POSITIVE_INFINITY : Date.parse(change.notAfter);
  const sent = carriersOf(chronicle, unit)
    .filter(isBeginning)
    .map(({ sentAt }) => sentAt);
  const breaches: string[] = [];
  if (sent.some((one) => one < opens)) breaches.push('was written before its time');
  if (sent.some((one) => one > closes + STEP_MS)) breaches.push('was written after its time');
  if (outcome.kind === 'cancelled') {
    if (!chronicle.cancels.includes(unit)) breaches.push('was asked back by nobody');
    const stands = (one: Effect) => isEffective(one) && !wasUndoneUnseen(chronicle, one, at);
    if (carriersOf(chronicle, unit).some(stands)) breaches.push('is cancelled and took effect');
  }
  if (outcome.kind === 'rejected' && outcome.code === 'window-closed' && at < closes) breaches.push('was closed early');
  const stopped = outcome.kind === 'rejected' && outcome.code === 'not-attempted';
  if (stopped && rejectedBefore(chronicle, settle, settle.takenUpAt) === undefined)
    breaches.push('was stopped by nothing');
  // The worker reads its set once it has named the change: one that is redriven in between may stop it or not.
  const cause = rejectedBefore(chronicle, settle, at);
  if ((outcome.kind === 'applied' || outcome.kind === 'unchanged') && cause !== undefined)
    breaches.push(`was not stopped by ${cause}`);
  return breaches;
}

/** An earlier member of a set that stops, which was rejected when this one was last named, and not redriven before `until`. */
function rejectedBefore(
  { settles, reopened }: Chronicle,
  { change, takenUpAt, ref }: Settle,
  until: number,
): string | undefined {
  const { changeSet: set } = change;
  if (set?.onReject !== 'stop') return undefined;
  const isBefore = ({ changeSet: other }: Settle['change']) => other?.id === set.id && other.index < set.index;
  const earlier = settles.filter((one) => one.at < takenUpAt && isBefore(one.change));
  const latest = new Map(earlier.map((one) => [refKey(one.ref), one]));
  latest.delete(refKey(ref));
  const isReopened = (unit: Unit) => (reopened.get(unit) ?? until) < until;
  return [...latest.values()].find(({ outcome, unit }) => outcome.kind === 'rejected' && !isReopened(unit))?.unit;
}
