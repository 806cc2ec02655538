import { parseSchedule, type Schedule } from '../../shared/domain/configuration/schedule-expression.ts';
import type { Clock } from '../../shared/ports/ports.ts';
import { machineClock } from '../aws/common/scaled-clock.ts';
import { invoke, type LambdaFunction } from './invocation.ts';

export type ScheduledFunction = {
  /** `rate(1 minute)` or `cron(0 6 * * ? *)`, as EventBridge Scheduler writes them (cron in UTC). */
  expression: string;
  function: LambdaFunction<Record<string, never>>;
};

export type Run = { name: string; startedAt: number; result?: unknown; error?: unknown };

export type SchedulerOptions = {
  functions: readonly ScheduledFunction[];
  /** `rate` intervals are divided by it; `cron` keeps to the wall clock. */
  timeFactor?: number;
  clock?: Clock;
  /** Awaited before the run counts as over. Rejects: the run was noted nowhere. */
  onRun?: (run: Run) => unknown;
};

export type Scheduler = {
  /** Runs a function now, after a run of it that is under way; answers its result or rejects with its error. */
  runNow(name: string): Promise<unknown>;
  /** Epoch milliseconds of the next planned run. */
  nextAt(name: string): number | undefined;
  close(options?: { kill?: boolean }): Promise<void>;
};

/** One timer sleeps at most this long (`setTimeout` counts in 31 bits). */
const LONGEST_SLEEP_MS = 24 * 3_600_000;

type Job = {
  schedule: Schedule;
  fn: ScheduledFunction['function'];
  nextAt: number | undefined;
  last: Promise<unknown>;
};

/**
 * Throws if an expression cannot be read. A planned run that falls into one under way is left out (AWS would start it
 * beside it), and a failed run is not retried before the next.
 */
export function startScheduler(options: SchedulerOptions): Scheduler {
  const clock = options.clock ?? machineClock;
  const closing = new AbortController();
  const jobs = new Map<string, Job>();
  for (const { expression, function: fn } of options.functions) {
    const read = parseSchedule(expression);
    if ('fault' in read) throw new Error(`schedule "${expression}" cannot be read: ${read.fault}`);
    jobs.set(fn.name, { schedule: read.schedule, fn, nextAt: undefined, last: Promise.resolve() });
  }
  const run = (job: Job): Promise<unknown> => {
    const mine = job.last.then(() => runOnce(job.fn, clock, options.onRun));
    job.last = mine.catch(() => undefined);
    return mine;
  };
  const loops = [...jobs.values()].map((job) => keepTime(job, run, clock, options.timeFactor ?? 1, closing.signal));
  return {
    runNow: async (name) => {
      const job = jobs.get(name);
      if (job === undefined) throw new Error(`no function ${name} is scheduled`);
      return run(job);
    },
    nextAt: (name) => jobs.get(name)?.nextAt,
    close: async ({ kill = false } = {}) => {
      closing.abort(new Error('closing'));
      if (kill) return;
      await Promise.all(loops);
      await Promise.all([...jobs.values()].map((job) => job.last));
    },
  };
}

async function runOnce(fn: ScheduledFunction['function'], clock: Clock, onRun: SchedulerOptions['onRun']) {
  const startedAt = clock.now();
  const invoked = await invoke(fn, {}, clock);
  if (invoked.outcome === 'returned') {
    await onRun?.({ name: fn.name, startedAt, result: invoked.result });
    return invoked.result;
  }
  // Lambda tries a run that may not start for hours; here its next run comes first.
  if (invoked.outcome === 'throttled') throw new Error(`${fn.name} may not start: its reserved concurrency is 0`);
  const error = invoked.outcome === 'threw' ? invoked.error : new Error(`${fn.name} timed out`);
  await onRun?.({ name: fn.name, startedAt, error });
  throw error;
}

async function keepTime(
  job: Job,
  run: (job: Job) => Promise<unknown>,
  clock: Clock,
  timeFactor: number,
  signal: AbortSignal,
): Promise<void> {
  const after = (at: number) =>
    job.schedule.kind === 'rate' ? at + job.schedule.everyMs / timeFactor : job.schedule.nextAfter(at);
  job.nextAt = after(clock.now());
  while (job.nextAt !== undefined && !signal.aborted) {
    const left = job.nextAt - clock.now();
    if (left > 0) {
      await clock.sleep(Math.min(left, LONGEST_SLEEP_MS), signal).catch(() => undefined);
      continue;
    }
    await run(job).catch(() => undefined);
    job.nextAt = after(Math.max(job.nextAt, clock.now()));
  }
}
