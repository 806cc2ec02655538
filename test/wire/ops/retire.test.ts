import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Console } from '../../../functions/ops/output/terminal.ts';
import { run } from '../../../functions/ops/program.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';
import { leaveIntent } from './leave-intent.ts';

const RETIRE = ['tenants', 'retire', 'globex-prod', '--reason', 'contract ended', '--by', 'lena'];

let world: World;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zpa-changes-retire-'));
  // Time runs so fast that no invocation of a worker by older settings has to be waited for.
  world = await startWorld({ timeFactor: 10_000, worker: false, schedules: false });
  await writeLocalTarget(world, folder);
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

async function zpa(argv: string[], over: Partial<Console> & { answer?: boolean } = {}) {
  const console = createRecordingConsole(over);
  const exit = await run(argv, { console, cwd: folder, env: {} });
  const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');
  return { exit, out: oneLine(console.stdout()), err: oneLine(console.stderr()) };
}
const json = async (argv: string[]) => JSON.parse((await zpa(['--json', ...argv])).out);

async function deliver(idempotencyKey: string, tenant: string, over: object = {}): Promise<number> {
  const change = { schemaVersion: 1, idempotencyKey, tenant, action: 'update', group: { name: 'Logistics' }, ...over };
  return (await world.deliver('ops', { changes: [{ ...change, set: { enabled: true } }] })).status;
}
const settings = async () => (await json(['settings', 'show'])).settings;
const grantedTo = async (tenant: string) =>
  Object.values<{ grants?: { tenants: string[] }[] }>((await settings()).sources).filter(({ grants = [] }) =>
    grants.some(({ tenants }) => tenants.includes(tenant)),
  ).length;

describe('tenants retire', () => {
  it('does nothing without a yes, after it showed what it would do', async () => {
    expect(await deliver('G-1', 'globex-prod')).toBe(202);
    expect(await deliver('G-2', 'globex-prod', { notBefore: '2099-01-01T00:00:00Z' })).toBe(202);
    await leaveIntent(world, 'G-3');
    await world.runSweep();
    const refused = await zpa(RETIRE);
    expect(refused).toMatchObject({ exit: 2, err: expect.stringContaining('--yes') });
    expect(refused.out).toContain(
      'tighter Tenant "globex-prod": is removed once none of its changes is open. Its failures can no longer be retried then.',
    );
    expect(refused.out).not.toContain('not-permitted');
    expect(refused.out).toContain('To be cancelled: 2 open changes: G-1, G-2.');
    expect(refused.out).toContain('In progress in ZPA, completed first: 1 open change: G-3.');
    expect(refused.out).toContain(
      'To be deleted: zpa-changes/zpa/globex-prod/write, zpa-changes/zpa/globex-prod/read.',
    );
    expect((await zpa(RETIRE, { interactive: true, answer: false })).exit).toBe(130);
    expect((await json(['settings', 'show'])).version).toBe(1);
    expect((await zpa(['status', 'G-1'])).exit).toBe(6);
  });

  it('first ends what is open and lets nothing new in, and keeps the tenant for what ZPA has in hand', async () => {
    const { exit, out } = await zpa([...RETIRE, '--yes']);
    expect(exit).toBe(6);
    expect(out).toContain('Tenant "globex-prod" no longer accepts changes.');
    expect(out).toContain('Still open: 1 change: G-3.');
    for (const key of ['G-1', 'G-2']) {
      const { out: status } = await zpa(['status', key]);
      expect(status).toContain('cancelled by lena (operator)');
      expect(status).toContain('Tenant globex-prod is retired: contract ended');
    }
    expect(await deliver('G-4', 'globex-prod')).not.toBe(202);
    expect(await grantedTo('globex-prod')).toBe(0);
    expect(await grantedTo('acme-prod')).toBeGreaterThan(0);
    expect((await settings()).tenants).toHaveProperty('globex-prod');
    expect(await json(['settings', 'history'])).toMatchObject({
      versions: [{ note: 'retires tenant globex-prod: contract ended' }, {}],
    });
    expect(await zpa([...RETIRE, '--yes'])).toMatchObject({ exit: 6, out: expect.stringContaining('G-3') });
    expect((await zpa(['secrets', 'check'])).exit).toBe(0);
  });

  it('waits until no worker can act by the settings that permitted more', async () => {
    expect((await zpa(['lanes', 'release', 'globex-prod', '--reason', 'closed', '--yes'])).exit).toBe(0);
    const target = JSON.parse(await readFile(join(folder, '.zpa-changes/local.json'), 'utf8'));
    await writeFile(join(folder, 'slow.json'), JSON.stringify({ ...target, env: { ...target.env, TIME_FACTOR: '1' } }));
    const early = await json(['--target', 'slow.json', ...RETIRE, '--yes']);
    expect(early).toMatchObject({ retired: false, open: [], repeatAfter: expect.stringMatching(/Z$/) });
    const { out } = await zpa(['--target', 'slow.json', ...RETIRE, '--yes']);
    expect(out).toContain('A worker that started earlier may still use the previous settings.');
    expect((await settings()).tenants).toHaveProperty('globex-prod');
  });

  it('then removes the tenant and schedules its secrets for deletion; its history stays', async () => {
    const done = await json([...RETIRE, '--yes']);
    expect(done).toMatchObject({
      retired: true,
      cancelled: [],
      secrets: expect.arrayContaining(['zpa-changes/zpa/globex-prod/read']),
    });
    expect((await settings()).tenants).not.toHaveProperty('globex-prod');
    expect(
      (await json(['secrets', 'list'])).secrets.filter(({ state }: { state: string }) => state === 'to-be-deleted'),
    ).toHaveLength(2);
    expect((await zpa(['secrets', 'check'])).exit).toBe(0);
    expect((await zpa(['status', 'G-1'])).out).toContain('contract ended');
    expect(await deliver('A-1', 'acme-prod')).toBe(202);
  });

  it('leaves the beginning and the end of each step in the audit trail', async () => {
    const lines: Record<string, unknown>[] = await json([
      'audit',
      'export',
      '--from',
      '2000-01-01',
      '--to',
      '9999-12-31',
    ]);
    const acts = lines.filter(({ act }) => act === 'tenants retire');
    const began = acts.filter(({ phase }) => phase === 'begun');
    expect(began.length).toBeGreaterThan(1);
    expect(acts.filter(({ result }) => result === 'done')).toHaveLength(began.length);
    const details = { tenant: 'globex-prod', reason: 'contract ended', by: 'lena' };
    for (const one of acts) expect(one).toMatchObject({ principal: 'local', details });
  });

  it('is told to whoever would bring the tenant back by an older file', async () => {
    const { configuration } = world;
    const file = JSON.stringify({ tenants: configuration.tenants, sources: configuration.sources });
    const over = { readInput: async () => file };
    const { err } = await zpa(['settings', 'diff', '-'], over);
    expect(err).toMatch(
      /Tenant "globex-prod" is added again: it was removed in version 3 by local at \S+Z \(retires tenant globex-prod: contract ended\)\./,
    );
    expect(err).not.toContain('Source "ops"');
    const before = await json(['settings', 'show']);
    expect((await zpa(['settings', 'push', '-', '--yes'], over)).err).toContain('"globex-prod" is added again');
    expect((await zpa(['settings', 'rollback', String(before.version), '--yes'])).exit).toBe(0);
    expect((await zpa(['settings', 'diff', '--to', '1'])).err).toContain(`removed in version ${before.version + 2}`);
  });

  it('says so if nothing is left, and goes on where only the secrets are', async () => {
    expect(await zpa([...RETIRE, '--yes'])).toMatchObject({
      exit: 3,
      err: expect.stringContaining('nothing is left of it'),
    });
    const before = await json(['settings', 'show']);
    expect((await zpa(['settings', 'rollback', '1', '--yes'])).exit).toBe(0);
    await zpa(['secrets', 'set', 'zpa/globex-prod/read', '--yes'], {
      readInput: async () => '{"clientId": "simulator-read", "clientSecret": "simulator-read"}',
    });
    expect((await zpa(['settings', 'rollback', String(before.version), '--yes'])).exit).toBe(0);
    expect(await json([...RETIRE, '--yes'])).toMatchObject({
      retired: true,
      secrets: ['zpa-changes/zpa/globex-prod/read'],
    });
  });

  it('keeps the secrets of a tenant that somebody took from the settings while ZPA has a change of it in hand', async () => {
    const { version } = await json(['settings', 'show']);
    expect((await zpa(['settings', 'rollback', '1', '--yes'])).exit).toBe(0);
    await zpa(['secrets', 'set', 'zpa/globex-prod/read', '--yes'], {
      readInput: async () => '{"clientId": "simulator-read", "clientSecret": "simulator-read"}',
    });
    await leaveIntent(world, 'G-9');
    await world.runSweep();
    expect((await zpa(['settings', 'rollback', String(version), '--yes'])).exit).toBe(0);
    const early = await zpa([...RETIRE, '--yes']);
    expect(early.exit).toBe(6);
    expect(early.out).toContain('Still open: 1 change: G-9.');
    expect(early.out).toContain('Its secrets are kept until then.');
    const secret = (await json(['secrets', 'list'])).secrets.find(
      ({ name }: { name: string }) => name === 'zpa-changes/zpa/globex-prod/read',
    );
    expect(secret.state).toBe('unused');
    expect((await zpa(['lanes', 'release', 'G-9', '--reason', 'closed', '--yes'])).exit).toBe(0);
    expect(await json([...RETIRE, '--yes'])).toMatchObject({ retired: true, secrets: [secret.name] });
  });
});
