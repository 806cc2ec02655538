import { readable, type Synthesised } from './synthesise.ts';

type Dimension = { Name: string; Value: unknown };
type AlarmMetric = { Namespace: string; MetricName: string; Dimensions?: Dimension[] };
type Query = { Id: string; Expression?: string; MetricStat?: { Metric: AlarmMetric; Period: number; Stat: string } };
export type AlarmProperties = Record<string, unknown> &
  Partial<AlarmMetric> & { Metrics?: Query[]; Statistic?: string };

export const alarmsOf = (resources: Synthesised['resources']): AlarmProperties[] =>
  Object.values(resources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

/** The metrics that an alarm watches: its own, or those of its expression. */
export function metricsOf({ Namespace, MetricName, Dimensions, Metrics }: AlarmProperties): AlarmMetric[] {
  if (Metrics !== undefined) return Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
  return [{ Namespace: String(Namespace), MetricName: String(MetricName), ...(Dimensions && { Dimensions }) }];
}

/** Length of a period in seconds, the same for all metrics of an alarm. */
export const periodOf = ({ Period, Metrics = [] }: AlarmProperties): number =>
  Number(Period ?? Metrics.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period);

const metricText = (stat: unknown, { Namespace, MetricName, Dimensions = [] }: AlarmMetric) =>
  `${stat} ${Namespace} ${MetricName}${Dimensions.map(({ Name, Value }) => `[${Name}=${readable(Value)}]`).join('')}`;

/** An alarm as one line: name, what it watches, threshold. */
export function readAlarm(alarm: AlarmProperties): string {
  const sign = alarm.ComparisonOperator === 'LessThanThreshold' ? '<' : '>=';
  const expression = alarm.Metrics?.find(({ Expression }) => Expression)?.Expression;
  const metrics = (alarm.Metrics ?? []).flatMap(({ Id, MetricStat }) =>
    MetricStat ? [`${Id} = ${metricText(MetricStat.Stat, MetricStat.Metric)}`] : [],
  );
  const watched = expression
    ? `${expression} (${metrics.join(', ')})`
    : metricsOf(alarm)
        .map((metric) => metricText(alarm.Statistic, metric))
        .join();
  return `${alarm.AlarmName}: ${watched} ${sign} ${alarm.Threshold}`;
}
