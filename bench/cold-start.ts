import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundleFunctions } from '../cdk/functions/bundle-functions.ts';
import { startWorld } from '../local/world/world.ts';
import { bundleClients } from './bundle-clients.ts';

/**
 * Processor time of an import, which other work on the machine changes less than its duration; `sdkMs`: of its AWS
 * clients alone. `startKiB`: of `bundleKiB`, what it loads then.
 */
export type ColdStart = { function: string; startKiB: number; bundleKiB: number; importMs: number; sdkMs: number };

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '..');
const RUNS = 7;

/**
 * Bundles as a deployment does, then imports each bundle, and its AWS clients alone, in fresh processes; medians of
 * seven.
 */
export async function measureColdStarts(): Promise<ColdStart[]> {
  const world = await startWorld({ worker: false, schedules: false });
  const outdir = await mkdtemp(join(tmpdir(), 'zpa-changes-bench-'));
  try {
    const bundles = await bundleFunctions(ROOT, outdir);
    await bundleClients(ROOT, join(outdir, 'sdk'));
    // As a deployment sets it; here no call is made to it.
    const environment = { ...world.environment, PUBLIC_URL: 'http://127.0.0.1' };
    const results: ColdStart[] = [];
    for (const { name, bytes, startBytes } of bundles) {
      const files = [join(outdir, name, 'index.mjs'), join(outdir, 'sdk', `${name}.mjs`)];
      const [importMs = Number.NaN, sdkMs = Number.NaN] = await medianImports(files, environment);
      results.push({ function: name, startKiB: startBytes / 1024, bundleKiB: bytes / 1024, importMs, sdkMs });
    }
    return results;
  } finally {
    await rm(outdir, { recursive: true, force: true });
    await world.close();
  }
}

/** By turns, so that what else the machine does burdens all alike. */
async function medianImports(files: readonly string[], environment: Record<string, string>): Promise<number[]> {
  const times = files.map((): number[] => []);
  for (let index = 0; index < RUNS; index += 1) {
    for (const [at, file] of files.entries()) times[at]?.push(await importMs(file, environment));
  }
  return times.map((of) => of.sort((one, other) => one - other)[Math.floor(RUNS / 2)] ?? Number.NaN);
}

async function importMs(file: string, environment: Record<string, string>): Promise<number> {
  const url = JSON.stringify(pathToFileURL(file).href);
  const script = `const at = process.cpuUsage(); await import(${url}); const { user, system } = process.cpuUsage(at);
    console.log((user + system) / 1000); process.exit()`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env: environment });
  return Number(stdout);
}
