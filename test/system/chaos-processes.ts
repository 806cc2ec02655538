import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export type Address = { url: string; secrets: Record<string, string>; environment: Record<string, string> };
export type FromWorld = Address | { written: number };

/** The world and its workers as processes, to be killed and started again. */
export type Processes = {
  /** The world's present address; it changes when it is started again. */
  address(): Address;
  /** Resolves when ZPA has seen so many more writes than now, or after `atMostMs`. */
  progress(writes: number, atMostMs: number): Promise<void>;
  killWorker(which: number): Promise<void>;
  killAll(): Promise<void>;
  startAll(): Promise<void>;
};

const WORKERS = 2;

export function createProcesses(dataDir: string): Processes {
  let world: ChildProcess | undefined;
  let workers: ChildProcess[] = [];
  let address: Address | undefined;
  let written = 0;
  let heard = () => {};

  const known = () => {
    if (address === undefined) throw new Error('the world is not up');
    return address;
  };

  async function startWorld(): Promise<void> {
    const child = fork(new URL('chaos-world.ts', import.meta.url), [dataDir]);
    world = child;
    const up = Promise.withResolvers<void>();
    child.once('exit', () => up.reject(new Error('the world ended while it started')));
    child.on('message', (message: FromWorld) => {
      if ('url' in message) {
        address = message;
        up.resolve();
      } else {
        written = message.written;
        heard();
      }
    });
    await up.promise;
  }

  function startWorker(): ChildProcess {
    const child = fork(new URL('chaos-worker.ts', import.meta.url));
    child.send(known().environment, () => undefined);
    return child;
  }

  return {
    address: known,
    async progress(writes, atMostMs) {
      const goal = written + writes;
      const { promise, resolve } = Promise.withResolvers<void>();
      heard = () => {
        if (written >= goal) resolve();
      };
      const timer = setTimeout(resolve, atMostMs);
      await promise;
      clearTimeout(timer);
    },
    async killWorker(which) {
      const index = which % WORKERS;
      await kill(workers[index]);
      workers[index] = startWorker();
    },
    async killAll() {
      await Promise.all([world, ...workers].map(kill));
      workers = [];
      world = undefined;
    },
    async startAll() {
      await startWorld();
      workers = Array.from({ length: WORKERS }, startWorker);
    },
  };
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
