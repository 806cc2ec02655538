import { refKey } from '../../../shared/domain/lane.ts';
import type { Chronicle, Settle, Unit } from './chronicle.ts';
import { carriersOf, isEffective } from './effects.ts';

/** A step that began in its time may end a whole invocation later. */
const STEP_MS = 60_000;

/** Nothing before its time, after it, asked back, or after a change of its set that it was not to survive. */
export function judgeTurn(chronicle: Chronicle): string[] {
  return chronicle.settles.flatMap((settle) =>
    breachesOf(chronicle, settle).map((breach) => `${settle.unit} ${breach}`),
  );
}

function breachesOf(chronicle: Chronicle, settle: Settle): string[] {
  const { unit, change, outcome, at } = settle;
  const opens = change.notBefore === undefined ? 0 : Date.parse(change.notBefore);
  const closes = change.notAfter === undefined ? Number.POSITIVE_INFINITY : Date.parse(change.notAfter);
  // What is begun is brought to an end, and taken back if need be, at any time.
  const begun = carriersOf(chronicle, unit).filter(({ intent }) => intent?.cursor === 0 && !intent.takingBack);
  const sent = begun.map(({ sentAt }) => sentAt);
  const breaches: string[] = [];
  if (sent.some((one) => one < opens)) breaches.push('was written before its time');
  if (sent.some((one) => one > closes + STEP_MS)) breaches.push('was written after its time');
  if (outcome.kind === 'cancelled') {
    if (!chronicle.cancels.includes(unit)) breaches.push('was asked back by nobody');
    if (carriersOf(chronicle, unit).some(isEffective)) breaches.push('is cancelled and took effect');
  }
  if (outcome.kind === 'rejected' && outcome.code === 'window-closed' && at < closes) breaches.push('was closed early');
  const stopped = outcome.kind === 'rejected' && outcome.code === 'not-attempted';
  const cause = rejectedBefore(chronicle, settle);
  if (stopped && cause === undefined) breaches.push('was stopped by nothing');
  if ((outcome.kind === 'applied' || outcome.kind === 'unchanged') && cause !== undefined)
    breaches.push(`was not stopped by ${cause}`);
  return breaches;
}

/** An earlier member of a set that stops which stood rejected when this one was taken up. */
function rejectedBefore({ settles, redrives }: Chronicle, { change, takenUpAt, ref }: Settle): string | undefined {
  const { changeSet: set } = change;
  if (set?.onReject !== 'stop') return undefined;
  const earlier = settles.filter((one) => one.at < takenUpAt && (one.change.changeSet?.index ?? set.index) < set.index);
  const latest = new Map(earlier.map((one) => [refKey(one.ref), one]));
  latest.delete(refKey(ref));
  const isReopened = (unit: Unit) => redrives.some((one) => one.unit === unit && one.at < takenUpAt);
  return [...latest.values()].find(({ outcome, unit }) => outcome.kind === 'rejected' && !isReopened(unit))?.unit;
}
