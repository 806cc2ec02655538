import type { Chronicle, Settle } from './chronicle.ts';
import { carriersOf, editedBetween, effectsOf, isAsMeant, isEffective, longestWindowMs } from './effects.ts';

/** Effect at most once, and never after the outcome; `applied` only with its effect; a window as short as promised. */
export function judgeEffects(chronicle: Chronicle): string[] {
  const { settles, effects } = chronicle;
  const late = effects
    .filter((one) => one.write.kind !== 'create' && one.sentAt - one.readAt > longestWindowMs(one))
    .map(
      ({ write, sentAt, readAt }) =>
        `a ${write.kind} was decided on a read ${readAt === 0 ? 'of another life' : `${sentAt - readAt} ms before`}`,
    );
  return [...late, ...settles.flatMap((settle) => judgeSettle(chronicle, settle))];
}

function judgeSettle(chronicle: Chronicle, settle: Settle): string[] {
  const { unit, outcome } = settle;
  const carried = effectsOf(chronicle, settle);
  const effects = carried.filter(isEffective);
  const steps = effects.map(({ intent }) => `${intent?.writeId} ${intent?.cursor} ${intent?.takingBack !== undefined}`);
  const breaches: string[] = [];
  const writeIds = new Set(effects.map(({ intent }) => intent?.writeId));
  if (new Set(steps).size < steps.length || writeIds.size > 1) breaches.push('took effect twice');
  if (carriersOf(chronicle, unit).some(({ at }) => at > settle.at)) breaches.push('took effect after its outcome');
  if (outcome.kind === 'applied') {
    // Somebody may have done the same within the window: then it is the write that ZPA carried out that counts.
    const showed = carried.filter((one) => isEffective(one) || isAsMeant(one)).map(({ intent }) => intent?.writeId);
    if (!showed.includes(outcome.writeId) && !wasDeletedByHand(chronicle, settle))
      breaches.push('is applied without effect');
    if (writeIds.size > 0 && !writeIds.has(outcome.writeId)) breaches.push('is applied under the id of another write');
    const since = Math.min(settle.firstTakenUpAt, ...carried.map(({ readAt }) => readAt));
    if (outcome.overtaken.length > 0 && !editedBetween(chronicle, since, settle.at))
      breaches.push('was overtaken by nobody');
  }
  if (outcome.kind === 'unchanged' && effects.length > 0) breaches.push('is unchanged and took effect');
  return breaches.map((breach) => `${unit} ${breach}`);
}

/**
 * A delete whose answer is lost, and an administrator deletes the group: it is gone, and nothing is left that could say
 * whose hand it was. ZPA keeps no `modifiedBy` of what is gone.
 */
function wasDeletedByHand({ edits }: Chronicle, { change, outcome, firstTakenUpAt, at }: Settle): boolean {
  if (change.action !== 'delete' || outcome.kind !== 'applied') return false;
  const { groupId } = outcome.effect;
  return edits.some((edit) => edit.deleted === groupId && firstTakenUpAt <= edit.at && edit.at <= at);
}
