import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunctions, FUNCTION_NAMES } from '../../cdk/functions/bundle-functions.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'cdk-expressions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const thread = (name: string) => join(folder, name, 'jsonata-worker.mjs');
/** Functions that may start the thread. */
const STARTING = ['ingest', 'plan', 'reconcile'];

beforeAll(() => bundleFunctions(root, folder));

describe('JSONata in the bundle', () => {
  it('lies beside functions that may need it, and nowhere else', () => {
    expect(FUNCTION_NAMES.filter((name) => existsSync(thread(name))).toSorted()).toEqual(STARTING);
  });

  it('is no part of what a function loads when it starts', () => {
    // Searches a message of the JSONata library. It is compared as a boolean, so that a failure does not print a bundle.
    const holds = (file: string) => readFileSync(file, 'utf8').includes('The maximum sequence length');
    expect(holds(thread('ingest'))).toBe(true);
    expect(statSync(thread('ingest')).size).toBeLessThan(150 * 1024);
    for (const name of FUNCTION_NAMES) {
      const others = readdirSync(join(folder, name)).filter(
        (file) => file.endsWith('.mjs') && file !== basename(thread(name)),
      );
      expect(others.filter((file) => holds(join(folder, name, file)))).toEqual([]);
    }
  });

  it('answers from its bundled file', async () => {
    const workerData = { expression: '$uppercase(id)', input: '{"id": "t-1"}', maxOutput: 100 };
    const worker = new Worker(thread('ingest'), { workerData });
    expect(await once(worker, 'message')).toEqual([{ ok: true, output: '"T-1"' }]);
    await worker.terminate();
  });
});
