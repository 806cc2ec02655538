import type { Simulator } from '../local/zpa-simulator/simulator.ts';
import type { Job, Step } from './jobs.ts';

/** The calls of one run, as the simulated ZPA counted them. */
export type Tally = {
  /** Everything that was sent: refused calls and sign-ins too. */
  calls: number;
  reads: number;
  /** Writes that ZPA carried out. */
  writes: number;
  /** Calls answered 429. */
  tooMany: number;
  /** Steps of the job that are not in effect at the end. */
  lost: number;
};

export function tally(simulator: Simulator, job: Job): Tally {
  const calls = simulator.log.all();
  const carriedOut = calls.filter((call) => call.status >= 200 && call.status < 300);
  return {
    calls: calls.length,
    reads: carriedOut.filter((call) => call.kind === 'read').length,
    writes: carriedOut.filter((call) => call.kind === 'write').length,
    tooMany: calls.filter((call) => call.status === 429).length,
    lost: stepsLost(simulator, job).length,
  };
}

export function stepsLost({ store }: Simulator, job: Job): Step[] {
  const members = new Map(job.groups.map(({ id }) => [id, new Set(store.members(id))]));
  return job.steps.filter((step) =>
    'description' in step
      ? store.group(step.groupId)?.description !== step.description
      : !members.get(step.groupId)?.has(step.applicationId),
  );
}

const WRITES_PER_WINDOW = 10;
const WINDOW_SECONDS = 10;

/** The least time in which the documented limit lets so many writes start, the first at 0: no client can be faster. */
export const leastSeconds = (writes: number): number => Math.floor((writes - 1) / WRITES_PER_WINDOW) * WINDOW_SECONDS;
