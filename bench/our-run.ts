import type { WorldOptions } from '../local/world/functions/world-options.ts';
import { startWorld, type World } from '../local/world/world.ts';
import type { LimitMode } from '../local/zpa-simulator/behaviour/rate-limits.ts';
import { lanesOf } from '../shared/domain/lane/change-ref.ts';
import { awaitEmptyQueue } from './await-empty-queue.ts';
import { deliverAll } from './deliver-all.ts';
import { fastWorld } from './fast-world.ts';
import { changesOf, dealt, type Job, type Reference, seedFor } from './jobs.ts';
import { type Tally, tally } from './tally.ts';
import { startWorkerProcess } from './worker-process.ts';

export type Run = Tally & {
  who: string;
  job: string;
  changes: number;
  /** From the first delivery (or call) until the last change was settled (or answered). */
  seconds: number;
};

export type RunOptions = {
  who: string;
  limits: LimitMode;
  /** Of every answer of the simulated ZPA, where there are limits. */
  latencyMs: number;
  reference?: Reference;
  /** One write per change, as if nothing could be put together. */
  oneByOne?: boolean;
  /** So many deliver at once, each its share; default: 1. */
  senders?: number;
};

/** The whole system in real time with the documented budget, or without limits; its worker in a process of its own. */
export async function runOurs(job: Job, options: RunOptions): Promise<Run> {
  const { limits, latencyMs } = options;
  const seed = seedFor(job);
  const real: WorldOptions = { schedules: false, worker: false, simulator: { limits, latencyMs, seed } };
  const world = await startWorld(limits === 'off' ? fastWorld(seed) : real);
  try {
    if (options.oneByOne) await neverCoalesce(world);
    const worker = await startWorkerProcess({
      module: new URL('worker.ts', import.meta.url),
      environment: world.environment,
    });
    try {
      const startedAt = Date.now();
      const shares = dealt(changesOf(job, 'BENCH', options.reference), options.senders ?? 1);
      const refs = (await Promise.all(shares.map((share) => deliverAll(world, share)))).flat();
      await awaitEmptyQueue(world);
      const settled = await world.awaitSettled(refs);
      const settledAt = Math.max(startedAt, ...settled.map((record) => record.outcome?.at ?? Number.NaN));
      const seconds = (settledAt - startedAt) / 1000;
      return { who: options.who, job: job.name, changes: job.steps.length, seconds, ...tally(world.simulator, job) };
    } finally {
      await worker.stop();
    }
  } finally {
    await world.close();
  }
}

/** The lane's own mark for this, as a refused coalesced write leaves it. */
async function neverCoalesce(world: World): Promise<void> {
  for (const lane of lanesOf(world.configuration).keys()) {
    const found = await world.ledger.readLane(lane);
    await world.ledger.writeLane({ ...found, oneByOneUntil: Number.MAX_SAFE_INTEGER }, found.version);
  }
}
