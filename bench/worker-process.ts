import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A worker in a process of its own, so that its CPU is measured apart from the rest. */
export type WorkerProcess = {
  /** CPU time since its start, all threads, user and system. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
};

type Options = {
  /** Its module; `run-worker-process.ts` states its duties. */
  module: URL;
  environment: Record<string, string>;
  /** Folder for a CPU profile, written when the worker stops. */
  profileTo?: string | undefined;
};

export async function startWorkerProcess({ module, environment, profileTo }: Options): Promise<WorkerProcess> {
  const child = fork(module, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: profileTo === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileTo}`],
  });
  child.send(environment);
  await answer(child);
  return {
    cpuMs: async () => {
      child.send('cpu');
      const usage = (await answer(child)) as NodeJS.CpuUsage;
      return (usage.user + usage.system) / 1000;
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}

async function answer(child: ChildProcess): Promise<unknown> {
  const gone = new AbortController();
  const exit = once(child, 'exit', { signal: gone.signal }).then(([code]) => {
    throw new Error(`the worker's process ended with ${String(code)}`);
  });
  try {
    const [message] = await Promise.race([once(child, 'message'), exit]);
    return message;
  } finally {
    gone.abort();
    exit.catch(() => undefined);
  }
}
