import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { OwnMetric } from './metrics.ts';

/** Every alarm states its impact on people, because the person on call reads that sentence first. */
export type AlarmDeclaration = {
  /** Also the title of the alarm's section in docs/runbook.md. */
  name: string;
  impact: string;
  metric: IMetric;
  /** The alarm starts at this value and above. */
  threshold: number;
  /** Number of the metric's periods for which one bad period keeps the alarm on, by default 1. */
  evaluationPeriods?: number;
  /** The alarm starts instead when every period is below the threshold, and a period without data counts as that. */
  isHeartbeat?: true;
};

export const FIVE_MINUTES = Duration.minutes(5);
export const highest = { period: FIVE_MINUTES, statistic: Stats.MAXIMUM };
export const total = { period: FIVE_MINUTES, statistic: Stats.SUM };

/** A metric that the functions of a stack count, over all lanes and sources; its namespace is the stack's name. */
export const ownMetric = (stackName: string, metricName: OwnMetric) =>
  new Metric({ namespace: stackName, metricName, ...total });

/**
 * The sum of several metrics, a missing one taken as 0. CloudWatch allows ten metrics to an alarm, and bills each of
 * them like an alarm of its own.
 */
export function sumOf(metrics: Record<string, IMetric>, label: string): MathExpression {
  const expression = Object.keys(metrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics: metrics, label, period: FIVE_MINUTES });
}
