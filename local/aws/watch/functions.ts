import type { MetricName, Metrics } from './metrics.ts';

/** One of the deployed functions as Lambda sees it: whether it may start, and what is counted of it. */
export type FunctionWatch = {
  /** Its reserved concurrency is 0. */
  isStopped(): boolean;
  /** Uses up one of the crashes that were asked for. */
  takeCrash(): boolean;
  count(metric: 'Invocations' | 'Errors' | 'Throttles'): void;
  /** An invocation begins; call the result when it has ended. */
  begin(): () => void;
};

/** Lambda's side of the local AWS. */
export type LocalFunctions = {
  watch(name: string): FunctionWatch;
  /** Reserved concurrency 0, or none any more. */
  setStopped(name: string, stopped: boolean): void;
  /** The next invocations end as if the runtime had died, before the function does anything. */
  crash(name: string, times: number): void;
  /** Registers who starts a function on request; the world does. */
  onInvoke(start: (name: string) => Promise<unknown>): void;
  invoke(name: string): Promise<unknown>;
  /** Number of invocations under way. */
  running(): number;
  names(): { stopped: string[]; crashing: Record<string, number> };
};

/** The name of a function in AWS, without the deployment: `zpa-changes-sweep` → `sweep`. */
export const plainName = (functionName: string) => functionName.slice(functionName.lastIndexOf('-') + 1);

export function createLocalFunctions(metrics: Metrics): LocalFunctions {
  const stopped = new Set<string>();
  const crashes = new Map<string, number>();
  let running = 0;
  let start: ((name: string) => Promise<unknown>) | undefined;
  const metric = (name: string, FunctionName: string): MetricName => ({
    namespace: 'AWS/Lambda',
    name,
    dimensions: { FunctionName },
  });
  return {
    watch: (name) => ({
      isStopped: () => stopped.has(name),
      takeCrash: () => {
        const left = crashes.get(name) ?? 0;
        if (left <= 1) crashes.delete(name);
        else crashes.set(name, left - 1);
        return left > 0;
      },
      count: (what) => metrics.add(metric(what, name)),
      begin: () => {
        running += 1;
        return () => {
          running -= 1;
        };
      },
    }),
    setStopped: (name, isStopped) => void (isStopped ? stopped.add(name) : stopped.delete(name)),
    crash: (name, times) => void crashes.set(name, times),
    onInvoke: (by) => {
      start = by;
    },
    invoke: async (name) => {
      if (start === undefined) throw new Error('no functions run at this endpoint');
      return start(name);
    },
    running: () => running,
    names: () => ({ stopped: [...stopped], crashing: Object.fromEntries(crashes) }),
  };
}
