import { mayUpdate } from '../../../shared/domain/change/if-exists.ts';
import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import type { Rejection } from '../../../shared/domain/outcome/outcome.ts';
import { reject, rejectionOf } from '../../../shared/domain/outcome/reject.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent, ZpaWrite } from '../../../shared/domain/records/intent.ts';
import type { LaneEnd } from '../lane/lane-hold.ts';
import { OLDER_READING } from '../lane/refuse-older-reads.ts';
import { waitInPlace } from '../lane/wait-in-place.ts';
import { afterAnswer } from '../rules/held-back.ts';
import {
  countLimit,
  countTry,
  countTryUnderIntent,
  isClash,
  limitedOf,
  noteTry,
  type Pace,
  type Tried,
} from './count-tries.ts';
import {
  type FaultContext,
  findTenantFault,
  isBeforeRequest,
  pauseForRateLimit,
  probe,
  waitForTenant,
} from './tenant-fault.ts';

/**
 * The consequence of an error of ZPA (docs/architecture.md#fault-attribution). Only an error with change scope rejects a
 * change. An error of the tenant stops the lane and rejects nothing. An unknown error counts as the change's own only if an
 * unrelated read succeeds.
 */
export type FaultVerdict =
  | { kind: 'reject'; rejection: Rejection }
  /** The step has several changes: each is taken by itself, so that only the faulty one is rejected. */
  | { kind: 'one-by-one' }
  | TriedAgain;

/** The same is tried again: after this end of work on the lane, or at once. */
type TriedAgain = { kind: 'again'; end: LaneEnd | undefined };
const again = (end?: LaneEnd): TriedAgain => ({ kind: 'again', end });

/** `write`: the kind of write, if the call was one. `failedAt`: when it was sent, if not just now: the next pause starts there. */
export type FaultOfCall = { write?: ZpaWrite['kind']; failedAt?: number };

/** Decides whose fault an error is. `records`: the changes of the failed call. */
export async function attributeFault(
  context: FaultContext,
  records: readonly ChangeRecord[],
  fault: ZpaFault,
  { write, failedAt }: FaultOfCall = {},
): Promise<FaultVerdict> {
  const { session } = context;
  const [record] = records;
  // Its record cannot be read: nobody can count its tries, and nobody tries it again before it is restored.
  if (record === undefined) return again();
  if (fault.code === 'rate-limited') return attributeLimit(context, records, fault);
  if (fault.code === OLDER_READING)
    return again(await waitForNewerReading(context, record.change.tenant, records, fault));
  // The client did not send the write in time, so nothing happened: this invocation or the next one takes the step again.
  if (fault.code === 'too-late') return again();
  if (fault.code === 'aborted') return again({ kind: 'again' });
  const { tenant } = record.change;
  const wider = await findTenantFault(context, fault);
  if (wider !== undefined) return again(await waitForTenant(context, wider, tenant));
  // ZPA answers, so a fault that stopped the lane is over.
  session.stage(afterAnswer(session.lane(), tenant));
  if (records.length > 1) return { kind: 'one-by-one' };
  if (fault.class === 'permanent') {
    const action = write !== undefined && mayUpdate(record.change) ? write : record.change.action;
    return { kind: 'reject', rejection: rejectionOf(fault, action) };
  }
  return afterTry(context, fault, await countTry(context, record, fault, failedAt));
}

/** The change waits for its next try, if it has one. */
async function afterTry(context: FaultContext, fault: ZpaFault, { tries, retryAt }: Tried): Promise<FaultVerdict> {
  if (tries >= context.ports.timing.unknownTries) return { kind: 'reject', rejection: givenUp(fault, tries) };
  return again(await waitInPlace(context, retryAt, fault.code));
}

/**
 * A 429 is a limit of the tenant: the change waits. It is about this change if it never passes while the tenant answers an unrelated
 * read before each try (`pauseIfLimited`).
 */
async function attributeLimit(
  context: FaultContext,
  records: readonly ChangeRecord[],
  fault: ZpaFault,
  intent?: Intent,
): Promise<FaultVerdict> {
  const { ports, session } = context;
  const { limited, pauseMs, isUsedUp } = countLimit(ports, limitedOf(session.lane(), records, intent), fault);
  session.stage({ limited: isUsedUp ? undefined : limited });
  const end = await pauseForRateLimit(context, fault, pauseMs);
  if (!isUsedUp) return again(end);
  if (records.length > 1 && intent === undefined) return { kind: 'one-by-one' };
  return { kind: 'reject', rejection: rejectionOf(fault, records[0]?.change.action ?? 'update') };
}

function givenUp(fault: ZpaFault, tries: number): Rejection {
  const reason = fault.reason ?? fault.code;
  if (isClash(fault)) {
    const remedy = 'Find out in ZPA what else changes the same objects, then retry.';
    const sentence = `${tries} attempts conflicted with another change in ZPA: ${reason}`;
    return reject('zpa-refused', sentence, { remedy, zpaError: fault });
  }
  return reject('unclassified', `${tries} attempts ended with an unknown error: ${reason}`, {
    zpaError: fault,
  });
}

/**
 * A replica of ZPA lags: nothing is decided, and the same is read again. The try is counted in the change alone: no number of
 * such reads rejects it, since the lane forgets what it has seen after the quiet period.
 */
async function waitForNewerReading(
  context: FaultContext,
  tenant: string,
  [record]: readonly ChangeRecord[],
  fault: ZpaFault,
): Promise<LaneEnd | undefined> {
  const { ports, session } = context;
  session.stage(afterAnswer(session.lane(), tenant));
  await noteTry(ports, record, fault, 1);
  return waitInPlace(context, ports.clock.now() + (fault.retryAfterMs ?? 0), fault.code);
}

/**
 * Decides whose fault an error is that a look at an open intent met, or the next write of a move. Earlier writes may be in effect,
 * so neither the class of the error nor the retry window ends the change: if an unrelated read succeeds, the error counts as a
 * try, and `reject` says that the tries are used up.
 */
export async function attributeUnderIntent(
  context: FaultContext,
  records: readonly ChangeRecord[],
  intent: Intent,
  fault: ZpaFault,
  pace: Pace,
): Promise<FaultVerdict> {
  if (fault.code === 'rate-limited') return attributeLimit(context, records, fault, intent);
  if (fault.code === OLDER_READING) return again(await waitForNewerReading(context, intent.tenant, records, fault));
  const wider = await attributeToTenant(context, intent.tenant, fault);
  if (wider !== undefined) return wider;
  return afterTry(context, fault, await countTryUnderIntent(context, records[0], intent, fault, pace));
}

/** The verdict about a failed read that is not about its own groups; undefined: an unrelated read succeeds. */
export async function attributeToTenant(
  context: FaultContext,
  tenant: string,
  fault: ZpaFault,
): Promise<TriedAgain | undefined> {
  if (fault.code === OLDER_READING) return undefined;
  const isWider = fault.scope === 'platform' || (fault.scope === 'tenant' && isBeforeRequest(fault));
  const tenantFault = isWider ? fault : await probe(context, fault);
  if (tenantFault !== undefined) return again(await waitForTenant(context, tenantFault));
  context.session.stage(afterAnswer(context.session.lane(), tenant));
  return undefined;
}
