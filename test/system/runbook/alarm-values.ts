import type { World } from '../../../local/world/world.ts';
import { type AlarmProperties, alarmsOf } from '../../cdk/read-alarm.ts';
import { CONFIGURATION, readable, synthesise } from '../../cdk/synthesise.ts';

type Watched = { namespace: string; name: string; dimensions: Record<string, string> };

/** An alarm of the stack, with its metrics under the names that they have in the local world. */
export type WatchedAlarm = {
  name: string;
  threshold: number;
  /** The alarm stands while the value is below the threshold. */
  isHeartbeat: boolean;
  value(world: World, from: number): number;
};

const { resources } = synthesise();
const queues = resources('AWS::SQS::Queue');

/** Every alarm of the stack. */
export const watchedAlarms: WatchedAlarm[] = alarmsOf(resources).map((alarm) => ({
  name: String(alarm.AlarmName).slice(`${CONFIGURATION.name}-`.length),
  threshold: Number(alarm.Threshold),
  isHeartbeat: alarm.ComparisonOperator === 'LessThanThreshold',
  value: readerOf(alarm),
}));

export const isStanding = ({ isHeartbeat, threshold, value }: WatchedAlarm, world: World, from: number) =>
  isHeartbeat ? value(world, from) < threshold : value(world, from) >= threshold;

function readerOf({ Metrics = [], Namespace, MetricName, Dimensions }: AlarmProperties) {
  const expression = Metrics.find(({ Expression }) => Expression)?.Expression;
  if (expression === undefined) {
    const one = localName({ Namespace: String(Namespace), MetricName: String(MetricName), Dimensions });
    return (world: World, from: number) => read(world, one, from);
  }
  const parts = Metrics.flatMap(({ Id, MetricStat }) =>
    MetricStat === undefined ? [] : [[Id, localName(MetricStat.Metric)] as const],
  );
  // Both expressions of the stack are sums: `FILL(a, 0) + FILL(b, 0)` and `runs - failed`.
  const sign = (id: string) => (expression.includes(`- ${id}`) ? -1 : 1);
  return (world: World, from: number) => parts.reduce((sum, [id, one]) => sum + sign(id) * read(world, one, from), 0);
}

function read({ endpoint }: World, wanted: Watched, from: number): number {
  if (wanted.namespace !== 'AWS/SQS') return endpoint.metrics.sum(wanted, from);
  const found = endpoint
    .queueMetrics()
    .find(({ name, dimensions }) => name === wanted.name && dimensions.QueueName === wanted.dimensions.QueueName);
  if (found === undefined) throw new Error(`no queue ${wanted.dimensions.QueueName}`);
  return found.value;
}

type TemplateMetric = {
  Namespace: string;
  MetricName: string;
  Dimensions?: { Name: string; Value: unknown }[] | undefined;
};

/** The template's references as names of the local world: its stack has another name, and one API. */
function localName({ Namespace, MetricName, Dimensions = [] }: TemplateMetric): Watched {
  const dimensions = Dimensions.filter(({ Name }) => Name !== 'ApiId').map(({ Name, Value }) => {
    const text = readable(Value);
    if (Name === 'FunctionName') return [Name, text.replace(/Function$/, '')];
    if (Name === 'TableName') return [Name, `zpa-changes-${text.toLowerCase()}`];
    if (Name === 'QueueName') {
      const queueName = String(queues[text.replace('.QueueName', '')]?.Properties.QueueName);
      return [Name, queueName.replace(CONFIGURATION.name, 'zpa-changes')];
    }
    return [Name, text];
  });
  const namespace = Namespace === CONFIGURATION.name ? 'zpa-changes' : Namespace;
  return { namespace, name: MetricName, dimensions: Object.fromEntries(dimensions) };
}
