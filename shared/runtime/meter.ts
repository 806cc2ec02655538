import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Meter } from '../ports/ports.ts';
import type { Environment } from './env.ts';

/** CloudWatch namespace of all our metrics; CDK's alarms and dashboard name the same. */
export const METRIC_NAMESPACE = 'zpa-changes';

export type FlushingMeter = Meter & {
  /** Writes what was counted since the last flush; call it at the end of every invocation, in a `finally`. */
  flush(): void;
};

type Group = { dimensions: Record<string, string>; sums: Map<string, number> };

/**
 * Counts are summed per name and dimensions and written by `flush` as CloudWatch embedded metric format on stdout, one
 * line per set of dimensions. Every count appears without dimensions too, so that an alarm over all lanes needs no
 * metric math. An invocation that is killed loses its counts: metrics inform, the ledger proves. Nothing is written where
 * `POWERTOOLS_METRICS_DISABLED` is `true` (the local world).
 */
export function createMeter(service: string, env: Environment = {}): FlushingMeter {
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
      if (env.POWERTOOLS_METRICS_DISABLED === 'true') return;
      for (const group of counted) publish(service, group);
    },
  };
}

/** `service` is a property to search logs by, not a dimension: it would split every metric by function. */
function publish(service: string, { dimensions, sums }: Group): void {
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: service });
  metrics.clearDefaultDimensions();
  metrics.addMetadata('service', service);
  metrics.addDimensions({});
  if (Object.keys(dimensions).length > 0) metrics.addDimensions(dimensions);
  for (const [name, sum] of sums) metrics.addMetric(name, 'Count', sum);
  metrics.publishStoredMetrics();
}
