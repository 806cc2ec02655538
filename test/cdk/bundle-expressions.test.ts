import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunctions, FUNCTION_NAMES } from '../../cdk/functions/bundle-functions.ts';

const root = resolve(import.meta.dirname, '../..');
const example = resolve(root, 'cdk/configuration.example.json');
const folder = mkdtempSync(join(tmpdir(), 'cdk-expressions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const thread = (outdir: string, name: string) => join(folder, outdir, name, 'jsonata-worker.mjs');
/** Functions that may start the thread. */
const STARTING = ['ingest', 'plan', 'reconcile'];

beforeAll(async () => {
  const configuration = JSON.parse(readFileSync(example, 'utf8'));
  const approval = { gate: { ticket: 'id', approved: [{ field: 'state', oneOf: ['approved'] }] } };
  configuration.sources.desk = { system: 'Desk', mapping: { jsonata: '{"ticket": id}' }, approval };
  writeFileSync(join(folder, 'expressions.json'), JSON.stringify(configuration));
  await bundleFunctions(root, join(folder, 'tables'), example);
  await bundleFunctions(root, join(folder, 'expressions'), join(folder, 'expressions.json'));
});

describe('JSONata in the bundle', () => {
  it('lies beside functions that may need it, if a source does, and nowhere else', () => {
    const having = (outdir: string) => FUNCTION_NAMES.filter((name) => existsSync(thread(outdir, name)));
    expect(having('expressions').toSorted()).toEqual(STARTING);
    expect(having('tables')).toEqual([]);
  });

  it('is no part of what a function loads when it starts', () => {
    // Searches a message of the JSONata library. It is compared as a boolean, so that a failure does not print a bundle.
    const holds = (file: string) => readFileSync(file, 'utf8').includes('The maximum sequence length');
    expect(holds(thread('expressions', 'ingest'))).toBe(true);
    expect(statSync(thread('expressions', 'ingest')).size).toBeLessThan(150 * 1024);
    for (const name of FUNCTION_NAMES) expect(holds(join(folder, 'expressions', name, 'index.mjs')), name).toBe(false);
  });

  it('answers from its bundled file', async () => {
    const workerData = { expression: '$uppercase(id)', input: '{"id": "t-1"}', maxOutput: 100 };
    const worker = new Worker(thread('expressions', 'ingest'), { workerData });
    expect(await once(worker, 'message')).toEqual([{ ok: true, output: '"T-1"' }]);
    await worker.terminate();
  });
});
