import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { COUNTED, type Counted } from '../../../shared/runtime/meter.ts';

/** A metric as CloudWatch names it. */
export type MetricName = { namespace: string; name: string; dimensions: Record<string, string> };

type Datum = MetricName & { place: number; at: number; value: number };

/** The counted metrics of this AWS, as CloudWatch would hold them; those of queues are read from the queues. */
export type Metrics = {
  add(metric: MetricName, value?: number): void;
  /** The place after the newest datum, from which a later sum may begin. */
  mark(): number;
  /** The sum from this place on. */
  sum(metric: MetricName, from: number): number;
  /** The sums since this time (epoch ms), of each metric that counted something. */
  sumsSince(at: number): (MetricName & { value: number })[];
  /** Calls `listener` after each datum; returns how to stop that. */
  onAdd(listener: () => void): () => void;
  close(): void;
};

/** A world that runs for days keeps the newest of them only. */
const MOST_KEPT = 50_000;

/** Collects what the functions count whose endpoint this is, and what the local AWS counts itself. */
export function openMetrics(now: () => number, endpoint: () => string): Metrics {
  let data: Datum[] = [];
  let place = 0;
  const listeners = new Set<() => void>();
  const add = (metric: MetricName, value = 1) => {
    if (data.length >= MOST_KEPT) data = data.slice(MOST_KEPT / 2);
    data.push({ ...metric, value, at: now(), place });
    place += 1;
    for (const listener of listeners) listener();
  };
  const onCounted = (message: unknown) => {
    const { endpoint: of, namespace, name, value, dimensions } = message as Counted;
    if (of !== endpoint()) return;
    // As in CloudWatch, a count with dimensions is there without them too.
    add({ namespace, name, dimensions: {} }, value);
    if (Object.keys(dimensions).length > 0) add({ namespace, name, dimensions }, value);
  };
  subscribe(COUNTED.name, onCounted);
  return {
    add,
    mark: () => place,
    sum: (metric, from) => total(data.filter((one) => one.place >= from && keyOf(one) === keyOf(metric))),
    sumsSince: (at) => {
      const recent = Map.groupBy(
        data.filter((one) => one.at >= at),
        keyOf,
      );
      return [...recent.values()].flatMap((all) => all.slice(0, 1).map((one) => ({ ...one, value: total(all) })));
    },
    onAdd(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => void unsubscribe(COUNTED.name, onCounted),
  };
}

const total = (data: readonly Datum[]) => data.reduce((sum, { value }) => sum + value, 0);

const keyOf = ({ namespace, name, dimensions }: MetricName) =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
