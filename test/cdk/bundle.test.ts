import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BundledFunction, bundleFunctions, FUNCTION_NAMES } from '../../cdk/functions/bundle-functions.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'cdk-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let bundled: BundledFunction[] = [];
beforeAll(async () => {
  bundled = await bundleFunctions(root, folder);
});

const modulesOf = (name: string) => readdirSync(join(folder, name)).filter((file) => file.endsWith('.mjs'));

const KIB = 1024;
/**
 * Maximum size that Lambda has to load at a cold start, and with what is loaded later: 1 MiB for what answers the
 * internet.
 */
const BUDGET = {
  ingest: [625, 900],
  status: [420, 480],
  catalog: [620, 660],
  apply: [950, 1140],
  sweep: [550, 610],
  reconcile: [600, 890],
  round: [420, 480],
  drift: [790, 1030],
  plan: [830, 1060],
  notify: [670, 950],
  audit: [570, 620],
} as const;

describe('the bundle', () => {
  it.each(FUNCTION_NAMES)('%s keeps within its budget of KiB', (name) => {
    const { startBytes = 0, bytes = 0 } = bundled.find((one) => one.name === name) ?? {};
    const [atStart, inAll] = BUDGET[name];
    expect(startBytes).toBeGreaterThan(0);
    expect(startBytes).toBeLessThan(atStart * KIB);
    expect(bytes).toBeGreaterThan(startBytes);
    expect(bytes).toBeLessThan(inAll * KIB);
  });

  it.each(FUNCTION_NAMES)('%s is minified, each file with its source map', (name) => {
    for (const file of modulesOf(name)) {
      const code = readFileSync(join(folder, name, file), 'utf8');
      expect(code.trimEnd().endsWith(`//# sourceMappingURL=${file}.map`)).toBe(true);
      expect(existsSync(join(folder, name, `${file}.map`))).toBe(true);
    }
    const code = readFileSync(join(folder, name, 'index.mjs'), 'utf8');
    expect(code.split('\n').length).toBeLessThan(code.length / 1000);
  });

  it.each(FUNCTION_NAMES)('%s can load every file that it may need later', async (name) => {
    const later = modulesOf(name).filter((file) => !['index.mjs', 'jsonata-worker.mjs'].includes(file));
    const script = `for (const file of ${JSON.stringify(later)}) await import(new URL(file, process.argv[1]));`;
    const loading = promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      script,
      `file://${folder}/${name}/`,
    ]);
    expect((await loading).stderr).toBe('');
  });

  it('ingest loads the clients of ticket systems with the first call of one', () => {
    const atStart = readFileSync(join(folder, 'ingest', 'index.mjs'), 'utf8');
    expect(atStart).toMatch(/import\("\.\/ticket-clients-\w+\.mjs"\)/);
  });

  it.each(['apply', 'plan'])('%s loads the S3 client with the first catalog that it reads', (name) => {
    const atStart = readFileSync(join(folder, name, 'index.mjs'), 'utf8');
    expect(atStart).toMatch(/import\("\.\/catalog-store-\w+\.mjs"\)/);
  });

  it('drift loads what a report ends in after its first reading: the clients of S3 and SNS, and the rendering', () => {
    const atStart = readFileSync(join(folder, 'drift', 'index.mjs'), 'utf8');
    expect(atStart).toMatch(/import\("\.\/open-outputs-\w+\.mjs"\)/);
    expect(atStart).toMatch(/import\("\.\/keep-report-\w+\.mjs"\)/);
  });

  it('starts as Lambda would start it: every module exports a handler and needs nothing outside its folder', async () => {
    const script = `
      const names = ${JSON.stringify(FUNCTION_NAMES)};
      for (const name of names)
        console.log(name, typeof (await import(new URL(name + '/index.mjs', process.argv[1]))).handler);`;
    const env = {
      AWS_REGION: 'eu-west-1',
      STACK_NAME: 'harbour',
      SETTINGS_TABLE: 'settings',
      TABLE_NAME: 'ledger',
      CHANGES_QUEUE_URL: 'https://sqs.example.org/1/changes.fifo',
      FAILURES_QUEUE_URL: 'https://sqs.example.org/1/failures.fifo',
      NOTICES_QUEUE_URL: 'https://sqs.example.org/1/notices',
      PLANS_QUEUE_URL: 'https://sqs.example.org/1/plans.fifo',
      DRIFT_QUEUE_URL: 'https://sqs.example.org/1/drift.fifo',
      PUBLIC_URL: 'https://front.example.org',
      OUTCOMES_TOPIC_ARN: 'arn:aws:sns:eu-west-1:1:outcomes',
      REPORTS_BUCKET: 'reports',
      AUDIT_BUCKET: 'audit',
      NODE_OPTIONS: '--enable-source-maps',
    };
    const started = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, `file://${folder}/`], {
      cwd: folder,
      env,
    });
    expect((await started).stdout.trim().split('\n')).toEqual(FUNCTION_NAMES.map((name) => `${name} function`));
  });
});

const thread = (name: string) => join(folder, name, 'jsonata-worker.mjs');
/** Functions that may start the thread. */
const STARTING = ['ingest', 'plan', 'reconcile'];

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
