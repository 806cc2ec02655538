import { describe, expect, it } from 'vitest';
import { LONGEST_WATCHED_MS, silenceOf } from '../../cdk/watch/heartbeats.ts';
import { readAlarms } from '../../shared/aws/inspect/alarms.ts';
import { parseSchedule } from '../../shared/domain/configuration/schedule-expression.ts';
import { longestGapMs } from '../../shared/domain/configuration/schedule-gap.ts';
import { openScriptedAws } from '../wire/aws/scripted-aws.ts';
import { alarmsOf, periodOf } from './read-alarm.ts';
import { CONFIGURATION, synthesise } from './synthesise.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function gapOf(expression: string): number {
  const read = parseSchedule(expression);
  if ('fault' in read) throw new Error(read.fault);
  return longestGapMs(read.schedule, Number.POSITIVE_INFINITY) / 1000;
}

describe('the longest time between two runs', () => {
  it.each([
    ['rate(15 minutes)', 15 * MINUTE],
    ['rate(2 days)', 2 * DAY],
    ['cron(0 6 * * ? *)', DAY],
    ['cron(* 8-17 * * ? *)', 14 * HOUR + MINUTE],
    ['cron(30 4 ? * MON-FRI *)', 3 * DAY],
    ['cron(0 8,18 * * ? *)', 14 * HOUR],
    ['cron(0 6 ? * TUE *)', 7 * DAY],
    ['cron(0 6 1 * ? *)', 31 * DAY],
    ['cron(0 6 * 1-6 ? *)', 185 * DAY],
  ])('of %s', (expression, seconds) => {
    expect(gapOf(expression)).toBe(seconds);
  });
});

describe('a schedule is silent for', () => {
  it.each([
    ['rate(1 minute)', 15 * MINUTE],
    ['rate(15 minutes)', 45 * MINUTE],
    ['rate(1 hour)', 3 * HOUR],
    ['cron(0 6 * * ? *)', DAY + 2 * HOUR],
    ['cron(30 4 ? * MON-FRI *)', 3 * DAY + 2 * HOUR],
  ])('%s before its alarm starts', (expression, seconds) => {
    const { period, evaluationPeriods } = silenceOf(expression);
    expect(period.toSeconds() * evaluationPeriods).toBe(seconds);
  });

  it.each(['rate(1 minute)', 'rate(59 minutes)', 'rate(60 minutes)', 'rate(23 hours)', 'rate(6 days)'])(
    '%s: within what CloudWatch looks back, a day below periods of an hour and seven days else',
    (expression) => {
      const { period, evaluationPeriods } = silenceOf(expression);
      const lookBack = period.toSeconds() * evaluationPeriods;
      expect(lookBack).toBeLessThanOrEqual(period.toSeconds() < HOUR ? DAY : 7 * DAY);
      expect(lookBack).toBeGreaterThan(gapOf(expression));
    },
  );

  it('the longest gap that is allowed is watched for seven days', () => {
    const { period, evaluationPeriods } = silenceOf(`rate(${LONGEST_WATCHED_MS / 3_600_000} hours)`);
    expect(period.toSeconds() * evaluationPeriods).toBe(7 * DAY);
  });
});

it('each schedule of the stack has the alarm that its own interval needs, and no run at all is an alarm', () => {
  const silent = alarmsOf(synthesise().resources).filter(({ AlarmName }) => String(AlarmName).endsWith('-silent'));
  const windows = silent.map((alarm) => {
    expect(alarm).toMatchObject({ TreatMissingData: 'breaching', DatapointsToAlarm: alarm.EvaluationPeriods });
    return [alarm.AlarmName, periodOf(alarm) * Number(alarm.EvaluationPeriods)];
  });
  expect(windows).toEqual([
    ['harbour-sweep-silent', 15 * MINUTE],
    ['harbour-reconcile-silent', 45 * MINUTE],
    ['harbour-drift-silent', 3 * DAY + 2 * HOUR],
  ]);
});

it('is what doctor reads from the alarm, as it is deployed', async () => {
  const deployed = alarmsOf(synthesise().resources).map((alarm) => ({
    ...alarm,
    AlarmActions: ['arn:aws:sns:eu-west-1:1:harbour-alarms'],
    StateValue: 'OK',
    StateUpdatedTimestamp: 1_764_576_000,
  }));
  const aws = await openScriptedAws(() => ({ body: { MetricAlarms: deployed } }));
  const read = await readAlarms({ env: aws.env, stack: 'harbour', topic: 'harbour-alarms' });
  await aws.close();
  expect(read).toHaveLength(deployed.length);
  const { schedules } = CONFIGURATION;
  for (const [name, expression] of Object.entries(schedules)) {
    const { period, evaluationPeriods } = silenceOf(expression);
    const silent = read.find((one) => one.name === `${name}-silent`);
    expect([name, silent?.quietMs]).toEqual([name, period.toMilliseconds() * evaluationPeriods]);
  }
});
