import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { scaleTiming, TIMING } from '../../../shared/domain/ledger/timing.ts';
import { laneStanding } from '../../../shared/domain/notice/lane-standing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../shared/domain/records/lane-record.ts';
import { asSentence, formatCount } from '../../../shared/domain/text/sentence.ts';
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
    budget: {
      reads: inWindow(lane.budget.reads),
      writes: inWindow(lane.budget.writes),
      readsAllowed: limits.reads,
      writesAllowed: limits.writes,
      windowSeconds: limits.windowMs / 1000,
    },
  };
}

function describe(lane: LaneRecord, open: number, now: number): Pick<LaneView, 'state' | 'note'> {
  const { state, note, nextAt, tries } = laneStanding(lane, open, now);
  if (state === 'working' && lane.intent !== undefined) return { state, note: describeIntent(lane.intent) };
  const failed = tries === undefined ? '' : ` ${formatCount(tries, 'failed attempt')}.`;
  const next = nextAt === undefined ? '' : ` Next attempt in ${Math.max(0, Math.ceil((nextAt - now) / 1000))} s.`;
  return { state, note: `${note === '' ? '' : asSentence(note)}${failed}${next}`.trim() };
}

function describeIntent({ writes, members, cursor }: Intent): string {
  const write = (writes[cursor] ?? writes.at(-1))?.write;
  const together = members.length > 1 ? `, ${members.length} changes in one write` : '';
  if (write?.kind === 'create') return `Creating ${write.name}${together}.`;
  if (write?.kind === 'delete') return `Deleting ${write.groupId}${together}.`;
  return `Updating ${write?.fields.name ?? 'a group'}${together}.`;
}
