import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { CUSTOMER } from '../local/seed.ts';
import { startWorld, type World } from '../local/world.ts';
import { DEFAULT_SEED } from '../local/zpa-simulator/default-seed.ts';
import { zpaWrites } from '../local/zpa-writes.ts';

/** One kind of traffic through the whole system, and the applications it needs in ZPA. */
export type Load = {
  name: string;
  changes: (count: number) => Record<string, unknown>[];
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

/** ZPA's limits out of the way, and the product's own budget at the most that a configuration allows. */
const FAST = {
  timeFactor: 10,
  schedules: false,
  worker: false,
  configure: (configuration) => ({
    ...configuration,
    tenants: Object.fromEntries(
      Object.entries(configuration.tenants).map(([name, tenant]) => [
        name,
        { ...tenant, budget: { reads: 1000, writes: 1000 } },
      ]),
    ),
  }),
} as const satisfies Parameters<typeof startWorld>[0];

const DELIVERY = 100;
const SOURCE = 'ops';

/** From the first delivery until the last change is settled and owes nothing; the worker runs in a process of its own. */
export async function measureThroughput(load: Load, count: number): Promise<Throughput> {
  const seed = { ...DEFAULT_SEED, customerId: CUSTOMER, applications: load.applications(count) };
  const groups = [{ id: '216196257331400000', name: 'Bench' }];
  const world = await startWorld({ ...FAST, simulator: { limits: 'off', seed: { ...seed, groups, rules: [] } } });
  const worker = fork(new URL('worker.ts', import.meta.url), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    worker.send(world.environment);
    await once(worker, 'message');
    const cpuBefore = await readCpuMs(worker);
    const startedAt = performance.now();
    const keys = await deliverAll(world, load.changes(count));
    await world.settled(world.refs(SOURCE, keys));
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuMs = (await readCpuMs(worker)) - cpuBefore;
    return {
      load: load.name,
      changes: count,
      seconds,
      changesPerSecond: count / seconds,
      workerCpuMsPerChange: cpuMs / count,
      zpaWrites: zpaWrites(world.simulator).length,
    };
  } finally {
    worker.disconnect();
    await once(worker, 'exit');
    await world.close();
  }
}

async function deliverAll(world: World, changes: Record<string, unknown>[]): Promise<string[]> {
  for (let start = 0; start < changes.length; start += DELIVERY) {
    const answer = await world.deliver(SOURCE, { changes: changes.slice(start, start + DELIVERY) });
    if (answer.status !== 202) throw new Error(`a delivery was answered ${answer.status}`);
  }
  return changes.map((change) => String(change.idempotencyKey));
}

async function readCpuMs(worker: ChildProcess): Promise<number> {
  worker.send('cpu');
  const [usage] = (await once(worker, 'message')) as [NodeJS.CpuUsage];
  return (usage.user + usage.system) / 1000;
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
