import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { scaleTiming, TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { laneLimits } from '../../../shared/reading/lane-limits.ts';
import type { LaneView } from './snapshot.ts';

type Facts = {
  lane: LaneRecord;
  tenants: string[];
  records: readonly ChangeRecord[];
  configuration: Configuration;
  timeFactor: number;
  now: number;
};

/** A lane as the page shows it. */
export function toLaneView({ lane, tenants, records, configuration, timeFactor, now }: Facts): LaneView {
  const limits = laneLimits(configuration, lane.lane, scaleTiming(TIMING, timeFactor));
  const open = records.filter((record) => record.state !== 'settled').length;
  const inWindow = (calls: readonly number[]) => calls.filter((at) => at > now - limits.windowMs).length;
  return {
    lane: lane.lane,
    tenants,
    ...describe(lane, open, now),
    open,
    settled: records.length - open,
    fence: lane.fence,
    budget: {
      reads: inWindow(lane.budget.reads),
      writes: inWindow(lane.budget.writes),
      readsAllowed: limits.reads,
      writesAllowed: limits.writes,
    },
  };
}

function describe(lane: LaneRecord, open: number, now: number): Pick<LaneView, 'state' | 'note'> {
  if (lane.paused !== undefined) return { state: 'paused', note: `${lane.paused.reason} (${lane.paused.by})` };
  if (lane.stopped !== undefined) {
    const seconds = Math.max(0, Math.ceil((lane.stopped.probeAt - now) / 1000));
    return { state: 'stopped', note: `${lane.stopped.sentence} Next try in ${seconds} s.` };
  }
  const held = lane.lease !== undefined && lane.lease.until > now;
  if (held && lane.intent !== undefined) return { state: 'working', note: describeIntent(lane.intent) };
  if (held) return { state: 'working', note: '' };
  return { state: open > 0 ? 'waiting' : 'idle', note: '' };
}

function describeIntent({ writes, members, cursor }: Intent): string {
  const write = (writes[cursor] ?? writes.at(-1))?.write;
  const together = members.length > 1 ? `, ${members.length} changes in one write` : '';
  if (write?.kind === 'create') return `Creating ${write.name}${together}.`;
  if (write?.kind === 'delete') return `Deleting ${write.groupId}${together}.`;
  return `Updating ${write?.fields.name ?? 'a group'}${together}.`;
}
