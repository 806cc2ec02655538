import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BundledFunction, bundleFunctions, FUNCTION_NAMES } from '../../cdk/functions/bundle-functions.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'cdk-bundle-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let bundled: BundledFunction[] = [];
beforeAll(async () => {
  bundled = await bundleFunctions(root, folder);
});

const KIB = 1024;
/** Maximum size that Lambda has to load at a cold start. Those with a route answer the internet: 1 MiB at most. */
const BUDGET = {
  ingest: 1024,
  status: 600,
  catalog: 700,
  apply: 1250,
  sweep: 700,
  reconcile: 1050,
  round: 700,
  drift: 1100,
  plan: 1200,
  notify: 950,
  audit: 700,
};

describe('the bundle', () => {
  it.each(FUNCTION_NAMES)('%s keeps within its budget of KiB', (name) => {
    const bytes = bundled.find((one) => one.name === name)?.bytes;
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(BUDGET[name] * KIB);
  });

  it.each(FUNCTION_NAMES)('%s is one minified module with its source map', (name) => {
    const code = readFileSync(join(folder, name, 'index.mjs'), 'utf8');
    expect(code.trimEnd()).toMatch(/\/\/# sourceMappingURL=index\.mjs\.map$/);
    expect(code.split('\n').length).toBeLessThan(code.length / 1000);
    expect(existsSync(join(folder, name, 'index.mjs.map'))).toBe(true);
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
