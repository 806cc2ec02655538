import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

let world: World;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zpa-changes-settings-'));
  // Time runs so fast that a function looks for newer settings at each invocation.
  const fresh = JSON.stringify({ secrets: [`whsec_${Buffer.alloc(24, 7).toString('base64')}`] });
  const secrets = (made: Record<string, string>) => ({ ...made, 'zpa-changes/source/fresh': fresh });
  world = await startWorld({ timeFactor: 10_000, worker: false, schedules: false, secrets });
  await writeLocalTarget(world, folder);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

async function zpa(argv: string[], { input = '', cwd = folder } = {}) {
  const console = createRecordingConsole({ input });
  const exit = await run(argv, { console, cwd, env: {} });
  const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');
  return { exit, out: oneLine(console.stdout()), err: oneLine(console.stderr()) };
}

function settingsWith(sources: object) {
  const { tenants, sources: configured } = world.configuration;
  return JSON.stringify({ tenants, sources: { ...configured, ...sources } });
}

describe('settings check', () => {
  it('needs no target, and says what is worth a look', async () => {
    const tickets = { kind: 'jira', url: 'https://acme.atlassian.net' };
    const input = JSON.stringify({ tenants: {}, sources: { desk: { system: 'Jira', tickets } } });
    const { exit, out, err } = await zpa(['settings', 'check', '-'], { input, cwd: tmpdir() });
    expect({ exit, out }).toEqual({ exit: 0, out: 'Nothing is wrong: 0 tenants, 1 source. ' });
    expect(err).toContain('can write to Jira (desk). Set "readSecret": true');
  });

  it('names every fault of a file with its path and remedy', async () => {
    await writeFile(join(folder, 'bad.yaml'), 'tenants: { a: { customerId: 7 } }\nsources: { desk: {} }\n');
    const { exit, err } = await zpa(['settings', 'check', 'bad.yaml']);
    expect(exit).toBe(2);
    expect(err).toContain('bad.yaml');
    expect(err).toContain('tenants.a.customerId = 7: must be text in quotes');
    expect(err).toContain('sources.desk.system: is missing');
  });
});

describe('settings push', () => {
  it('makes a source known to the functions, without a deployment', async () => {
    const change = {
      schemaVersion: 1,
      idempotencyKey: 'F-1',
      tenant: 'acme-prod',
      action: 'update',
      group: { name: 'Intranet' },
      set: { enabled: true },
    };
    expect((await world.deliver('fresh', { changes: [change] })).status).toBe(404);
    const grants = [{ tenants: ['acme-prod'], actions: ['update'], groups: ['*'] }];
    await writeFile(join(folder, 'settings.json'), settingsWith({ fresh: { system: 'Fresh', grants } }));
    const pushed = await zpa(['settings', 'push', 'settings.json', '--note', 'Fresh is new']);
    expect(pushed).toMatchObject({ exit: 0, err: '' });
    expect(pushed.out).toContain('+ sources.fresh = {"system":"Fresh"');
    expect(pushed.out).toContain('Version 2 is pushed by local');
    expect((await world.deliver('fresh', { changes: [change] })).status).toBe(202);
    const again = await zpa(['--json', 'settings', 'push', 'settings.json']);
    expect(JSON.parse(again.out)).toEqual({ version: 2, pushed: false, differences: [] });
    expect((await zpa(['sources', 'test', 'fresh', '-'], { input: JSON.stringify(change) })).exit).toBe(0);
  });

  it('pushes nothing of a file with a fault', async () => {
    const { exit, err } = await zpa(['settings', 'push', '-'], { input: settingsWith({ desk: {} }) });
    expect(exit).toBe(2);
    expect(err).toContain('sources.desk.system');
    expect((await zpa(['--json', 'settings', 'push', 'settings.json'])).out).toContain('"version": 2');
  });

  it('takes no address for credentials to a stack in AWS', async () => {
    const target = JSON.parse(await readFile(join(folder, '.zpa-changes/local.json'), 'utf8'));
    const { AWS_ENDPOINT_URL: _, ...env } = target.env;
    await writeFile(join(folder, 'aws.json'), JSON.stringify({ ...target, kind: 'aws', env }));
    const { exit, err } = await zpa(['--target', 'aws.json', 'settings', 'push', '-'], { input: settingsWith({}) });
    expect(exit).toBe(2);
    expect(err).toContain('tenants.acme-prod.endpoint');
  });
});
