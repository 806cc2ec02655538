import type { AlarmState } from '../../../shared/aws/inspect/alarms.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';
import type { Clock } from '../../../shared/ports/ports.ts';
import { type Finding, formatSpan, ok, wrong } from './finding.ts';

type Alarms = { alarms(): Promise<AlarmState[]>; clock: Pick<Clock, 'now'> };

export const DESCRIBE_ALARMS = ['cloudwatch:DescribeAlarms'];

/** Checks that no alarm of the stack stands. */
export async function checkAlarms({ alarms, clock }: Alarms): Promise<Finding[]> {
  const all = await alarms();
  if (all.length === 0) return [wrong('the stack has no alarms', 'Deploy the stack again.')];
  const standing = all.filter(({ state }) => state === 'ALARM');
  if (standing.length === 0) return [ok(`${formatCount(all.length, 'alarm')}, none of them in ALARM`)];
  return standing.map(({ name, since }) =>
    wrong(`in ALARM since ${formatSpan(clock.now() - since)}`, `docs/runbook.md, "${name}".`, name),
  );
}
