import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CONFIGURATION_VARIABLE, readDeployment } from '../../cdk/configuration/load-configuration.ts';

const folder = mkdtempSync(join(tmpdir(), 'cdk-configuration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const example = resolve(import.meta.dirname, '../../zpa-changes.config.example.ts');
const plain = { name: 'harbour' };

/** Node loads a module once, so each has a name of its own. */
let modules = 0;
function written(value: unknown): Record<string, string> {
  modules += 1;
  const path = join(folder, `${modules}.config.ts`);
  const text = typeof value === 'string' ? value : `export default ${JSON.stringify(value)} satisfies object;\n`;
  writeFileSync(path, text);
  return { [CONFIGURATION_VARIABLE]: path };
}

const reading = (value: unknown) => readDeployment(written(value));

describe('the configuration to deploy', () => {
  it('is the module that the environment names, its defaults filled in', async () => {
    const deployment = await readDeployment(written(plain));
    expect(deployment).toEqual({
      isExample: false,
      stacks: [
        {
          name: 'harbour',
          region: 'eu-central-1',
          mostLanes: 20,
          simulatedZpa: false,
          schedules: { drift: 'cron(0 6 * * ? *)', sweep: 'rate(1 minute)', reconcile: 'rate(15 minutes)' },
          logRetentionDays: 30,
          audit: { retentionDays: 1100 },
        },
      ],
    });
  });

  it('is a stack for each stage: what all have in common, and over it what is the stage’s own', async () => {
    const { stacks } = await reading({
      ...plain,
      tags: { team: 'network' },
      schedules: { drift: 'rate(1 day)' },
      stages: {
        test: { account: '111111111111', schedules: { sweep: 'rate(2 minutes)' } },
        prod: { name: 'quay', account: '222222222222', region: 'us-east-1', tags: { team: 'security' } },
      },
    });
    expect(stacks).toMatchObject([
      {
        name: 'harbour-test',
        account: '111111111111',
        region: 'eu-central-1',
        tags: { team: 'network' },
        schedules: { drift: 'rate(1 day)', sweep: 'rate(2 minutes)', reconcile: 'rate(15 minutes)' },
      },
      { name: 'quay', account: '222222222222', region: 'us-east-1', tags: { team: 'security' } },
    ]);
    for (const stack of stacks) expect(stack).not.toHaveProperty('stages');
  });

  it('is known as the example also when it is named', async () => {
    expect((await readDeployment({ [CONFIGURATION_VARIABLE]: example })).isExample).toBe(true);
  });

  it('may be missing only if nobody named it', async () => {
    const missing = { [CONFIGURATION_VARIABLE]: join(folder, 'nowhere.ts') };
    await expect(readDeployment(missing)).rejects.toThrow(/nowhere\.ts cannot be used:\n.*must exist and be readable/);
  });

  it.each([
    ['text that is no module', 'export default {', /\(file\): must be a module that can be loaded/],
    ['a module that exports nothing', 'export const name = "harbour";\n', /is missing/],
    ['an unknown field', { ...plain, colour: 'blue' }, /colour: is not a field of the configuration; remove it/],
    ['tenants, which are settings', { ...plain, tenants: {} }, /tenants: is not a field/],
    ['a name that AWS would refuse', { name: 'Harbour!' }, /name = "Harbour!": must match/],
    ['an account that is none', { ...plain, account: '12' }, /account = "12": must match/],
    ['more lanes than Lambda has room for', { ...plain, mostLanes: 999 }, /mostLanes = 999: .*998/],
    [
      'a schedule that AWS would refuse',
      { ...plain, schedules: { drift: 'cron(0 6 * * * *)' } },
      /schedules\.drift = cron\(0 6 \* \* \* \*\): exactly one of day of month and day of week/,
    ],
    [
      'a schedule that pauses for longer than an alarm can watch',
      { ...plain, schedules: { drift: 'cron(0 6 ? * TUE *)' } },
      /schedules\.drift = cron\(0 6 \? \* TUE \*\): pauses for so long .* at most six days/,
    ],
    ['a retention that CloudWatch does not know', { ...plain, logRetentionDays: 31 }, /logRetentionDays = 31: must be/],
    ['a tag that is AWS’s', { ...plain, tags: { 'aws:x': '1' } }, /tags.*must match/],
    [
      'a boundary that is no policy',
      { ...plain, permissionsBoundary: 'arn:aws:iam::1:role/x' },
      /permissionsBoundary =/,
    ],
    ['a vpc that is none', { ...plain, vpc: { id: 'acme', subnetIds: ['subnet-0a'] } }, /vpc\.id = "acme": must match/],
    ['a vpc without its subnets', { ...plain, vpc: { id: 'vpc-0a1b' } }, /vpc\.subnetIds: .*the subnets of the vpc/],
    ['subnets of no vpc', { ...plain, vpc: { subnetIds: ['subnet-0a1b'] } }, /vpc\.id: .*whose subnets these are/],
    [
      'what a vpc that is there has already',
      { ...plain, vpc: { id: 'vpc-0a1b', subnetIds: ['subnet-0a1b'], cidr: '10.0.0.0/24' } },
      /vpc\.cidr = .*only for a vpc that the stack makes/,
    ],
    [
      'more addresses than zones',
      { ...plain, vpc: { addresses: ['eipalloc-01', 'eipalloc-02', 'eipalloc-03'] } },
      /vpc\.addresses = .*one for each zone/,
    ],
    [
      'a certificate of another region',
      {
        ...plain,
        domain: { hostName: 'a.example.org', certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0a' },
      },
      /domain\.certificateArn = arn:.*: must be of the stack's region, eu-central-1/,
    ],
    [
      'an address for a host name',
      { ...plain, domain: { hostName: 'https://a.example.org' } },
      /domain\.hostName = .*: must match/,
    ],
    ['a key that is none', { ...plain, key: 'alias/x' }, /key = "alias\/x": must match/],
    [
      'a key of another region',
      { ...plain, key: 'arn:aws:kms:us-east-1:123456789012:key/0a' },
      /key = arn:.*: must be of the stack's region, eu-central-1/,
    ],
    ['no stage at all', { ...plain, stages: {} }, /stages = {}: must have at least one/],
    ['a stage within a stage', { ...plain, stages: { test: { stages: {} } } }, /stages\.test\.stages: is not a field/],
    [
      'two stages of one name',
      { ...plain, stages: { test: { name: 'quay' }, prod: { name: 'quay' } } },
      /stages\.prod\.name = quay: is another stage's name too/,
    ],
    [
      'a stage whose name would be too long',
      { name: 'a-name-of-twenty-nine-letters', stages: { test: {} } },
      /stages\.test\.name = a-name-of-twenty-nine-letters-test: is too long for a name; .* of its own/,
    ],
    [
      'a stage’s schedule that AWS would refuse',
      { ...plain, stages: { test: { schedules: { drift: 'rate(0 minutes)' } } } },
      /stages\.test\.schedules\.drift = rate\(0 minutes\)/,
    ],
  ])('%s: path, value and remedy', async (_, value, message) => {
    await expect(reading(value)).rejects.toThrow(message);
  });

  it('names all faults at once', async () => {
    const schedules = { drift: 'cron(0 6 * * * *)', sweep: 'rate(0 minutes)' };
    await expect(reading({ ...plain, schedules })).rejects.toThrow(/schedules\.drift.*\n.*schedules\.sweep/);
    const stages = { test: {}, prod: {} };
    const faults = await reading({ ...plain, schedules, stages }).catch((error) => error.faults);
    expect(faults).toMatchObject([{ path: 'schedules.drift' }, { path: 'schedules.sweep' }]);
  });

  it('never repeats the value of an unknown field: it may be a secret in the wrong place', async () => {
    const error = await reading({ ...plain, secret: 'whsec_b3Blbg==' }).catch(String);
    expect(error).toContain('secret: is not a field');
    expect(error).not.toContain('b3Blbg');
  });
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
