import { startWorld } from '../local/world.ts';

export type IngestLatency = { deliveries: number; p50Ms: number; p99Ms: number };

/** One change per delivery, one delivery at a time, nobody working the queue: what a ticket system waits for. */
export async function measureIngest(deliveries: number, warmUp: number): Promise<IngestLatency> {
  const world = await startWorld({ worker: false, schedules: false });
  try {
    const times: number[] = [];
    for (let index = 0; index < warmUp + deliveries; index += 1) {
      const startedAt = performance.now();
      const answer = await world.deliver('ops', {
        schemaVersion: 1,
        tenant: 'acme-prod',
        idempotencyKey: `BENCH-${index}@1`,
        action: 'create',
        group: { name: `Bench ${index}` },
      });
      if (answer.status !== 202) throw new Error(`a delivery was answered ${answer.status}`);
      if (index >= warmUp) times.push(performance.now() - startedAt);
    }
    times.sort((one, other) => one - other);
    return { deliveries, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
  } finally {
    await world.close();
  }
}

/** Nearest rank. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
