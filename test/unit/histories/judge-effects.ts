import type { RejectionCode } from '../../../shared/domain/change/rejection-codes.ts';
import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { Chronicle, Effect, Settle } from './chronicle.ts';
import {
  carriersOf,
  editedBetween,
  effectsOf,
  isAsMeant,
  isEffective,
  longestWindowMs,
  mayHaveCrashed,
  wasUndoneUnseen,
} from './effects.ts';
import type { History } from './history.ts';
import { isEdited } from './judge-configuration.ts';
import type { Scene } from './scene.ts';

/** Effect at most once, and never after the outcome; `applied` only with its effect; a window as short as promised. */
export function judgeEffects({ chronicle, history }: Scene): string[] {
  const { settles, effects } = chronicle;
  const late = effects
    .filter((one) => one.write.kind !== 'create' && one.sentAt - one.readAt > longestWindowMs(one))
    .map(
      ({ write, sentAt, readAt }) =>
        `a ${write.kind} was decided on a read ${readAt === 0 ? 'of another life' : `${sentAt - readAt} ms before`}`,
    );
  return [...late, ...settles.flatMap((settle) => judgeSettle(chronicle, settle, history))];
}

function judgeSettle(chronicle: Chronicle, settle: Settle, history: History): string[] {
  const { unit, outcome } = settle;
  const carried = effectsOf(chronicle, settle);
  const effects = carried.filter((one) => isEffective(one) && !isMadeAgain(chronicle, one, carried));
  const steps = effects.map(({ intent }) => `${intent?.writeId} ${intent?.cursor} ${intent?.takingBack !== undefined}`);
  const breaches: string[] = [];
  const writeIds = new Set(effects.map(({ intent }) => intent?.writeId));
  if (new Set(steps).size < steps.length || writeIds.size > 1) breaches.push('took effect twice');
  if (carriersOf(chronicle, unit).some(({ at }) => at > settle.at)) breaches.push('took effect after its outcome');
  if (outcome.kind === 'applied') {
    // A console edit may have done the same within the window: then the write counts that ZPA carried out.
    const showed = carried.filter((one) => isEffective(one) || isAsMeant(one)).map(({ intent }) => intent?.writeId);
    // The setting is trusted: where it is wrong, memberships that do not show under a colleague's stamp count as undone.
    const isTrusted = history.deaf && history.misset && outcome.overtaken.length > 0;
    if (!showed.includes(outcome.writeId) && !wasMadeAtConsole(chronicle, settle) && !isTrusted)
      breaches.push('is applied without effect');
    if (writeIds.size > 0 && !writeIds.has(outcome.writeId)) breaches.push('is applied under the id of another write');
    const since = Math.min(settle.firstTakenUpAt, ...carried.map(({ readAt }) => readAt));
    if (outcome.overtaken.length > 0 && !editedBetween(chronicle, since, settle.at))
      breaches.push('was overtaken by nobody');
  }
  if (outcome.kind === 'rejected') breaches.push(...causeless(chronicle, settle, outcome.code, history));
  if (outcome.kind === 'unchanged' && effects.length > 0) breaches.push('is unchanged and took effect');
  return breaches.map((breach) => `${unit} ${breach}`);
}

/** A created group was deleted at the console before the ledger held its id, and is made again. */
function isMadeAgain(chronicle: Chronicle, effect: Effect, carried: readonly Effect[]): boolean {
  const next = carried.find(({ at }) => at > effect.at);
  return next !== undefined && wasUndoneUnseen(chronicle, effect, next.sentAt);
}

/** An effect that ZPA dates up to this long before an intent may, by its clock and ours, be that intent's. */
const SKEW_MS = 120_000;

/**
 * Rejections without their cause: doubt although no console edit was made, crashes that were not. Where v2 ignores memberships and
 * the setting does not say so, a write whose answer is lost leaves a new stamp on an old group, and that may be any writer's.
 */
function causeless(
  chronicle: Chronicle,
  { firstTakenUpAt, at }: Settle,
  code: RejectionCode,
  history: History,
): string[] {
  const isEditedAtConsole = editedBetween(chronicle, firstTakenUpAt - SKEW_MS, at);
  const isGone = isEdited(history, ['tenant removed', 'customer edited'], firstTakenUpAt, at);
  const isMisset = history.deaf && history.misset;
  const undisturbed = !isMisset && !isEditedAtConsole && !isGone;
  if (code === 'outcome-unknown' && undisturbed) return ['is in doubt although nobody edited'];
  return code === 'worker-crashed' && !mayHaveCrashed(chronicle) ? ['did not crash the worker'] : [];
}

/**
 * A write whose answer is lost never happened, and an administrator does exactly the same at the console: the group is as it was
 * approved, and nothing shows which writer did it. `modifiedBy` names the last writer, not the one who made the change; of a group that
 * is gone ZPA keeps none.
 */
function wasMadeAtConsole({ edits }: Chronicle, { outcome, firstTakenUpAt, at }: Settle): boolean {
  if (outcome.kind !== 'applied') return false;
  const { groupId, deleted, fields, members } = outcome.approved;
  const isSo = (group: SegmentGroup) =>
    (['name', 'description', 'enabled'] as const).every((one) => [undefined, group[one]].includes(fields[one])) &&
    members.has.every((id) => group.applicationIds.includes(id)) &&
    !members.hasNot.some((id) => group.applicationIds.includes(id));
  return edits.some(({ at: when, left }) => {
    if (!left.has(groupId) || when < firstTakenUpAt || when > at) return false;
    const group = left.get(groupId);
    return group === undefined ? deleted : !deleted && isSo(group);
  });
}
