import type { ChangeRequest } from '../../domain/change/change.ts';
import type { Lane } from '../../domain/lane/change-ref.ts';
import { messageFor } from '../../domain/ledger/message.ts';
import { freezesOf, waitsUntil } from '../../domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import { ABSENT } from '../../ports/ports.ts';
import type { AcceptPorts } from './accept-ports.ts';
import type { AskedChange } from './read-changes.ts';

/** `overtaken`: somebody accepted another payload under the key between our read and our write. */
export type Acceptance = { records: ChangeRecord[]; overtaken: AskedChange[] };

/**
 * Enters new changes into the ledger, each conditional on absence. One after the other, in the order of the delivery:
 * a worker that looks in between sees a beginning of it, never a later change without an earlier one. A crash leaves
 * places of the lane unused, which harms nothing.
 */
export async function acceptInOrder(ports: AcceptPorts, fresh: readonly AskedChange[]): Promise<Acceptance> {
  const entered: Acceptance = { records: [], overtaken: [] };
  const lanes = Map.groupBy(fresh, (one) => one.ref.lane);
  for (const [lane, changes] of lanes) {
    const first = await ports.ledger.takeSequences(lane, changes.length);
    for (const [index, asked] of changes.entries()) {
      const record = newRecord(ports, asked, first + index);
      const written = await ports.ledger.writeChange(record, ABSENT);
      if (written.written) entered.records.push({ ...record, version: 1 });
      else if (written.found === undefined) throw new ForgottenChange(lane);
      else if (isDifferentChange(written.found, asked)) entered.overtaken.push(asked);
      else entered.records.push(written.found);
    }
  }
  return entered;
}

/** Somebody else's change under the same key. */
export function isDifferentChange(found: ChangeRecord | undefined, asked: AskedChange): boolean {
  return found !== undefined && found.fingerprint !== asked.fingerprint;
}

/** The table refused a write because the change was there, and then it was not: only a deletion by hand does that. */
class ForgottenChange extends Error {
  override readonly name = 'ForgottenChange';
  readonly code = 'forgotten-change';

  constructor(lane: Lane) {
    super(`A change of lane ${lane} vanished while it was accepted.`);
  }
}

/** Until when a change waits that is accepted now (epoch ms); undefined if its turn may come. */
export function waitingTime(ports: Pick<AcceptPorts, 'configuration' | 'clock'>, change: ChangeRequest) {
  return waitsUntil(change, freezesOf(ports.configuration, change.tenant), ports.clock.now());
}

function newRecord(ports: AcceptPorts, asked: AskedChange, sequence: number): ChangeRecord {
  const { ref, change, ticket, fingerprint, plan } = asked;
  const scheduledFor = waitingTime(ports, change);
  return {
    version: 0,
    ref,
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
 * Sends what is accepted and not yet sent, then marks it `queued`; answers all records as they now stand. A record that
 * somebody else moved on meanwhile (the worker may have settled it already) stays as they left it.
 */
export async function enqueue(ports: AcceptPorts, records: readonly ChangeRecord[]): Promise<ChangeRecord[]> {
  const unsent = records.filter((record) => record.state === 'accepted');
  if (unsent.length > 0) await ports.queue.send(unsent.map((record) => messageFor(record, 'accept')));
  const sentAt = ports.clock.now();
  return Promise.all(records.map((one) => (one.state === 'accepted' ? markQueued(ports, one, sentAt) : one)));
}

async function markQueued(ports: AcceptPorts, record: ChangeRecord, sentAt: number): Promise<ChangeRecord> {
  const queued: ChangeRecord = { ...record, state: 'queued', sentAt };
  const written = await ports.ledger.writeChange(queued, record.version);
  return written.written ? queued : (written.found ?? queued);
}
