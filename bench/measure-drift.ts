import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { buildOptions } from '../cdk/functions/bundle-functions.ts';
import type { DriftRole, DriftUse } from './drift-process.ts';

const ROOT = resolve(import.meta.dirname, '..');

/** Bundles the measured process as functions are deployed. Each measurement is a process of its own. */
export async function startMeasuring(outdir: string, environment: Record<string, string>) {
  await build({ ...buildOptions(ROOT, outdir), entryPoints: { 'drift-process': 'bench/drift-process.ts' } });
  const module = join(outdir, 'drift-process.mjs');
  return (role: DriftRole): Promise<DriftUse> => {
    const child = fork(module, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.send({ ...role, environment });
    return useOf(child);
  };
}

async function useOf(child: ChildProcess): Promise<DriftUse> {
  const gone = new AbortController();
  const exit = once(child, 'exit', { signal: gone.signal }).then(([code]) => {
    throw new Error(`the measured process ended with ${String(code)}`);
  });
  try {
    const [use] = (await Promise.race([once(child, 'message'), exit])) as [DriftUse];
    return use;
  } finally {
    gone.abort();
    exit.catch(() => undefined);
  }
}
