import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundleFunctions } from '../cdk/functions/bundle-functions.ts';
import { startWorld } from '../local/world/world.ts';

export type ColdStart = { function: string; bundleKiB: number; importMs: number };

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '..');
const RUNS = 7;

/** Bundles as a deployment does, then imports each bundle in fresh processes; the median of seven. */
export async function measureColdStarts(): Promise<ColdStart[]> {
  const world = await startWorld({ worker: false, schedules: false });
  const outdir = await mkdtemp(join(tmpdir(), 'zpa-changes-bench-'));
  try {
    const bundles = await bundleFunctions(ROOT, outdir, world.environment.CONFIGURATION_FILE ?? '');
    // As a deployment sets it; here no call is made to it.
    const environment = { ...world.environment, PUBLIC_URL: 'http://127.0.0.1' };
    const results: ColdStart[] = [];
    for (const { name, bytes } of bundles) {
      const importMs = await medianImport(join(outdir, name, 'index.mjs'), environment);
      results.push({ function: name, bundleKiB: bytes / 1024, importMs });
    }
    return results;
  } finally {
    await rm(outdir, { recursive: true, force: true });
    await world.close();
  }
}

async function medianImport(file: string, environment: Record<string, string>): Promise<number> {
  const script = `const at = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); process.stdout.write(String(performance.now() - at)); process.exit()`;
  const times: number[] = [];
  for (let index = 0; index < RUNS; index += 1) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env: environment });
    times.push(Number(stdout));
  }
  return times.sort((one, other) => one - other)[Math.floor(RUNS / 2)] ?? Number.NaN;
}
