import { zpaWrites } from '../local/world/snapshot/zpa-writes.ts';
import { startWorld, type World } from '../local/world/world.ts';
import { awaitEmptyQueue } from './await-empty-queue.ts';
import { deliverAll } from './deliver-all.ts';
import { fastWorld } from './fast-world.ts';
import { addsJob, changesOf, type Job, type Step, seedFor, updatesJob } from './jobs.ts';
import { createIdempotencyTable, IDEMPOTENCY_TABLE, sendOrders } from './plain-side.ts';
import { stepsLost } from './tally.ts';
import { startWorkerProcess } from './worker-process.ts';

export type WorkerCpu = {
  load: string;
  changes: number;
  oursMsPerChange: number;
  plainMsPerChange: number;
  ratio: number;
  oursWrites: number;
  plainWrites: number;
};

/** Arrival of the changes: all before the worker starts, or each when the one before it is done. */
type Arrival = 'all at once' | 'one at a time';
type Load = { name: string; job: (count: number) => Job; arrival: Arrival };

export const CPU_LOADS: readonly Load[] = [
  { name: 'a group each, all at once', job: updatesJob, arrival: 'all at once' },
  { name: 'a group each, one at a time', job: updatesJob, arrival: 'one at a time' },
  { name: 'adds to 5 groups, all at once', job: (count) => addsJob(count, 'round-robin'), arrival: 'all at once' },
];

/** Puts these steps into the queue, by the side's own means. */
type Send = (world: World, job: Job, key: string) => Promise<unknown>;
type Side = {
  module: URL;
  environment: Record<string, string>;
  prepare: (world: World) => Promise<void>;
  send: Send;
};

const OURS: Side = {
  module: new URL('worker.ts', import.meta.url),
  environment: {},
  prepare: async () => {},
  send: async (world, job, key) => deliverAll(world, changesOf(job, key)),
};
const PLAIN: Side = {
  module: new URL('plain-worker.ts', import.meta.url),
  environment: { IDEMPOTENCY_TABLE },
  prepare: createIdempotencyTable,
  send: (world, job, key) => sendOrders(world, job.steps, key),
};

export type CpuOptions = {
  changes: number;
  /** Worked before the measured ones, so that code is compiled and connections are open. */
  warmUp: number;
  /** Ours and the plain one in turn, so many times; medians count. */
  rounds: number;
  /** Folder for CPU profiles of our worker. */
  profileTo?: string | undefined;
};

/** The same changes by our worker and by a plain handler, each in a process of its own; CPU time of that process. */
export async function measureWorkerCpu(load: Load, options: CpuOptions): Promise<WorkerCpu> {
  const ours: Measured[] = [];
  const plain: Measured[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    ours.push(await measureSide(OURS, load, options));
    plain.push(await measureSide(PLAIN, load, { ...options, profileTo: undefined }));
  }
  const [oursMs, plainMs] = [medianMs(ours), medianMs(plain)];
  return {
    load: load.name,
    changes: options.changes,
    oursMsPerChange: oursMs,
    plainMsPerChange: plainMs,
    ratio: oursMs / plainMs,
    oursWrites: ours[0]?.writes ?? 0,
    plainWrites: plain[0]?.writes ?? 0,
  };
}

type Measured = { msPerChange: number; writes: number };

async function measureSide(side: Side, load: Load, options: CpuOptions): Promise<Measured> {
  const { changes, warmUp } = options;
  const job = load.job(warmUp + changes);
  const world = await startWorld(fastWorld(seedFor(job)));
  try {
    await side.prepare(world);
    const environment = { ...world.environment, ...side.environment };
    const worker = await startWorkerProcess({ module: side.module, environment, profileTo: options.profileTo });
    try {
      await side.send(world, { ...job, steps: job.steps.slice(0, warmUp) }, 'WARM');
      await awaitEmptyQueue(world);
      const writesBefore = zpaWrites(world.simulator).length;
      const before = await worker.cpuMs();
      for (const [index, steps] of portions(job.steps.slice(warmUp), load.arrival).entries()) {
        await side.send(world, { ...job, steps }, `BENCH-${index}`);
        await awaitEmptyQueue(world);
      }
      const msPerChange = ((await worker.cpuMs()) - before) / changes;
      judge(world, job);
      return { msPerChange, writes: zpaWrites(world.simulator).length - writesBefore };
    } finally {
      await worker.stop();
    }
  } finally {
    await world.close();
  }
}

const portions = (steps: Step[], arrival: Arrival): Step[][] =>
  arrival === 'all at once' ? [steps] : steps.map((step) => [step]);

/** A figure counts only if the work was done. */
function judge({ simulator }: World, job: Job): void {
  const lost = stepsLost(simulator, job);
  if (lost.length > 0) throw new Error(`${lost.length} changes are not in effect`);
}

function medianMs(measured: readonly Measured[]): number {
  const sorted = measured.map((one) => one.msPerChange).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
