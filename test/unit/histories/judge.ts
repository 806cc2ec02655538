import type { Chronicle, Settle } from './chronicle.ts';
import { editedBetween, effectsOf, isEffective, longestWindowMs } from './effects.ts';
import { judgeBudget } from './judge-budget.ts';
import { judgeConservation } from './judge-conservation.ts';
import { judgeOrder } from './judge-order.ts';
import { judgeReplay } from './judge-replay.ts';
import type { Played } from './play-history.ts';

/** Holds a played history against the promises; one sentence per breach. */
export function judge(played: Played): string[] {
  const { chronicle } = played.scene;
  return [
    ...(played.settled ? [] : ['something is open after a day']),
    ...chronicle.violations,
    ...judgeConservation(played),
    ...judgeEffects(chronicle, played.scene.history.deaf),
    ...judgeReplay(played.scene),
    ...judgeOrder(chronicle),
    ...judgeBudget(chronicle),
  ];
}

/** Effect at most once; `applied` only with its effect; a window as short as promised. */
function judgeEffects(chronicle: Chronicle, deaf: boolean): string[] {
  const { settles, effects } = chronicle;
  const late = effects
    .filter((one) => one.write.kind !== 'create' && one.sentAt - one.readAt > longestWindowMs(one))
    .map(
      ({ write, sentAt, readAt }) =>
        `a ${write.kind} was decided on a read ${readAt === 0 ? 'of another life' : `${sentAt - readAt} ms before`}`,
    );
  return [...late, ...settles.flatMap((settle) => judgeSettle(chronicle, settle, deaf))];
}

function judgeSettle(chronicle: Chronicle, settle: Settle, deaf: boolean): string[] {
  const { unit, outcome } = settle;
  const effects = effectsOf(chronicle, settle).filter(isEffective);
  const disturbed = editedBetween(chronicle, settle.firstTakenUpAt, settle.at);
  const steps = effects.map(({ intent }) => `${intent?.writeId} ${intent?.cursor} ${intent?.takingBack !== undefined}`);
  const breaches: string[] = [];
  const writeIds = new Set(effects.map(({ intent }) => intent?.writeId));
  if (new Set(steps).size < steps.length || writeIds.size > 1) breaches.push('took effect twice');
  // Known: a tenant that ignores membership deltas, and somebody edits before the read-back: taken for overtaken.
  const unheard =
    deaf &&
    disturbed &&
    outcome.kind === 'applied' &&
    outcome.overtaken.some(({ field }) => field.startsWith('applications'));
  // A group that is gone is what a delete wanted, and ZPA does not say whose hand it was.
  const goneAnyway = disturbed && settle.change.action === 'delete' && effects.length === 0;
  if (outcome.kind === 'applied' && !unheard && !goneAnyway && !writeIds.has(outcome.writeId))
    breaches.push('is applied without effect');
  if (outcome.kind === 'applied' && outcome.overtaken.length > 0 && !disturbed)
    breaches.push('was overtaken by nobody');
  if (outcome.kind === 'unchanged' && effects.length > 0) breaches.push('is unchanged and took effect');
  return breaches.map((breach) => `${unit} ${breach}`);
}
