import { beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';
import { useScene } from './use-scene.ts';

/** Changes by ticket, group, tenant, source, outcome and time. */
const scene = useScene({ timeFactor: 40, schedules: false });
const { zpa } = scene;

beforeAll(async () => {
  await submit('CHG1', [{ set: { description: 'one' } }]);
  await submit('CHG1', [{ idempotencyKey: 'CHG1/2', group: { name: 'Nowhere at all' }, set: { enabled: true } }]);
  await submit('CHG10', [{ set: { description: 'two' } }]);
  await submit('CHG2', [{ tenant: 'globex-prod', action: 'create', group: { name: 'Abroad' } }]);
  await submit('CHG3', [{ set: { description: 'later' }, notBefore: '2099-01-01T00:00:00Z' }], '0');
});

async function submit(ticket: string, changes: object[], wait = '20') {
  const whole = changes.map((over, index) => ({
    schemaVersion: 1,
    idempotencyKey: `${ticket}/${index + 1}`,
    tenant: 'acme-prod',
    action: 'update',
    group: { name: 'Intranet' },
    ticket: { id: ticket },
    ...over,
  }));
  await zpa(['submit', '-', '--wait', wait], { input: JSON.stringify(whole) });
}

async function list(...argv: string[]) {
  const { exit, out } = await zpa(['--json', 'changes', 'list', ...argv]);
  const document = JSON.parse(out);
  return { exit, ...document, keys: document.changes.map(({ ref }: ChangeRecord) => ref.idempotencyKey) };
}

describe('changes list', () => {
  it('lists the changes of all tenants, the newest first, with their reasons', async () => {
    expect(await list()).toMatchObject({
      exit: 0,
      total: 5,
      keys: ['CHG3/1', 'CHG2/1', 'CHG10/1', 'CHG1/2', 'CHG1/1'],
    });
    const { out } = await zpa(['changes', 'list']);
    expect(out).toMatch(/CHG1\/2 +CHG1 +update "Nowhere at all": enabled +rejected +20\S+Z +group-not-found: /);
    expect(out).toMatch(/CHG3\/1 .* scheduled +20\S+Z +not before 2099-01-01T00:00:00/);
  });

  it.each([
    ['ticket', ['--ticket', 'CHG1'], ['CHG1/2', 'CHG1/1']],
    ['name of the group, in any case', ['--group', 'INTRA'], ['CHG3/1', 'CHG10/1', 'CHG1/1']],
    ['tenant', ['--tenant', 'globex-prod'], ['CHG2/1']],
    ['source', ['--source', 'jira'], []],
    ['outcome', ['--outcome', 'rejected'], ['CHG1/2']],
    ['being open', ['--outcome', 'open'], ['CHG3/1']],
    ['time', ['--since', '2099-01-01'], []],
    ['several at once', ['--ticket', 'CHG1', '--outcome', 'applied', '--until', '2099-01-01'], ['CHG1/1']],
  ])('chooses by %s', async (_, argv, keys) => {
    expect((await list(...argv)).keys).toEqual(keys);
  });

  it('finds a group by its id, though the change named it', async () => {
    const { id = '' } = scene.world.simulator.store.group('Intranet') ?? {};
    expect((await list('--group', id)).keys).toEqual(['CHG10/1', 'CHG1/1']);
  });

  it('shows a page at a time, and says that there is more', async () => {
    expect((await list('--limit', '2', '--page', '2')).keys).toEqual(['CHG10/1', 'CHG1/2']);
    expect((await zpa(['changes', 'list', '--limit', '2'])).out).toContain(
      '1 to 2 of 5 changes, 5 read; the next with --page 2',
    );
    const last = (await zpa(['changes', 'list', '--limit', '2', '--page', '3'])).out;
    expect(last).toMatch(/^5 of 5 changes, 5 read$/m);
    expect((await zpa(['changes', 'list', '--limit', '2', '--page', '4'])).out).toBe(
      'Page 4 is after the last one, 3: 5 changes, 5 read.\n',
    );
  });

  it('says that there is none in a sentence, not by the head of an empty table', async () => {
    const { out } = await zpa(['changes', 'list', '--ticket', 'CHG404']);
    expect(out).toBe('No change matches, of 5 read. Leave a filter out to see more.\n');
    expect((await zpa(['failures', 'list', '--code', 'group-exists'])).out).toMatch(/^No failure/);
  });

  it.each([
    ['an outcome that is none', ['--outcome', 'fine'], 2],
    ['a date that is none', ['--since', 'yesterday'], 2],
    ['a count that is none', ['--limit', '0'], 2],
    ['a tenant that nobody knows', ['--tenant', 'umbrella'], 3],
  ])('refuses %s', async (_, argv, exit) => {
    expect((await zpa(['changes', 'list', ...argv])).exit).toBe(exit);
  });
});

describe('status of a ticket', () => {
  it('is a table of its changes, in the order of their lane, and no other ticket’s', async () => {
    const { exit, out } = await zpa(['--json', 'status', '--ticket', 'CHG1']);
    const { changes } = JSON.parse(out);
    expect([exit, changes.map(({ ref }: ChangeRecord) => ref.idempotencyKey)]).toEqual([1, ['CHG1/1', 'CHG1/2']]);
    expect((await zpa(['status', '--ticket', 'CHG10'])).exit).toBe(0);
    expect((await zpa(['status', '--ticket', 'CHG3'])).exit).toBe(6);
    expect((await zpa(['status', '--ticket', 'CHG4'])).exit).toBe(3);
  });

  it('is watched until all of it is settled, and says what it waits for', async () => {
    await zpa(['lanes', 'pause', 'acme-prod', '--reason', 'maintenance', '--by', 'lena']);
    await submit('CHG5', [{ set: { description: 'five' } }, { set: { enabled: true } }], '0');
    const console = createRecordingConsole({ interactive: true });
    const watched = run(['status', '--ticket', 'CHG5', '--watch'], { console, cwd: scene.folder, env: {} });
    await scene.world.until(async () => (console.stderr().includes('Paused by lena: maintenance') ? true : undefined));
    await zpa(['lanes', 'resume', 'acme-prod']);
    expect(await watched).toBe(0);
    expect(console.stderr()).toContain('2 of 2 changes open; CHG5/1 is queued; its lane is paused');
    expect((await zpa(['status', 'CHG5/1', '--watch'])).exit).toBe(0);
  });

  it('is asked for by a key or by a ticket', async () => {
    expect((await zpa(['status', 'CHG1/1', '--ticket', 'CHG1'])).exit).toBe(2);
    expect((await zpa(['status'])).exit).toBe(2);
  });
});
