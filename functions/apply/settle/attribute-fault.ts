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
 * What an error of ZPA means for the lane (docs/architecture.md#fault-attribution). Only change scope rejects a
 * change; a tenant in trouble stops the lane and rejects nothing; an unknown error is the change's own only if an
 * unrelated read succeeds.
 */
export type Verdict =
  | { kind: 'reject'; rejection: Rejection }
  /** A step of several: take its changes one by one, so that only the offender is rejected. */
  | { kind: 'one-by-one' }
  | { kind: 'end'; end: LaneEnd }
  | { kind: 'retry' };

type Context = { ports: ApplyPorts; session: LaneSession; invocation: Invocation; zpa: Zpa };

/** `records`: the changes the failed call was made for. `write`: what it was, if it was a write. */
export async function attributeFault(
  context: Context,
  records: readonly ChangeRecord[],
  fault: ZpaFault,
  write?: ZpaWrite['kind'],
): Promise<Verdict> {
  const { ports, session, invocation } = context;
  const [record] = records;
  if (record === undefined) throw new Error('a fault belongs to a change');
  if (fault.code === 'rate-limited') return asVerdict(await silence(context, fault));
  // Nothing was sent in time, by us: take it anew, in this invocation or the next.
  if (fault.code === 'too-late') return { kind: 'retry' };
  if (fault.code === 'aborted') return { kind: 'end', end: { kind: 'again' } };
  const suspicious = fault.class === 'unknown' || (fault.status ?? 0) >= 500;
  if (fault.scope !== 'change' && !suspicious) return { kind: 'end', end: await stopLane(ports, session, fault) };
  if (suspicious) {
    const sick = await probe(context);
    if (sick !== undefined) return { kind: 'end', end: await stopLane(ports, session, sick) };
  }
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

const asVerdict = (end: LaneEnd | undefined): Verdict => (end === undefined ? { kind: 'retry' } : { kind: 'end', end });

function unclassified(fault: ZpaFault, tries: number): Rejection {
  const said = fault.reason ?? fault.code;
  return reject('unclassified', `${tries} tries ended with an error nobody has classified: ${said}`, {
    zpaError: fault,
  });
}

/** ZPA said 429: nothing is sent before its time is over. Answers an end, or undefined to go on. */
async function silence({ ports, session, invocation }: Context, fault: ZpaFault): Promise<LaneEnd | undefined> {
  const pause = fault.retryAfterMs ?? ports.timing.budgetWindowMs;
  session.limiter.obey(pause);
  ports.meter.count('RateLimited', 1, { lane: session.lane().lane });
  return waitInPlace(ports, session, invocation, ports.clock.now() + pause, fault.code);
}

/** An open intent could not be looked at: whatever the fault, no change is to blame, and the lane waits for the look. */
export async function waitForRead(context: Context, fault: ZpaFault): Promise<LaneEnd | undefined> {
  if (fault.code === 'rate-limited') return silence(context, fault);
  if (fault.code === 'aborted') return { kind: 'again' };
  return stopLane(context.ports, context.session, fault);
}

async function probe({ zpa, invocation }: Context): Promise<ZpaFault | undefined> {
  try {
    await zpa.probe({ signal: invocation.signal });
    return undefined;
  } catch (error) {
    if (isZpaFault(error)) return error.fault;
    throw error;
  }
}

/** The lane stands still until a probe succeeds; alarmed once, probed with backoff, nothing rejected. */
async function stopLane(ports: ApplyPorts, session: LaneSession, fault: ZpaFault): Promise<LaneEnd> {
  const now = ports.clock.now();
  const known = session.lane().stopped;
  const tries = (known?.tries ?? 0) + 1;
  const delayMs = backoff(ports, tries, fault.retryAfterMs);
  const sentence = fault.reason ?? fault.code;
  if (known === undefined) ports.log.error('lane stopped', { lane: session.lane().lane, code: fault.code, sentence });
  ports.meter.count('LaneStopped', 1, { lane: session.lane().lane });
  await session.save({
    working: undefined,
    stopped: { code: fault.code, sentence, since: known?.since ?? now, tries, probeAt: now + delayMs, alarmed: true },
  });
  return { kind: 'wait', delayMs, reason: fault.code };
}

/** Counts a failed try of one change, in the lane (for the decision) and on the change (for people). */
async function countTry({ ports, session }: Context, record: ChangeRecord, fault: ZpaFault): Promise<number> {
  const now = ports.clock.now();
  const trouble = troubleOf(session.lane(), record);
  const tries = (trouble?.tries ?? 0) + 1;
  const retryAt = now + retryDelay(ports, tries, fault.retryAfterMs);
  const { ref, generation } = record;
  await session.save({ trouble: { ref, generation, tries, since: trouble?.since ?? now, retryAt } });
  // The last try is counted by the outcome.
  if (tries < ports.timing.unknownTries) {
    await updateChange(ports.ledger, record, (r) =>
      r.generation === generation && r.state !== 'settled' ? { ...r, attempts: r.attempts + 1 } : undefined,
    );
  }
  ports.log.warn('change met an error', { ...ref, code: fault.code, zpaId: fault.zpaId, status: fault.status, tries });
  return tries;
}

export function troubleOf(lane: LaneRecord, record: ChangeRecord): LaneRecord['trouble'] {
  const { trouble } = lane;
  if (trouble === undefined || trouble.generation !== record.generation) return undefined;
  return refKey(trouble.ref) === refKey(record.ref) ? trouble : undefined;
}

/** Six tries within thirty minutes: 0.5, 1, 2, 4, 8 minutes apart, and jitter. */
function retryDelay(ports: ApplyPorts, tries: number, retryAfterMs = 0): number {
  const { unknownSpanMs } = ports.timing;
  return Math.max(retryAfterMs, jitter(ports, Math.min((unknownSpanMs / 64) * 2 ** (tries - 1), unknownSpanMs / 3)));
}

function backoff({ timing, ...ports }: ApplyPorts, tries: number, retryAfterMs = 0): number {
  const ms = Math.min(timing.deferMinMs * 2 ** (tries - 1), timing.deferMaxMs);
  return Math.max(retryAfterMs, Math.min(jitter(ports, ms), timing.deferMaxMs));
}

/** Up to a fifth longer, so that lanes do not march in step. */
export function jitter({ chance }: Pick<ApplyPorts, 'chance'>, ms: number): number {
  return Math.round(ms * (1 + chance.random() / 5));
}
