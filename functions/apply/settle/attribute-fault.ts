import { mayUpdate } from '../../../shared/domain/change/if-exists.ts';
import type { ZpaFault } from '../../../shared/domain/group/group.ts';
import { refKey } from '../../../shared/domain/lane/change-ref.ts';
import type { Rejection } from '../../../shared/domain/outcome/outcome.ts';
import { reject, rejectionOf } from '../../../shared/domain/outcome/reject.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { ZpaWrite } from '../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { updateChange } from '../../../shared/ledger/update-change.ts';
import type { Zpa } from '../../../shared/ports/ports.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import type { ApplyPorts, Invocation, LaneEnd } from '../lane/ports.ts';
import { waitInPlace } from '../lane/wait-in-place.ts';

/**
 * The consequence of an error of ZPA (docs/architecture.md#fault-attribution). Only an error with change scope rejects a
 * change. An error of the tenant stops the lane and rejects nothing. An unknown error counts as the change's own only if an
 * unrelated read succeeds.
 */
export type FaultVerdict =
  | { kind: 'reject'; rejection: Rejection }
  /** The step has several changes: each is taken by itself, so that only the faulty one is rejected. */
  | { kind: 'one-by-one' }
  | { kind: 'end'; end: LaneEnd }
  | { kind: 'retry' };

type Context = { ports: ApplyPorts; session: LaneSession; invocation: Invocation; zpa: Zpa };

/**
 * Decides whose fault an error is. `records`: the changes of the failed call. `write`: the kind of write, if the call
 * was one.
 */
export async function attributeFault(
  context: Context,
  records: readonly ChangeRecord[],
  fault: ZpaFault,
  write?: ZpaWrite['kind'],
): Promise<FaultVerdict> {
  const { ports, session, invocation } = context;
  const [record] = records;
  if (record === undefined) throw new Error('a fault belongs to a change');
  if (fault.code === 'rate-limited') return asVerdict(await pauseForRateLimit(context, fault));
  // The client did not send the write in time, so nothing happened: this invocation or the next one takes the step again.
  if (fault.code === 'too-late') return { kind: 'retry' };
  if (fault.code === 'aborted') return { kind: 'end', end: { kind: 'again' } };
  const suspicious = fault.class === 'unknown' || (fault.status ?? 0) >= 500;
  if (fault.scope !== 'change' && !suspicious) return { kind: 'end', end: await stopLane(ports, session, fault) };
  if (suspicious) {
    const tenantFault = await probe(context);
    if (tenantFault !== undefined) return { kind: 'end', end: await stopLane(ports, session, tenantFault) };
  }
  // ZPA answers, so a fault that stopped the lane is over.
  session.stage({ stopped: undefined });
  if (records.length > 1) return { kind: 'one-by-one' };
  if (fault.class === 'permanent') {
    const action = write !== undefined && mayUpdate(record.change) ? write : record.change.action;
    return { kind: 'reject', rejection: rejectionOf(fault, action) };
  }
  const tries = await countTry(context, record, fault);
  if (fault.class === 'unknown' || suspicious) {
    if (tries >= ports.timing.unknownTries) return { kind: 'reject', rejection: unclassified(fault, tries) };
  }
  const retryAt = session.lane().trouble?.retryAt ?? 0;
  return asVerdict(await waitInPlace(ports, session, invocation, retryAt, fault.code));
}

const asVerdict = (end: LaneEnd | undefined): FaultVerdict =>
  end === undefined ? { kind: 'retry' } : { kind: 'end', end };

function unclassified(fault: ZpaFault, tries: number): Rejection {
  const reason = fault.reason ?? fault.code;
  return reject('unclassified', `${tries} tries ended with an error nobody has classified: ${reason}`, {
    zpaError: fault,
  });
}

/**
 * ZPA answered 429: nothing is sent before the pause is over. Returns an end of work on the lane, or undefined to go on.
 */
async function pauseForRateLimit(
  { ports, session, invocation }: Context,
  fault: ZpaFault,
): Promise<LaneEnd | undefined> {
  const pause = fault.retryAfterMs ?? ports.timing.budgetWindowMs;
  session.limiter.obey(pause);
  ports.meter.count('RateLimited', 1, { lane: session.lane().lane });
  return waitInPlace(ports, session, invocation, ports.clock.now() + pause, fault.code);
}

/**
 * The groups of an open intent could not be read. No change is at fault, whatever the error, and the lane waits for the
 * read.
 */
export async function waitForRead(context: Context, fault: ZpaFault): Promise<LaneEnd | undefined> {
  if (fault.code === 'rate-limited') return pauseForRateLimit(context, fault);
  if (fault.code === 'aborted') return { kind: 'again' };
  return stopLane(context.ports, context.session, fault);
}

/** An unrelated read. Returns its fault, or undefined if it succeeds. */
async function probe({ zpa, invocation }: Context): Promise<ZpaFault | undefined> {
  try {
    await zpa.probe({ signal: invocation.signal });
    return undefined;
  } catch (error) {
    if (isZpaFault(error)) return error.fault;
    throw error;
  }
}

/** Stops the lane until a probe succeeds: one alarm, probes with backoff, no rejection. */
async function stopLane(ports: ApplyPorts, session: LaneSession, fault: ZpaFault): Promise<LaneEnd> {
  const now = ports.clock.now();
  const stopped = session.lane().stopped;
  const tries = (stopped?.tries ?? 0) + 1;
  const delayMs = backoff(ports, tries, fault.retryAfterMs);
  const sentence = fault.reason ?? fault.code;
  if (stopped === undefined) ports.log.error('lane stopped', { lane: session.lane().lane, code: fault.code, sentence });
  ports.meter.count('LaneStopped', 1, { lane: session.lane().lane });
  await session.save({
    working: undefined,
    stopped: { code: fault.code, sentence, since: stopped?.since ?? now, tries, probeAt: now + delayMs, alarmed: true },
  });
  return { kind: 'wait', delayMs, reason: fault.code };
}

/**
 * Counts a failed try of one change: in the lane record, which decides about the next try, and in the change record,
 * which people read.
 */
async function countTry({ ports, session }: Context, record: ChangeRecord, fault: ZpaFault): Promise<number> {
  const now = ports.clock.now();
  const trouble = troubleOf(session.lane(), record);
  const tries = (trouble?.tries ?? 0) + 1;
  const retryAt = now + retryDelay(ports, tries, fault.retryAfterMs);
  const { ref, generation } = record;
  await session.save({ trouble: { ref, generation, tries, since: trouble?.since ?? now, retryAt } });
  // Settling the change counts the last try.
  if (tries < ports.timing.unknownTries) {
    await updateChange(ports.ledger, record, (r) =>
      r.generation === generation && r.state !== 'settled' ? { ...r, attempts: r.attempts + 1 } : undefined,
    );
  }
  ports.log.warn('change met an error', { ...ref, code: fault.code, zpaId: fault.zpaId, status: fault.status, tries });
  return tries;
}

/** The failed tries of this generation of the change, if the lane has counted any. */
export function troubleOf(lane: LaneRecord, record: ChangeRecord): LaneRecord['trouble'] {
  const { trouble } = lane;
  if (trouble === undefined || trouble.generation !== record.generation) return undefined;
  return refKey(trouble.ref) === refKey(record.ref) ? trouble : undefined;
}

/** Gives six tries within thirty minutes: 0.5, 1, 2, 4 and 8 minutes apart, with jitter. */
function retryDelay(ports: ApplyPorts, tries: number, retryAfterMs = 0): number {
  const { unknownSpanMs } = ports.timing;
  return Math.max(retryAfterMs, jitter(ports, Math.min((unknownSpanMs / 64) * 2 ** (tries - 1), unknownSpanMs / 3)));
}

function backoff({ timing, ...ports }: ApplyPorts, tries: number, retryAfterMs = 0): number {
  const ms = Math.min(timing.deferMinMs * 2 ** (tries - 1), timing.deferMaxMs);
  return Math.max(retryAfterMs, Math.min(jitter(ports, ms), timing.deferMaxMs));
}

/** Lengthens a wait by up to a fifth, so that lanes do not retry at the same time. */
export function jitter({ chance }: Pick<ApplyPorts, 'chance'>, ms: number): number {
  return Math.round(ms * (1 + chance.random() / 5));
}
