import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { workerConcurrency } from '../../cdk/configuration/deployment-faults.ts';
import { CONFIGURATION_VARIABLE, readDeployment } from '../../cdk/configuration/load-configuration.ts';
import { CONFIGURATION } from './synthesise.ts';

const folder = mkdtempSync(join(tmpdir(), 'cdk-configuration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const example = resolve(import.meta.dirname, '../../cdk/configuration.example.json');
const plain = {
  name: 'harbour',
  tenants: { quay: { customerId: '100000000000000001', vanity: 'quay' } },
  sources: { desk: { system: 'Desk' } },
};

function written(value: unknown): Record<string, string> {
  const path = join(folder, 'configuration.json');
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return { [CONFIGURATION_VARIABLE]: path };
}

const reading = (value: unknown) => () => readDeployment(written(value));

describe('the configuration to deploy', () => {
  it('is the file that the environment names', () => {
    const deployment = readDeployment(written(plain));
    expect(deployment).toMatchObject({ path: join(folder, 'configuration.json'), isExample: false });
    expect(deployment.configuration).toMatchObject({ name: 'harbour', region: 'eu-central-1' });
  });

  it('is known as the example also when it is named', () => {
    expect(readDeployment({ [CONFIGURATION_VARIABLE]: example }).isExample).toBe(true);
  });

  it('may be missing only if nobody named it', () => {
    const missing = { [CONFIGURATION_VARIABLE]: join(folder, 'nowhere.json') };
    expect(() => readDeployment(missing)).toThrow(/nowhere\.json cannot be used:\n.*must exist and be readable/);
  });

  it.each([
    ['text that is not JSON', '{"name": ', /must be JSON/],
    [
      'an id as a number',
      { ...plain, tenants: { quay: { customerId: 1, vanity: 'q' } } },
      /tenants\.quay\.customerId = 1: /,
    ],
    ['an unknown field', { ...plain, colour: 'blue' }, /colour: is not a field of the configuration; remove it/],
    ['no tenant', { ...plain, tenants: {} }, /tenants = \{\}: needs at least one/],
    ['no source', { ...plain, sources: {} }, /sources = \{\}: needs at least one/],
    [
      'an endpoint of the local world',
      { ...plain, tenants: { quay: { ...plain.tenants.quay, endpoint: 'http://127.0.0.1:8787' } } },
      /tenants\.quay\.endpoint = http:\/\/127\.0\.0\.1:8787: is for the local world only; remove it/,
    ],
    [
      'a schedule that AWS would refuse',
      { ...plain, schedules: { drift: 'cron(0 6 * * * *)' } },
      /schedules\.drift = cron\(0 6 \* \* \* \*\): exactly one of day of month and day of week/,
    ],
    [
      'two sources that would share an output',
      { ...plain, sources: { 'help-desk': { system: 'a' }, help_desk: { system: 'b' } } },
      /sources\.help_desk = help_desk: rename it: .* WebhookUrlHelpDesk with "help-desk"/,
    ],
    [
      'more lanes than Lambda has room for',
      { ...plain, tenants: manyTenants(999) },
      /tenants: needs 1001 concurrent workers, Lambda allows 1000; split it/,
    ],
  ])('%s: path, value and remedy', (_, value, message) => {
    expect(reading(value)).toThrow(message);
  });

  it('names all faults at once', () => {
    expect(reading({ ...plain, sources: {}, schedules: { sweep: 'rate(0 minutes)' } })).toThrow(
      /sources.*\n.*schedules/,
    );
  });

  it('never repeats the value of an unknown field: it may be a secret in the wrong place', () => {
    const misplaced = { ...plain, sources: { desk: { system: 'Desk', secret: 'whsec_b3Blbg==' } } };
    expect(reading(misplaced)).toThrow(/sources\.desk\.secret/);
    expect(reading(misplaced)).not.toThrow(/b3Blbg/);
  });
});

it('tenants of one ZPA customer share a lane', () => {
  expect(workerConcurrency(CONFIGURATION)).toBe(4);
});

it('deploying the example is refused with a sentence, not a stack trace', async () => {
  const app = resolve(import.meta.dirname, '../../cdk/app.ts');
  const env = { [CONFIGURATION_VARIABLE]: example, CDK_CONTEXT_JSON: '{"deploy":"true"}' };
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((done) => {
    execFile(process.execPath, [app], { env, cwd: folder }, (error, _, stderr) => done({ code: error?.code, stderr }));
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^This would deploy the example configuration\. Copy .*\n$/);
});

function manyTenants(count: number): Record<string, unknown> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`t${index}`, { customerId: String(1000 + index), vanity: 'q' }]),
  );
}
