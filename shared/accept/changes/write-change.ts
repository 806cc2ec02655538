import type { ChangeRequest } from '../../domain/change/change.ts';
import { microtenantIdOf } from '../../domain/decide/permit.ts';
import type { Lane } from '../../domain/lane/change-ref.ts';
import { freezesOf, waitsUntil } from '../../domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import { rememberLanes } from '../../ledger/remember-lanes.ts';
import { sendToLane } from '../../ledger/send-to-lane.ts';
import { ABSENT } from '../../ports/ports.ts';
import type { AcceptPorts } from './accept-ports.ts';
import { type RequestedChange, type UnprintedChange, withFingerprint } from './read-changes.ts';

/** `conflicting`: another delivery entered another payload under the key between our read and our write. */
export type Acceptance = { records: ChangeRecord[]; conflicting: RequestedChange[] };

/**
 * Enters new changes into the ledger, each conditional on absence, after their lanes are on the list of known ones.
 * Writes them one after the other in the order of the delivery: a worker that reads in between sees the first of them,
 * never a later change without an earlier one. A crash leaves places of the lane unused, which harms nothing.
 */
export async function acceptInOrder(ports: AcceptPorts, fresh: readonly RequestedChange[]): Promise<Acceptance> {
  const entered: Acceptance = { records: [], conflicting: [] };
  if (fresh.length === 0) return entered;
  await rememberLanes(
    ports,
    fresh.map(({ ref }) => ref),
  );
  const lanes = Map.groupBy(fresh, (one) => one.ref.lane);
  for (const [lane, changes] of lanes) {
    const first = await ports.ledger.takeSequences(lane, changes.length);
    for (const [index, requested] of changes.entries()) {
      const record = newRecord(ports, requested, first + index);
      const written = await ports.ledger.writeChange(record, ABSENT);
      if (written.written) entered.records.push({ ...record, version: 1 });
      else if (written.found === undefined) throw new ForgottenChange(lane);
      else if (isDifferentChange(written.found, requested)) entered.conflicting.push(requested);
      else entered.records.push(written.found);
    }
  }
  return entered;
}

/** True if the ledger holds another change under the same key. */
export function isDifferentChange(found: ChangeRecord | undefined, requested: RequestedChange): boolean {
  return found !== undefined && found.fingerprint !== requested.fingerprint;
}

/** These changes, if the ledger holds all of them; else none. */
export async function acceptedBefore(
  { ledger }: Pick<AcceptPorts, 'ledger'>,
  read: readonly UnprintedChange[],
): Promise<RequestedChange[]> {
  const found = await Promise.all(read.map(({ ref }) => ledger.readChange(ref)));
  if (found.includes(undefined)) return [];
  const requested = read.map(withFingerprint);
  return requested.some((one, index) => isDifferentChange(found[index], one)) ? [] : requested;
}

/** The table refused a write because the change existed, and then it did not: only a manual deletion causes that. */
class ForgottenChange extends Error {
  override readonly name = 'ForgottenChange';
  readonly code = 'forgotten-change';

  constructor(lane: Lane) {
    super(`A change of lane ${lane} vanished while it was accepted.`);
  }
}

/** Until when a change that is accepted now waits for its window or a freeze (epoch ms); undefined if it does not wait. */
export function waitingTime(ports: Pick<AcceptPorts, 'configuration' | 'clock'>, change: ChangeRequest) {
  return waitsUntil(change, freezesOf(ports.configuration, change.tenant), ports.clock.now());
}

function newRecord(ports: AcceptPorts, requested: RequestedChange, sequence: number): ChangeRecord {
  const { ref, change, ticket, fingerprint, plan } = requested;
  const scheduledFor = waitingTime(ports, change);
  const microtenantId = microtenantIdOf(ports.configuration, change);
  const { settingsVersion } = ports.configuration;
  return {
    version: 0,
    ref,
    ...(microtenantId !== undefined && { microtenantId }),
    ...(settingsVersion !== undefined && { settingsVersion }),
    change,
    fingerprint,
    ticket,
    ...(plan !== undefined && { plan }),
    correlationId: ports.chance.id(),
    sequence,
    ...(scheduledFor === undefined ? { state: 'accepted' } : { state: 'scheduled', scheduledFor }),
    generation: 1,
    acceptedAt: ports.clock.now(),
    sentAt: 0,
    attempts: 0,
    pending: [],
    history: [],
    failed: false,
  };
}

/**
 * Sends the changes that are accepted and not yet sent, then marks them `queued`; answers all records as stored. A record
 * that another process changed meanwhile (the worker may have settled it already) stays as that process wrote it.
 */
export async function enqueue(ports: AcceptPorts, records: readonly ChangeRecord[]): Promise<ChangeRecord[]> {
  const unsent = records.filter((record) => record.state === 'accepted');
  for (const [lane, ofLane] of Map.groupBy(unsent, ({ ref }) => ref.lane))
    await sendToLane(ports, lane, ofLane, 'accept');
  const sentAt = ports.clock.now();
  return Promise.all(records.map((one) => (one.state === 'accepted' ? markQueued(ports, one, sentAt) : one)));
}

async function markQueued(ports: AcceptPorts, record: ChangeRecord, sentAt: number): Promise<ChangeRecord> {
  const queued: ChangeRecord = { ...record, state: 'queued', sentAt };
  const written = await ports.ledger.writeChange(queued, record.version);
  return written.written ? queued : (written.found ?? queued);
}
