import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { createSettingsStore } from '../../../shared/aws/settings/settings-table.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';
import { withConsole } from './open-console.ts';

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

async function zpa(
  argv: string[],
  { input = '', cwd = folder, ask = undefined as (() => Promise<boolean>) | undefined } = {},
) {
  const console = createRecordingConsole({ input, ...(ask !== undefined && { ask, interactive: true }) });
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
    expect({ exit, out }).toEqual({ exit: 0, out: 'The settings are valid: 0 tenants, 1 source. ' });
    expect(err).toContain('can write to Jira (desk). Set "readSecret": true');
  });

  it('says of an address for credentials that only a trial takes it', async () => {
    const tenant = { customerId: '1', endpoint: 'http://127.0.0.1:8787' };
    const input = JSON.stringify({ tenants: { acme: tenant }, sources: {} });
    const { exit, err } = await zpa(['settings', 'check', '-'], { input, cwd: tmpdir() });
    expect(exit).toBe(0);
    expect(err).toContain('tenants.acme.endpoint: only a stack with "simulatedZpa" and the local world take it');
  });

  it('names every fault of a file with its path and remedy', async () => {
    await writeFile(join(folder, 'bad.yaml'), 'tenants: { a: { customerId: 7 } }\nsources: { desk: {} }\n');
    const { exit, err } = await zpa(['settings', 'check', 'bad.yaml']);
    expect(exit).toBe(2);
    expect(err).toContain('The configuration bad.yaml cannot be used: tenants.');
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
    const pushed = await zpa(['settings', 'push', 'settings.json', '--note', 'Fresh is new', '--yes']);
    expect(pushed).toMatchObject({ exit: 0, err: '' });
    expect(pushed.out).toContain('+ sources.fresh = {"system":"Fresh"');
    expect(pushed.out).toContain('looser Source "fresh": may do more: update in "acme-prod": groups "*"');
    expect(pushed.out).toContain('No readable open change is affected');
    expect(pushed.out).toContain('local pushed version 2.');
    expect((await world.deliver('fresh', { changes: [change] })).status).toBe(202);
    const again = await zpa(['--json', 'settings', 'push', 'settings.json']);
    expect(JSON.parse(again.out)).toMatchObject({ version: 2, pushed: false, differences: [] });
    expect((await zpa(['sources', 'test', 'fresh', '-'], { input: JSON.stringify(change) })).exit).toBe(0);
  });

  it('pushes nothing without a yes', async () => {
    const input = settingsWith({});
    const refused = await zpa(['settings', 'push', '-'], { input });
    expect(refused).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
    expect(await zpa(['settings', 'push', '-'], { input, ask: async () => false })).toMatchObject({ exit: 130 });
    expect((await zpa(['--json', 'settings', 'push', 'settings.json'])).out).toContain('"version": 2');
  });

  it('replaces nothing that somebody else pushes while the question waits', async () => {
    const mine = settingsWith({ mine: { system: 'Mine' } });
    const theirs = settingsWith({ theirs: { system: 'Theirs' } });
    const ask = async () => {
      const theirArgs = ['settings', 'push', '-', '--yes', '--note', 'hurry'];
      expect((await zpa(theirArgs, { input: theirs })).exit).toBe(0);
      return true;
    };
    const { exit, err } = await zpa(['settings', 'push', '-'], { input: mine, ask });
    expect(exit).toBe(1);
    expect(err).toContain('Newer versions were pushed after version 2 was read: version 3 by local at');
    expect(err).toContain('(hurry)');
    expect((await zpa(['settings', 'push', 'settings.json', '--yes'])).exit).toBe(0);
  });

  it('pushes nothing of a file with a fault', async () => {
    const { exit, err } = await zpa(['settings', 'push', '-'], { input: settingsWith({ desk: {} }) });
    expect(exit).toBe(2);
    expect(err).toContain('sources.desk.system');
    expect((await zpa(['--json', 'settings', 'push', 'settings.json'])).out).toContain('"version": 4');
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

describe('settings diff', () => {
  const mode = (to: string) => {
    const { tenants, sources } = world.configuration;
    return JSON.stringify({ tenants: { ...tenants, 'acme-prod': { ...tenants['acme-prod'], mode: to } }, sources });
  };

  it('names the open changes that an edit concerns, and writes nothing', async () => {
    const { version } = JSON.parse((await zpa(['--json', 'settings', 'push', 'settings.json'])).out);
    const { exit, out } = await zpa(['settings', 'diff', '-'], { input: mode('paused') });
    expect(exit).toBe(0);
    expect(out).toContain('~ tenants.acme-prod.mode: "apply" → "paused"');
    expect(out).toContain('tighter Tenant "acme-prod": mode: "paused" instead of "apply"');
    expect(out).toContain('Affects 1 open change: F-1.');
    expect(JSON.parse((await zpa(['--json', 'settings', 'push', 'settings.json'])).out)).toMatchObject({ version });
  });

  it('says so if the ledger cannot be read', async () => {
    const target = JSON.parse(await readFile(join(folder, '.zpa-changes/local.json'), 'utf8'));
    const env = { ...target.env, TABLE_NAME: 'not-there' };
    await writeFile(join(folder, 'blind.json'), JSON.stringify({ ...target, env }));
    const { exit, out, err } = await zpa(['--target', 'blind.json', 'settings', 'diff', '-'], {
      input: mode('paused'),
    });
    expect(exit).toBe(4);
    expect(out).toContain('tighter Tenant "acme-prod"');
    expect(out).not.toContain('no open change');
    expect(err).toContain('the ledger could not be read (ledger-unavailable)');
  });

  it('compares two versions, and names one that is not there', async () => {
    const { out } = await zpa(['--json', 'settings', 'diff', '--from', '1', '--to', '2']);
    expect(JSON.parse(out)).toMatchObject({ from: 1, to: 2, differences: [{ path: 'sources.fresh' }] });
    expect(await zpa(['settings', 'diff', '--to', '99'])).toMatchObject({
      exit: 3,
      err: expect.stringContaining('There is no version 99.'),
    });
    expect(await zpa(['settings', 'diff', '--to', 'two'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining('"two" is not a version number'),
    });
    expect((await zpa(['settings', 'diff'])).exit).toBe(2);
  });
});

describe('the versions', () => {
  it('stand in the history with who pushed them and what they changed', async () => {
    const { out } = await zpa(['--json', 'settings', 'history']);
    const { versions } = JSON.parse(out);
    expect(versions.at(-1)).toMatchObject({ version: 1, pushedBy: 'local' });
    expect(versions.at(-2)).toMatchObject({ version: 2, note: 'Fresh is new', changed: ['sources.fresh'] });
    expect((await zpa(['settings', 'history'])).out).toMatch(/2 \S+Z local sources\.fresh Fresh is new/);
  });

  it('are shown as settings that could be pushed again', async () => {
    const { out } = await zpa(['settings', 'show', '2']);
    await writeFile(join(folder, 'shown.json'), out);
    expect((await zpa(['settings', 'diff', 'shown.json', '--from', '2'])).out).toContain('No differences');
    expect(JSON.parse((await zpa(['--json', 'settings', 'show', '2'])).out)).toMatchObject({
      version: 2,
      note: 'Fresh is new',
      settings: JSON.parse(out),
    });
    expect((await zpa(['settings', 'show', '99'])).exit).toBe(3);
  });

  it('are gone back to by a new version, after a yes', async () => {
    expect(await zpa(['settings', 'rollback', '1'])).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
    const newest = JSON.parse((await zpa(['--json', 'settings', 'show'])).out).version;
    const { exit, out } = await zpa(['settings', 'rollback', '1', '--yes']);
    expect(exit).toBe(0);
    expect(out).toContain('tighter Source "fresh": is removed');
    const now = JSON.parse((await zpa(['--json', 'settings', 'show'])).out);
    expect(now).toMatchObject({ version: newest + 1, note: 'back to version 1' });
    expect((await zpa(['settings', 'diff', '--from', '1', '--to', String(newest + 1)])).out).toContain(
      'No differences',
    );
  });
});

describe('a version that an older product accepted and this one refuses', () => {
  it('is named with the reason and the version in use, and the next push or rollback replaces it', async () => {
    const store = createSettingsStore({ env: world.environment, tableName: world.environment.SETTINGS_TABLE ?? '' });
    const newest = JSON.parse((await zpa(['--json', 'settings', 'show'])).out).version;
    const { tenants, sources } = JSON.parse(settingsWith({}));
    const text = JSON.stringify({
      tenants: { ...tenants, zero: { ...tenants['acme-prod'], customerId: '012' } },
      sources,
    });
    await store.put({ version: newest + 1, text, pushedAt: 1, pushedBy: 'local' });

    const why = /tenants\.zero\.customerId must begin with another digit than 0/;
    const history = await zpa(['settings', 'history']);
    expect(history.err).toMatch(
      new RegExp(`Version ${newest + 1} cannot be used: ${why.source}.* Version ${newest} is in use`),
    );
    const { versions } = JSON.parse((await zpa(['--json', 'settings', 'history'])).out);
    expect(versions[0]).toMatchObject({ version: newest + 1, refused: expect.stringMatching(why) });
    expect(versions[1]).not.toHaveProperty('refused');
    const doctor = await zpa(['doctor']);
    expect(doctor.out).toMatch(why);
    await withConsole(folder, async ({ get }) => {
      expect((await get('/')).body).toMatch(
        new RegExp(`Version ${newest + 1} of the settings cannot be used.*${why.source}`),
      );
    });

    expect(await zpa(['settings', 'rollback', '1', '--yes'])).toMatchObject({ exit: 0 });
    expect((await zpa(['settings', 'history'])).err).toBe('');
  });
});
