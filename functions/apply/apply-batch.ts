import { generationKey, type Lane } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';

import { finishOutbox } from '../../shared/ledger/outbox.ts';
import { redriveChange } from '../../shared/ledger/redrive-change.ts';
import { classifyRecord, type ParsedRecord, parseRecord, type QueueRecord } from './classify-record.ts';
import type { ApplyPorts, Invocation, LaneEnd } from './lane/ports.ts';
import { workLane } from './work-lane.ts';

/**
 * One batch: read what each record is, work each lane that has open changes, and answer the message ids to be retried.
 * A record is left out of that answer only when its change has its outcome and its sends are done (promise 8).
 */
export async function applyBatch(
  ports: ApplyPorts,
  records: readonly QueueRecord[],
  invocation: Invocation,
): Promise<string[]> {
  const retried: string[] = [];
  const lanes = new Map<Lane, ParsedRecord[]>();
  for (const { letter, found } of await lookUp(ports, records.map(parseRecord))) {
    const open = await sortOut(ports, letter, found);
    if (open === 'done') continue;
    if (open === 'retry') retried.push(letter.record.messageId);
    else lanes.set(open.ref.lane, [...(lanes.get(open.ref.lane) ?? []), letter]);
  }
  for (const [lane, held] of lanes) retried.push(...(await workHeld(ports, lane, held, invocation)));
  return retried;
}

type LookedUp = { letter: ParsedRecord; found: PromiseSettledResult<ChangeRecord | undefined> };

/** The changes that the letters name, asked for together; one that cannot be read is its own letter's error. */
async function lookUp({ ledger }: ApplyPorts, letters: readonly ParsedRecord[]): Promise<LookedUp[]> {
  const asked = letters.map(({ message }) =>
    message === undefined ? Promise.resolve(undefined) : ledger.readChange(message.ref),
  );
  const found = await Promise.allSettled(asked);
  return letters.map((letter, index) => ({ letter, found: found[index] ?? { status: 'fulfilled', value: undefined } }));
}

/** Deals with a record that needs no lane; answers the open change of one that does. */
async function sortOut(
  ports: ApplyPorts,
  letter: ParsedRecord,
  found: LookedUp['found'],
): Promise<ChangeRecord | 'done' | 'retry'> {
  const { messageId } = letter.record;
  try {
    if (found.status === 'rejected') throw found.reason;
    const received = classifyRecord(ports, letter, found.value);
    if (received.kind === 'open') return received.record;
    if (received.kind === 'settled') {
      await finishOutbox(ports, received.record);
      return 'done';
    }
    if (received.kind === 'moved-back') {
      const { kind } = await redriveChange(ports, received.ref, received.generation);
      ports.log.info('failure moved back by hand', { ...received.ref, generation: received.generation, redrive: kind });
      return 'done';
    }
    const { failure } = received;
    ports.log.error('message dead-lettered', { messageId, code: failure.rejection.code });
    ports.meter.count('UnknownOrigin', 1);
    await ports.failures.send(failure);
    return 'done';
  } catch (error) {
    ports.log.error('record could not be sorted out', { messageId, error });
    return 'retry';
  }
}

/** Works a lane, then acknowledges what is settled and defers the rest, as the lane's last act. */
async function workHeld(
  ports: ApplyPorts,
  lane: Lane,
  held: readonly ParsedRecord[],
  invocation: Invocation,
): Promise<string[]> {
  let end: LaneEnd;
  const finished = new Set<string>();
  try {
    end = await workLane(ports, lane, invocation, finished);
  } catch (error) {
    ports.log.error('lane work ended with an error', { lane, error });
    ports.meter.count('WorkerError', 1);
    end = { kind: 'wait', delayMs: ports.timing.deferMinMs, reason: 'worker-error' };
  }
  const open: QueueRecord[] = [];
  const others = held.filter(({ message }) => message === undefined || !finished.has(generationKey(message)));
  for (const { letter, found } of await lookUp(ports, others)) {
    if ((await sortOut(ports, letter, found)) !== 'done') open.push(letter.record);
  }
  if (open.length > 0) await deferAll(ports, lane, open, end);
  return open.map((record) => record.messageId);
}

async function deferAll(ports: ApplyPorts, lane: Lane, open: readonly QueueRecord[], end: LaneEnd): Promise<void> {
  const { deferMinMs, deferMaxMs } = ports.timing;
  const delayMs = end.kind === 'wait' ? Math.min(Math.max(end.delayMs, deferMinMs), deferMaxMs) : 0;
  ports.log.info('deferred', {
    lane,
    records: open.length,
    delayMs,
    reason: end.kind === 'wait' ? end.reason : end.kind,
  });
  try {
    const failed = await ports.deferral.defer(open, delayMs);
    // Those come back when their visibility timeout ends: later than asked, never lost.
    if (failed.length > 0) ports.log.warn('some records could not be deferred', { lane, failed: failed.length });
  } catch (error) {
    ports.log.warn('records could not be deferred', { lane, error });
  }
}
