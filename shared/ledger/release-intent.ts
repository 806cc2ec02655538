import { decidableAt } from '../domain/intent/intent-writes.ts';
import type { Endings } from '../domain/intent/outcome-after-write.ts';
import { endedInDoubt } from '../domain/intent/unknown-outcome.ts';
import { refKey } from '../domain/lane/change-ref.ts';
import { settledPlaces } from '../domain/ledger/settlement.ts';
import type { Timing } from '../domain/ledger/timing.ts';
import type { Rejection } from '../domain/outcome/outcome.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { Intent } from '../domain/records/intent.ts';
import type { LaneRecord } from '../domain/records/lane-record.ts';
import type { Clock, Ledger } from '../ports/ports.ts';
import { optimisticUpdate } from './optimistic-update.ts';
import { finishOutboxes, type OutboxPorts } from './outbox.ts';
import { readMembers } from './read-members.ts';
import { settleEach } from './settle-in-order.ts';

/**
 * An operator ends the open intents of a lane whose result nobody can tell, for example because its tenant will not answer
 * any more. One conditional write of the lane is the decision: it stores the outcome in each intent and takes the lease with
 * fence + 1. From then on nobody reads or writes ZPA for them; the operator's process settles the changes, and if it dies, the
 * next worker of the lane does, in the same way (docs/architecture.md#unknown-outcomes).
 *
 *   read lane ─► no live lease, no write under way ─► write `released` and lease ─► settle in order ─► outbox ─► clear
 */
export type ReleasePorts = OutboxPorts & { ledger: Ledger; clock: Pick<Clock, 'now'> };

/** The intents of a lane that are not settled: writes that await their read-back, oldest first, then the open one. */
export const openIntents = ({ answered = [], intent }: LaneRecord): Intent[] => [
  ...answered,
  ...(intent === undefined ? [] : [intent]),
];

/** Why the intents of a lane cannot be released now; `until`: epoch ms from which on they can. */
export type ReleaseRefusal = { code: 'no-open-intent' } | { code: 'lane-busy' | 'write-under-way'; until: number };

/**
 * The reason not to release them now; undefined: they can be released. A lease counts for a quiet period longer, because the
 * operator's clock may differ from the worker's, and a worker whose lease is over starts no write.
 */
export function refuseRelease(
  lane: LaneRecord,
  now: number,
  timing: Pick<Timing, 'requestTimeoutMs' | 'quietPeriodMs'>,
): ReleaseRefusal | undefined {
  const intents = openIntents(lane);
  if (intents.length === 0) return { code: 'no-open-intent' };
  const leasedUntil = lane.lease === undefined ? 0 : lane.lease.until + timing.quietPeriodMs;
  if (leasedUntil > now) return { code: 'lane-busy', until: leasedUntil };
  const decidable = Math.max(...intents.map((intent) => decidableAt(intent, timing)));
  return decidable > now ? { code: 'write-under-way', until: decidable } : undefined;
}

/**
 * Releases the open intents of the lane as it was read, each with its outcome of `outcomes`, and settles their changes.
 * Answers the settled changes; undefined: somebody has written the lane since, and nothing was done. Rejects as the ledger and
 * the queues do; a worker completes then what is left.
 */
export async function releaseIntents(
  ports: ReleasePorts,
  lane: LaneRecord,
  outcomes: ReadonlyMap<Intent, Rejection>,
  { owner, leaseMs }: { owner: string; leaseMs: number },
): Promise<ChangeRecord[] | undefined> {
  const released = (intent: Intent): Intent => {
    const outcome = outcomes.get(intent);
    return outcome === undefined ? intent : { ...intent, released: outcome };
  };
  const taken: LaneRecord = {
    ...lane,
    fence: lane.fence + 1,
    lease: { owner, until: ports.clock.now() + leaseMs },
    ...(lane.intent && { intent: released(lane.intent) }),
    ...(lane.answered && { answered: lane.answered.map(released) }),
  };
  if (!(await ports.ledger.writeLane(taken, lane.version)).written) return undefined;
  const endings = await releasedChanges(ports, taken);
  const settled = await finishOutboxes(ports, await settleEach(ports, endings.changes));
  await optimisticUpdate<LaneRecord, LaneRecord>(
    { ...taken, version: lane.version + 1 },
    {
      change: (one) => (one.fence === taken.fence ? freed(withoutReleased(one, endings)) : undefined),
      write: (next, expected) => ports.ledger.writeLane(next, expected),
      absent: () => taken,
      subject: `lane ${lane.lane}`,
    },
  );
  return settled;
}

/** `working` stays: the next worker records from it how far the dead one came (`recordPlaces`). */
const freed = ({ lease: _lease, ...lane }: LaneRecord): LaneRecord => lane;

/** True if an operator has released an intent that is not cleared yet. */
export const hasReleased = (lane: LaneRecord): boolean =>
  openIntents(lane).some(({ released }) => released !== undefined);

/** The changes of the released intents with their outcomes, in lane order. Rejects as the ledger does. */
export async function releasedChanges(
  ports: { ledger: Pick<Ledger, 'readChange'> },
  lane: LaneRecord,
): Promise<Endings> {
  const all: Endings = { changes: [], unread: [] };
  for (const intent of openIntents(lane)) {
    if (intent.released === undefined) continue;
    const { changes, unread } = endedInDoubt(intent, await readMembers(ports, intent), intent.released);
    all.changes.push(...changes);
    all.unread.push(...unread);
  }
  all.changes.sort((one, other) => one.record.sequence - other.record.sequence);
  return all;
}

/** The lane without its released intents, whose changes are settled: an open change below them is late from now on. */
export function withoutReleased(lane: LaneRecord, { changes, unread }: Endings): LaneRecord {
  const { intent, answered = [], trouble, ...rest } = lane;
  const places = changes.map(({ record }) => record.sequence);
  const left = answered.filter(({ released }) => released === undefined);
  const isOver = trouble && changes.some(({ record }) => refKey(record.ref) === refKey(trouble.ref));
  return {
    ...rest,
    ...settledPlaces(lane, places),
    ...(intent !== undefined && intent.released === undefined && { intent }),
    ...(left.length > 0 && { answered: left }),
    ...(unread.length > 0 && { endedUnread: [...(lane.endedUnread ?? []), ...unread] }),
    ...(trouble !== undefined && !isOver && { trouble }),
  };
}
