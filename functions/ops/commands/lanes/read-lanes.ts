import type { Lane } from '../../../../shared/domain/lane/change-ref.ts';
import { isWaiting } from '../../../../shared/domain/ledger/schedule.ts';
import { type LaneStanding, laneStanding } from '../../../../shared/domain/notice/lane-standing.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { isUnreadable } from '../../../../shared/ports/error-code.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import type { OpsSession } from '../../session/compose.ts';
import type { TenantsOfLane } from '../../session/lanes.ts';

/** At most this many open changes are counted; more are shown as "more than". */
export const MAX_COUNTED = 1000;

/** `open` counts those that cannot be read as well; `unreadable`: the lane itself, and open changes. */
export type ShownLane = TenantsOfLane & {
  lane: Lane;
  state: LaneStanding['state'] | 'unknown';
  note: string;
  tries?: number;
  since?: number;
  nextAt?: number;
  open: number;
  unreadable: UnreadableRecord[];
};

/** Reads a lane and counts its open changes. A lane whose record cannot be read is `unknown`. */
export async function readShown(session: OpsSession, lane: Lane, tenants: TenantsOfLane): Promise<ShownLane> {
  return (await readLaneNow(session, lane, tenants)).shown;
}

/** A lane with its record (undefined: it cannot be read), and how many of its open changes wait for their time. */
export type ReadLane = { shown: ShownLane; record: LaneRecord | undefined; scheduled: number };

/** As `readShown`, with what it was read from. */
export async function readLaneNow(
  { ledger, clock }: OpsSession,
  lane: Lane,
  tenants: TenantsOfLane,
): Promise<ReadLane> {
  const unreadable: UnreadableRecord[] = [];
  const take = ({ key, why }: UnreadableRecord) => unreadable.push({ key, why });
  const changes = await ledger.openChanges(lane, MAX_COUNTED + 1, undefined, take);
  const open = changes.length + unreadable.length;
  const scheduled = changes.filter(isWaiting).length;
  try {
    const record = await ledger.readLane(lane);
    const standing = laneStanding(record, open, clock.now());
    return { record, scheduled, shown: { lane, ...tenants, open, unreadable, ...standing } };
  } catch (error) {
    if (!isUnreadable(error) || !(error instanceof Error)) throw error;
    unreadable.unshift({ key: 'lane', why: error.message });
    return { record: undefined, scheduled, shown: { lane, ...tenants, open, unreadable, state: 'unknown', note: '' } };
  }
}
