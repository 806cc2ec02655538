import type { AlarmState } from '../../../shared/aws/inspect/alarms.ts';
import type { Clock } from '../../../shared/ports/ports.ts';
import { couldNotCheck, type Finding, formatSpan, ok, skipped, unknown, wrong } from './finding.ts';

/**
 * `lastGoodRun`: epoch ms, to five minutes; undefined: none since `from`. The alarms know how long a schedule may be
 * silent. `madeAt`: when the stack was made, epoch ms; undefined: nobody knows.
 */
export type Schedules = {
  names: readonly string[];
  alarms(): Promise<AlarmState[]>;
  lastGoodRun(name: string, span: { from: number; until: number }): Promise<number | undefined>;
  madeAt?(): Promise<number | undefined>;
  clock: Pick<Clock, 'now'>;
};

const WEEK_MS = 7 * 86_400_000;
/** CloudWatch counts in periods of five minutes and shows them some minutes later. */
const DELAY_MS = 600_000;

export const RUNS = ['cloudwatch:GetMetricData', 'cloudwatch:DescribeAlarms'];

/** Checks that each schedule had a run that ended well, as lately as its alarm asks for. */
export async function checkSchedules(schedules: Schedules): Promise<Finding[]> {
  const alarms = await schedules.alarms();
  const found: Finding[] = [];
  for (const name of schedules.names) {
    const alarm = alarms.find((one) => one.name === `${name}-silent`);
    try {
      found.push(await checkSchedule(schedules, name, alarm));
    } catch (error) {
      found.push(couldNotCheck(error, RUNS, name));
    }
  }
  return found;
}

async function checkSchedule(schedules: Schedules, name: string, alarm: AlarmState | undefined) {
  const { lastGoodRun, clock } = schedules;
  const until = clock.now();
  const at = await lastGoodRun(name, { from: until - WEEK_MS, until });
  const remedy = `docs/runbook.md, "${name}-silent".`;
  if (at === undefined) return judgeNoRun(name, until - ((await schedules.madeAt?.()) ?? 0), alarm, remedy);
  const last = `the last successful run was ${formatSpan(until - at)} ago`;
  if (alarm === undefined)
    return unknown(`${last}; its expected interval is unknown, because it has no alarm`, 'Deploy.', name);
  if (until - at <= alarm.quietMs + DELAY_MS) return ok(last, name);
  return wrong(`${last}; expected at least every ${formatSpan(alarm.quietMs)}`, remedy, name);
}

/** A stack that is younger than the time between two runs need not have had one. */
function judgeNoRun(name: string, age: number, alarm: AlarmState | undefined, remedy: string): Finding {
  if (alarm !== undefined && age <= alarm.quietMs + DELAY_MS) {
    const every = `expected at least every ${formatSpan(alarm.quietMs)}`;
    return skipped(`no run yet: the stack is ${formatSpan(age)} old; ${every}`, name);
  }
  return wrong(`no successful run ${age < WEEK_MS ? 'since the stack was created' : 'for a week'}`, remedy, name);
}
