import type { Lane } from '../../shared/domain/lane/change-ref.ts';
import type { QueueRecord } from '../../shared/ports/ports.ts';
import { type ParsedRecord, parseRecord } from './classify-record.ts';
import type { Invocation } from './lane/lane-hold.ts';
import type { ApplyPorts } from './lane/ports.ts';
import { workRecords } from './work-records.ts';

/**
 * Works the lanes of one batch side by side, because one of them may take the whole invocation. Each lane sorts out, works,
 * acknowledges and defers its own records: neither a fault nor a wait of another one delays them. Returns the message ids to
 * be retried.
 */
export async function applyBatch(
  ports: ApplyPorts,
  records: readonly QueueRecord[],
  invocation: Invocation,
): Promise<string[]> {
  const lanes = Map.groupBy(records.map(parseRecord), laneOf);
  const suspect = lanes.size > 1 ? await laneAfterCrash(ports, [...lanes.keys()]) : undefined;
  let underWay = lanes.size;
  async function work([lane, share]: readonly [Lane, ParsedRecord[]]): Promise<string[]> {
    const returnsAtOnce = suspect !== undefined && lane !== suspect;
    const retried = returnsAtOnce ? await giveBack(ports, share) : await workRecords(ports, lane, share, invocation);
    const ids = retried.map((record) => record.messageId);
    underWay -= 1;
    if (underWay > 0)
      await acknowledge(
        ports,
        lane,
        share.filter((record) => !ids.includes(record.messageId)),
      );
    return ids;
  }
  return (await Promise.all([...lanes].map(work))).flat();
}

/** A record without a change has a share of the batch to itself. */
const laneOf = ({ message, movedBack, messageId }: ParsedRecord): Lane => (message ?? movedBack)?.ref.lane ?? messageId;

/**
 * The first lane whose last worker ended with changes in hand. It is worked alone: if it crashes this worker too, no change of
 * another lane gets a strike for it. A lane that cannot be read now, or that another worker holds, is worked like the others.
 */
async function laneAfterCrash({ ledger, clock }: ApplyPorts, lanes: readonly Lane[]): Promise<Lane | undefined> {
  const readings = await Promise.allSettled(lanes.map((lane) => ledger.readLane(lane)));
  const found = readings.flatMap((reading) => (reading.status === 'fulfilled' ? [reading.value] : []));
  const now = clock.now();
  return found.find(({ working, lease }) => {
    if (working === undefined || (lease !== undefined && lease.until > now)) return false;
    return lease !== undefined || working.strikes > 0;
  })?.lane;
}

/** Returns the records to the queue at once, for a worker of their own. */
async function giveBack(ports: ApplyPorts, records: readonly ParsedRecord[]): Promise<readonly ParsedRecord[]> {
  try {
    await ports.deferral.defer(records, 0);
  } catch (error) {
    ports.log.warn('records could not be given back', { records: records.length, error });
  }
  return records;
}

/**
 * Takes the records of a lane that has ended off the queue while other lanes of the batch are worked: until then SQS delivers no
 * other message of the lane's group, and if the worker dies of another lane, not before the visibility timeout ends. What
 * fails here is acknowledged by the answer of the batch.
 */
async function acknowledge(ports: ApplyPorts, lane: Lane, done: readonly ParsedRecord[]): Promise<void> {
  if (done.length === 0) return;
  try {
    const kept = await ports.acknowledgement.acknowledge(done);
    if (kept.length > 0) ports.log.warn('some records are acknowledged later', { lane, records: kept.length });
  } catch (error) {
    ports.log.warn('records are acknowledged later', { lane, error });
  }
}
