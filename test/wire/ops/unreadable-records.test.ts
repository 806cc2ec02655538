import { beforeAll, describe, expect, it } from 'vitest';
import { fingerprint } from '../../../shared/domain/change/fingerprint.ts';
import { laneName } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { aChange, anUpdate, aRef, aRejected } from '../../fakes/records.ts';
import { formOf, noticeOf, textOf } from './console-forms.ts';
import { withConsole } from './open-console.ts';
import { useScene } from './use-scene.ts';

/** An operator works on a lane with records that cannot be read. */

const TENANT = 'globex-prod';
const scene = useScene({ timeFactor: 20, schedules: false });
const zpa = (...argv: string[]) => scene.zpa(argv);
let lane: string;

beforeAll(async () => {
  const tenant = scene.world.configuration.tenants[TENANT];
  if (tenant === undefined) throw new Error('the local world has this tenant');
  lane = laneName(tenant);
  await put('FAILED', { state: 'settled', outcome: aRejected(), failed: true, pending: [], attempts: 'many' });
  await put('GOOD', { state: 'settled', outcome: aRejected(), failed: true, pending: [] });
});

/** Stores a change as an older version may have left it. */
async function put(key: string, over: Record<string, unknown>): Promise<void> {
  const ref = aRef(key, { lane, source: 'ops', tenant: TENANT });
  const change = anUpdate({ tenant: TENANT, idempotencyKey: key, group: { name: key } });
  const sequence = await scene.world.ledger.takeSequences(lane, 1);
  await scene.world.ledger.writeChange(
    { ...aChange({ ref, change, sequence, fingerprint: fingerprint(change) }), ...over } as ChangeRecord,
    0,
  );
}

describe('a failure that cannot be read', () => {
  it('is a row of its own among the others, and the list says that it is not all', async () => {
    const { exit, out } = await zpa('failures', 'list');
    expect(exit).toBe(4);
    expect(out).toMatch(/GOOD .*group-not-found/);
    expect(out).toMatch(/change#ops#globex-prod#FAILED .*cannot be read/);
    const { unreadable, failures } = JSON.parse((await zpa('failures', 'list', '--json')).out);
    expect(failures).toHaveLength(1);
    expect(unreadable).toMatchObject([{ key: 'change#ops#globex-prod#FAILED' }]);
  });

  it('is left alone where all others are chosen, with a warning', async () => {
    for (const command of ['redrive', 'discard']) {
      const { exit, out, err } = await zpa('failures', command, '--all', '--dry-run');
      expect(out).toContain('GOOD');
      expect(err).toContain('The record change#ops#globex-prod#FAILED cannot be read and is left alone.');
      expect(exit).not.toBe(0);
    }
  });
});

describe('an open change that cannot be read', () => {
  it('is a row of its own beside its lane, which is paused, resumed and woken all the same', async () => {
    await put('BAD', { state: 'queued', sentAt: 'never' });
    expect((await zpa('lanes', 'pause', TENANT, '--reason', 'x')).exit).toBe(0);
    await put('NEXT', { state: 'queued' });
    const list = await zpa('lanes', 'list');
    expect(list.exit).toBe(4);
    expect(list.out).toMatch(/globex-prod .*paused .*2 /);
    expect(list.out).toMatch(/cannot be read .*change#ops#globex-prod#BAD/);
    expect(await zpa('lanes', 'resume', TENANT)).toMatchObject({ exit: 0, err: '' });
    expect((await scene.world.ledger.readLane(lane)).paused).toBeUndefined();
    const next = aRef('NEXT', { lane, source: 'ops', tenant: TENANT });
    expect(await scene.world.awaitSettled([next])).toMatchObject([{ state: 'settled' }]);
  });
});

describe('a beginning of keys that a record which cannot be read has too', () => {
  it('names no change, because that record may be the one that is meant', async () => {
    await put('PRE/1', { state: 'queued', sentAt: 'never' });
    await put('PRE/2', { state: 'settled', outcome: aRejected(), failed: true, pending: [] });
    const unclear = { exit: 4, err: expect.stringContaining('change#ops#globex-prod#PRE/1') };
    for (const argv of [
      ['status', 'PRE'],
      ['status', 'PRE/1'],
      ['status', '--ticket', 'PRE/1'],
      ['failures', 'show', 'PRE'],
      ['failures', 'dismiss', 'PRE', '--yes'],
      ['cancel', 'PRE', '--reason', 'x', '--yes'],
      ['undo', 'PRE', '--ticket', 'CHG9'],
      ['lanes', 'release', 'PRE', '--reason', 'x', '--yes'],
    ]) {
      expect(await zpa(...argv), argv.join(' ')).toMatchObject(unclear);
    }
    expect(await zpa('status', 'PRE/2')).toMatchObject({ exit: 1, err: '' });
  });
});

describe('resuming a lane that is stopped', () => {
  it('says that it is, and when it is tried again', async () => {
    // The worker of the change before lets go of the lane a moment after that is settled.
    const free = () => scene.world.ledger.readLane(lane);
    await expect.poll(async () => (await free()).lease).toBeUndefined();
    const { version, ...record } = await free();
    const probeAt = Date.now() + 900_000;
    const stopped = { code: 'sign-in-refused', sentence: 's', since: 1, tries: 5, probeAt, alarmed: true };
    await scene.world.ledger.writeLane({ ...record, version, stopped }, version);
    const { exit, out } = await zpa('lanes', 'resume', TENANT);
    expect(exit).toBe(0);
    expect(out).not.toContain('within seconds');
    const text = out.replace(/\s+/g, ' ');
    expect(text).toContain('is not paused, but it is stopped (sign-in-refused)');
    expect(text).toContain(`retried at ${new Date(probeAt + 999).toISOString().slice(0, 10)}`);
  });
});

describe('the console’s page of another failure of the lane', () => {
  it('is shown, warns of the record, and retries what waited for the failure together with it', async () => {
    const setOf = (index: number) => ({ changeSet: { id: 'SET', index, size: 2, onReject: 'stop' as const } });
    const changeOf = (key: string, index: number) => {
      const change = anUpdate({ tenant: TENANT, idempotencyKey: key, group: { name: key }, ...setOf(index) });
      return { change, fingerprint: fingerprint(change) };
    };
    const failed = { state: 'settled', failed: true, pending: [] };
    await put('SET/1', { ...failed, ...changeOf('SET/1', 1), outcome: aRejected() });
    const details = { causedBy: { idempotencyKey: 'SET/1', code: 'group-not-found' } };
    const outcome = aRejected({ code: 'not-attempted', details });
    await put('SET/2', { ...failed, ...changeOf('SET/2', 2), outcome });
    await withConsole(scene.folder, async ({ get, press }) => {
      const asked = new URLSearchParams({ source: 'ops', tenant: TENANT, key: 'SET/1', generation: '1' });
      const page = await get(`/failure?${asked}`);
      expect([page.status, textOf(page.body)]).toEqual([
        200,
        expect.stringContaining('The record change#ops#globex-prod#FAILED cannot be read and is left alone.'),
      ]);
      formOf(page.body, '/failure/dismiss');
      const { path, fields } = formOf(page.body, '/failure/retry', { withDependents: 'true' });
      expect(noticeOf((await press(path, fields)).body)).toContain('2 changes retried.');
    });
    for (const key of ['SET/1', 'SET/2'])
      expect(await scene.world.ledger.readChange(aRef(key, { lane, source: 'ops', tenant: TENANT }))).toMatchObject({
        generation: 2,
      });
  });
});
