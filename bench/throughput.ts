import { CUSTOMER } from '../local/world/configuration/seed.ts';
import { zpaWrites } from '../local/world/snapshot/zpa-writes.ts';
import { startWorld } from '../local/world/world.ts';
import { DEFAULT_SEED } from '../local/zpa-simulator/tenant/default-seed.ts';
import { type Delivered, deliverAll } from './deliver-all.ts';
import { fastWorld } from './fast-world.ts';
import { startWorkerProcess } from './worker-process.ts';

/** One kind of traffic through the whole system, and the applications it needs in ZPA. */
type Load = {
  name: string;
  changes: (count: number) => Delivered[];
  applications: (count: number) => { id: string; name: string }[];
};

export type Throughput = {
  load: string;
  changes: number;
  seconds: number;
  changesPerSecond: number;
  workerCpuMsPerChange: number;
  zpaWrites: number;
};

/** From the first delivery until the last change is settled and owes nothing; the worker runs in a process of its own. */
export async function measureThroughput(load: Load, count: number): Promise<Throughput> {
  const seed = { ...DEFAULT_SEED, customerId: CUSTOMER, applications: load.applications(count) };
  const groups = [{ id: '216196257331400000', name: 'Bench' }];
  const world = await startWorld(fastWorld({ ...seed, groups, rules: [] }));
  try {
    const worker = await startWorkerProcess({
      module: new URL('worker.ts', import.meta.url),
      environment: world.environment,
    });
    try {
      const cpuBefore = await worker.cpuMs();
      const startedAt = performance.now();
      await world.awaitSettled(await deliverAll(world, load.changes(count)));
      const seconds = (performance.now() - startedAt) / 1000;
      const cpuMs = (await worker.cpuMs()) - cpuBefore;
      return {
        load: load.name,
        changes: count,
        seconds,
        changesPerSecond: count / seconds,
        workerCpuMsPerChange: cpuMs / count,
        zpaWrites: zpaWrites(world.simulator).length,
      };
    } finally {
      await worker.stop();
    }
  } finally {
    await world.close();
  }
}

const change = (index: number) => ({ schemaVersion: 1, tenant: 'acme-prod', idempotencyKey: `BENCH-${index}@1` });

function benchApplications(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: String(216196257331500000n + BigInt(index)),
    name: `Bench ${index}`,
  }));
}

/** Every change a group of its own, and many for one group: without and with coalescing. */
export const LOADS: readonly Load[] = [
  {
    name: 'a new group each',
    applications: () => [],
    changes: (count) =>
      Array.from({ length: count }, (_, index) => ({
        ...change(index),
        action: 'create',
        group: { name: `Bench ${index}` },
      })),
  },
  {
    name: 'an application each into one group',
    applications: benchApplications,
    changes: (count) =>
      benchApplications(count).map(({ id }, index) => ({
        ...change(index),
        action: 'update',
        group: { name: 'Bench' },
        applications: { add: [{ id }] },
      })),
  },
];
