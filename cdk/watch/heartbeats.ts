import { Duration } from 'aws-cdk-lib';
import { MathExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { STARTED } from '../../shared/deployment/resources.ts';
import { parseSchedule } from '../../shared/domain/configuration/schedule-expression.ts';
import { longestGapMs } from '../../shared/domain/configuration/schedule-gap.ts';
import type { AlarmDeclaration } from './declaration.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Longest time over a gap that passes before the alarm: a late start and a repeated run have an hour each. */
const PATIENCE_MS = 2 * HOUR_MS;

/**
 * Longest time between two runs that an alarm can watch. CloudWatch looks at most seven days back, and at most one day
 * with periods shorter than an hour (API reference, `PutMetricAlarm`, `Period`).
 */
export const LONGEST_WATCHED_MS = 7 * 24 * HOUR_MS - PATIENCE_MS;

/**
 * The longest time between two runs of a schedule that is valid; 0 for another, which the deployment refuses by itself.
 */
export function gapOf(expression: string): number {
  const read = parseSchedule(expression);
  return 'fault' in read ? 0 : longestGapMs(read.schedule, LONGEST_WATCHED_MS);
}

/** The periods without a good run after which a schedule counts as stopped: three gaps, or one and two hours more. */
export function silenceOf(expression: string): { period: Duration; evaluationPeriods: number } {
  const gapMs = gapOf(expression);
  const periodMs = gapMs < HOUR_MS ? 5 * MINUTE_MS : HOUR_MS;
  const silenceMs = Math.min(3 * gapMs, gapMs + PATIENCE_MS);
  return { period: Duration.millis(periodMs), evaluationPeriods: Math.max(3, Math.ceil(silenceMs / periodMs)) };
}

const IMPACTS = {
  sweep: 'The sweep does not run: changes whose queue message was lost and scheduled changes are not applied.',
  reconcile: 'The reconciliation does not run: approvals and withdrawals whose webhook was lost are not processed.',
  drift: 'Drift reports are not made: edits made without a ticket go unnoticed, and catalogs become outdated.',
} as const;

type ScheduleName = keyof typeof IMPACTS;

/**
 * One alarm per schedule that starts when no run ended well for too long, also because its schedule is switched off.
 * Lambda's own metrics prove a good run: an invocation that throws, is killed or runs out of time counts as an error. A
 * metric of ours would be lost with a killed invocation, and cost three times as much.
 */
export function heartbeats(
  expressions: Record<ScheduleName, string>,
  functions: Record<(typeof STARTED)[ScheduleName], LambdaFunction>,
): AlarmDeclaration[] {
  return (['sweep', 'reconcile', 'drift'] as const).map((name) => {
    const { period, evaluationPeriods } = silenceOf(expressions[name]);
    const sum = { period, statistic: Stats.SUM };
    const started = functions[STARTED[name]];
    const usingMetrics = { runs: started.metricInvocations(sum), failed: started.metricErrors(sum) };
    const metric = new MathExpression({
      expression: 'runs - failed',
      usingMetrics,
      label: `successful runs of ${name}`,
      period,
    });
    return {
      name: `${name}-silent`,
      impact: IMPACTS[name],
      metric,
      threshold: 1,
      evaluationPeriods,
      isHeartbeat: true,
    };
  });
}
