import { channel } from 'node:diagnostics_channel';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Meter } from '../ports/ports.ts';
import type { Environment } from './env.ts';

/** Every flushed sum, for a subscriber in the same process: the local world shows its metrics by it. */
export const COUNTED = channel('zpa-changes.counted');

/** `endpoint` tells the worlds of one process apart. */
export type Counted = {
  endpoint: string | undefined;
  namespace: string;
  name: string;
  value: number;
  dimensions: Record<string, string>;
};

export type FlushingMeter = Meter & {
  /** Writes the counts since the last flush; call it at the end of every invocation, in a `finally`. */
  flush(): void;
};

type Group = { dimensions: Record<string, string>; sums: Map<string, number> };

/**
 * Sums counts per name and dimensions. `flush` writes them to stdout in CloudWatch embedded metric format, one line per
 * set of dimensions, in the namespace of the stack's name: in an account with two of them, neither's alarms see what
 * the other counts. Every count is also written without dimensions, so that an alarm over all lanes needs no metric
 * math. An invocation that is killed loses its counts, which is acceptable because the ledger holds the facts. Nothing
 * is written if `POWERTOOLS_METRICS_DISABLED` is `true` (the local world).
 */
export function createMeter(service: string, env: Environment = {}): FlushingMeter {
  const namespace = env.STACK_NAME ?? 'zpa-changes';
  const groups = new Map<string, Group>();
  return {
    count(name, value, dimensions = {}) {
      const key = JSON.stringify(Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1)));
      const group = groups.get(key) ?? { dimensions, sums: new Map<string, number>() };
      group.sums.set(name, (group.sums.get(name) ?? 0) + value);
      groups.set(key, group);
    },
    flush() {
      const counted = [...groups.values()];
      groups.clear();
      for (const { dimensions, sums } of counted) {
        for (const [name, value] of sums) {
          COUNTED.publish({ endpoint: env.AWS_ENDPOINT_URL, namespace, name, value, dimensions } satisfies Counted);
        }
      }
      if (env.POWERTOOLS_METRICS_DISABLED === 'true') return;
      for (const group of counted) publish({ namespace, serviceName: service }, group);
    },
  };
}

/** `service` is a log property and not a dimension, because a dimension would split every metric by function. */
function publish(writer: { namespace: string; serviceName: string }, { dimensions, sums }: Group): void {
  const metrics = new Metrics(writer);
  metrics.clearDefaultDimensions();
  metrics.addMetadata('service', writer.serviceName);
  metrics.addDimensions({});
  if (Object.keys(dimensions).length > 0) metrics.addDimensions(dimensions);
  for (const [name, sum] of sums) metrics.addMetric(name, 'Count', sum);
  metrics.publishStoredMetrics();
}
