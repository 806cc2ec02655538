import { setTimeout as sleep } from 'node:timers/promises';
import { startWorld, type World } from '../local/world/world.ts';

export type IngestLatency = { deliveries: number; p50Ms: number; p99Ms: number };

/** One change per delivery, one delivery at a time, no worker on the queue: the time that a ticket system waits. */
export function measureIngest(deliveries: number, warmUp: number): Promise<IngestLatency> {
  return inWorld(warmUp, deliveries, async (deliver) => {
    const times: number[] = [];
    for (let index = 0; index < deliveries; index += 1) times.push(await deliver(performance.now()));
    return times;
  });
}

/** So many a second, however long each takes: timed from when it was due, so that what waits its turn counts. */
export function measureIngestUnderLoad(deliveries: number, warmUp: number, perSecond: number): Promise<IngestLatency> {
  return inWorld(warmUp, deliveries, (deliver) => {
    const begin = performance.now();
    const due = Array.from({ length: deliveries }, (_, index) => begin + (index * 1000) / perSecond);
    return Promise.all(
      due.map(async (at) => {
        await sleep(Math.max(0, at - performance.now()));
        return await deliver(at);
      }),
    );
  });
}

type Deliver = (since: number) => Promise<number>;

async function inWorld(warmUp: number, deliveries: number, work: (deliver: Deliver) => Promise<number[]>) {
  const world = await startWorld({ worker: false, schedules: false });
  try {
    let next = 0;
    const deliver: Deliver = (since) => deliverOne(world, next++, since);
    for (let index = 0; index < warmUp; index += 1) await deliver(performance.now());
    const times = (await work(deliver)).toSorted((one, other) => one - other);
    return { deliveries, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
  } finally {
    await world.close();
  }
}

/** Milliseconds from `since` until it is answered. */
async function deliverOne(world: World, index: number, since: number): Promise<number> {
  const answer = await world.deliver('ops', {
    schemaVersion: 1,
    tenant: 'acme-prod',
    idempotencyKey: `BENCH-${index}@1`,
    action: 'create',
    group: { name: `Bench ${index}` },
  });
  if (answer.status !== 202) throw new Error(`a delivery was answered ${answer.status}`);
  return performance.now() - since;
}

/** Nearest rank. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
