import type { Clock } from '../../shared/ports.ts';
import type { LambdaFunction } from './invocation.ts';

export type ScheduledFunction = {
  /** `rate(1 minute)` or `cron(0 6 * * ? *)`, as EventBridge Scheduler writes them (cron in UTC). */
  expression: string;
  function: LambdaFunction<Record<string, never>>;
};

export type SchedulerOptions = {
  functions: readonly ScheduledFunction[];
  /** `rate` intervals are divided by it; `cron` keeps to the wall clock. */
  timeFactor?: number;
  clock?: Clock;
  onRun?: (run: { name: string; startedAt: number; result?: unknown; error?: unknown }) => void;
};

export type Scheduler = {
  /** Runs a function now, after a run of it that is under way; answers its result or rejects with its error. */
  runNow(name: string): Promise<unknown>;
  /** Epoch milliseconds of the next planned run. */
  nextAt(name: string): number | undefined;
  close(options?: { kill?: boolean }): Promise<void>;
};

export function startScheduler(_options: SchedulerOptions): Scheduler {
  throw new Error('being built');
}
