import { generationKey, type Lane } from '../../shared/domain/lane/change-ref.ts';
import type { RedriveRefusal } from '../../shared/domain/ledger/redrive-decision.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { redriveChange } from '../../shared/ledger/redrive-change.ts';
import { errorCode } from '../../shared/ports/error-code.ts';
import type { QueueRecord } from '../../shared/ports/ports.ts';
import { classifyRecord, isOpen, type ParsedRecord } from './classify-record.ts';
import { finishOwed } from './lane/finish-owed.ts';
import type { Invocation, LaneEnd } from './lane/lane-hold.ts';
import type { ApplyPorts } from './lane/ports.ts';
import { deferralMs } from './lane/wait-in-place.ts';
import { workLane } from './work-lane.ts';

/**
 * Does what the records of one lane ask for: sorts out each of them, works the lane if one of its changes is open, and answers
 * those to be retried. A record is left out of them only when its change has its outcome and its sends are done (promise 8).
 */
export async function workRecords(
  ports: ApplyPorts,
  lane: Lane,
  records: readonly ParsedRecord[],
  invocation: Invocation,
): Promise<QueueRecord[]> {
  const handled = { done: [] as ParsedRecord[], retry: [] as ParsedRecord[], open: [] as ParsedRecord[] };
  for (const { record, reading } of await readChanges(ports, records)) {
    handled[await handleRecord(ports, record, reading)].push(record);
  }
  const { retry, open } = handled;
  return open.length === 0 ? retry : [...retry, ...(await workLaneRecords(ports, lane, open, invocation))];
}

type Reading = PromiseSettledResult<ChangeRecord | undefined>;

/** Reads the changes of all records together; a failed read is an error of its own record only. */
async function readChanges(
  { ledger }: ApplyPorts,
  records: readonly ParsedRecord[],
): Promise<{ record: ParsedRecord; reading: Reading }[]> {
  const readings = await Promise.allSettled(
    records.map(({ message }) => (message === undefined ? undefined : ledger.readChange(message.ref))),
  );
  return records.map((record, index) => ({
    record,
    reading: readings[index] ?? { status: 'fulfilled', value: undefined },
  }));
}

/** Handles a record that needs no lane; `open`: its change needs the lane. */
async function handleRecord(
  ports: ApplyPorts,
  record: ParsedRecord,
  reading: Reading,
): Promise<'done' | 'retry' | 'open'> {
  const { messageId, movedBack } = record;
  try {
    if (reading.status === 'rejected') throw reading.reason;
    if (movedBack !== undefined) return await redriveMovedBack(ports, movedBack);
    const classified = classifyRecord(ports, record, reading.value);
    if ('change' in classified) {
      if (isOpen(classified.change, record)) return 'open';
      const finished = await finishOwed(ports, [classified.change]);
      return finished.length > 0 ? 'done' : await setAside(ports, record);
    }
    const { failure } = classified;
    ports.log.error('message dead-lettered', { messageId, code: failure.rejection.code });
    ports.meter.count('UnknownOrigin', 1);
    await ports.failures.send(failure);
    return 'done';
  } catch (error) {
    ports.log.error('record could not be sorted out', { messageId, error });
    return errorCode(error) === 'record-malformed' ? setAside(ports, record) : 'retry';
  }
}

/**
 * The message of a change whose record cannot be read, or whose outcome cannot be sent, waits in a group of its own: in the lane's
 * group it would hold up the messages of all other changes.
 */
async function setAside(ports: ApplyPorts, { message, ...record }: ParsedRecord): Promise<'done' | 'retry'> {
  try {
    if (message !== undefined && message.apartAt === undefined) {
      await ports.queue.send([{ ...message, apartAt: ports.clock.now() }]);
      return 'done';
    }
    await ports.deferral.defer([record], ports.timing.deferMaxMs);
  } catch (error) {
    ports.log.warn('record could not be set aside', { messageId: record.messageId, error });
  }
  return 'retry';
}

/** Refusals that end by themselves or by the restored record: until then the message comes again. */
const COMES_AGAIN: ReadonlySet<RedriveRefusal['code']> = new Set(['earlier-member', 'record-unreadable'] as const);

/** The console moves failures back in any order, so a member of a change set comes again until those before it have come. */
async function redriveMovedBack(
  ports: ApplyPorts,
  { ref, generation }: NonNullable<ParsedRecord['movedBack']>,
): Promise<'done' | 'retry'> {
  const decision = await redriveChange(ports, ref, generation);
  ports.log.info('failure moved back by hand', { ...ref, generation, redrive: decision.kind });
  return decision.kind === 'refused' && COMES_AGAIN.has(decision.refusal.code) ? 'retry' : 'done';
}

/** Works a lane; its last act defers the records of unsettled changes, which it answers. */
async function workLaneRecords(
  ports: ApplyPorts,
  lane: Lane,
  records: readonly ParsedRecord[],
  invocation: Invocation,
): Promise<QueueRecord[]> {
  let end: LaneEnd;
  const finished = new Set<string>();
  try {
    const apart = records.every(({ message }) => message?.apartAt !== undefined);
    end = await workLane(ports, lane, invocation, finished, apart);
  } catch (error) {
    ports.log.error('lane work ended with an error', { lane, error });
    ports.meter.count('WorkerError', 1);
    end = { kind: 'wait', delayMs: ports.timing.deferMinMs, reason: 'worker-error' };
  }
  const open: QueueRecord[] = [];
  const others = records.filter(({ message }) => message === undefined || !finished.has(generationKey(message)));
  for (const { record, reading } of await readChanges(ports, others)) {
    if ((await handleRecord(ports, record, reading)) !== 'done') open.push(record);
  }
  if (open.length > 0) await deferRecords(ports, lane, open, end);
  return open;
}

/**
 * So often a message comes back within seconds while another worker holds the lane: that one may be about to leave it, and may not
 * have seen what this message is about.
 */
const EARLY_RECEIVES = 2;

async function deferRecords(ports: ApplyPorts, lane: Lane, open: readonly QueueRecord[], end: LaneEnd): Promise<void> {
  const isEarly = open.some(({ receiveCount }) => receiveCount <= EARLY_RECEIVES);
  const isHeld = end.kind === 'wait' && end.reason === 'lease-held';
  const delayMs = isHeld && isEarly ? ports.timing.deferMinMs / 6 : deferralMs(ports.timing, end);
  ports.log.info('deferred', {
    lane,
    records: open.length,
    delayMs,
    reason: end.kind === 'wait' ? end.reason : end.kind,
  });
  try {
    const failed = await ports.deferral.defer(open, delayMs);
    // These return when their visibility timeout ends: later than requested, but never lost.
    if (failed.length > 0) ports.log.warn('some records could not be deferred', { lane, failed: failed.length });
  } catch (error) {
    ports.log.warn('records could not be deferred', { lane, error });
  }
}
