import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useScene } from './use-scene.ts';

const scene = useScene({ timeFactor: 20, schedules: false });
const { zpa } = scene;
const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
// A run over midnight acts on two days.
const days = ['--from', day(Date.now()), '--to', day(Date.now() + 86_400_000)];

type Act = {
  kind: string;
  at: string;
  act: string;
  phase: string;
  result?: string;
  error?: string;
  details: Record<string, unknown>;
};

/** The acts so far, in the order in which they happened. */
async function acts(): Promise<Act[]> {
  const lines: Act[] = JSON.parse((await zpa(['audit', 'export', ...days])).out);
  return lines.filter(({ kind }) => kind === 'act').sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** Runs commands; answers the acts that they left. */
async function actsOf(...commands: string[][]): Promise<Act[]> {
  const before = (await acts()).length;
  for (const argv of commands) expect(await zpa(argv), argv.join(' ')).toMatchObject({ exit: 0 });
  return (await acts()).slice(before);
}

async function fail(key: string) {
  const change = { schemaVersion: 1, idempotencyKey: key, tenant: 'acme-prod', action: 'update' };
  await scene.world.deliver('ops', { changes: [{ ...change, group: { name: 'Nowhere' }, set: { enabled: true } }] });
  const [record] = await scene.world.awaitSettled(scene.world.refs('ops', [key]));
  return record?.ticket.id ?? '';
}

const twice = (act: string, details: object) => [
  expect.objectContaining({ act, phase: 'begun', principal: 'local', details: expect.objectContaining(details) }),
  expect.objectContaining({ act, phase: 'ended', principal: 'local', result: 'done' }),
];

describe('what a person does with the command line', () => {
  it('to failures has its lines, which the ticket shows', async () => {
    const ticket = await fail('ACT-1/1@A');
    const found = await actsOf(['failures', 'retry', 'ACT-1/1@A', '--yes']);
    expect(found).toEqual(twice('failures redrive', { changes: [expect.objectContaining({ generation: 1 })] }));
    await scene.world.awaitSettled(scene.world.refs('ops', ['ACT-1/1@A']));
    await scene.world.runAudit();
    const { out } = await zpa(['audit', 'show', ticket]);
    expect(out.match(/^failures retry (begun|done)$/gm)).toHaveLength(2);
    expect(out).toContain('local');
    await fail('ACT-2/1@A');
    const dismissed = await actsOf([
      'failures',
      'dismiss',
      'ACT-2/1@A',
      '--by',
      'otto',
      '--reason',
      'sent anew',
      '--yes',
    ]);
    expect(dismissed).toEqual(
      twice('failures dismiss', { by: 'otto', reason: 'sent anew', tickets: [expect.any(String)] }),
    );
    const shown = await zpa(['audit', 'show', String(dismissed[0]?.details.tickets)]);
    expect(shown.out).toMatch(/decided by +otto\n {2}reason +sent anew\n {2}changes +ACT-2\/1@A\n/);
  });

  it('to a finding of drift has its lines, with the value that is let be', async () => {
    const change = { schemaVersion: 1, idempotencyKey: 'ACT-D/1@A', tenant: 'acme-prod', action: 'create' };
    await scene.world.deliver('ops', { changes: [{ ...change, group: { name: 'Watched' }, enabled: true }] });
    const [record] = await scene.world.awaitSettled(scene.world.refs('ops', ['ACT-D/1@A']));
    const group = record?.outcome?.kind === 'applied' ? record.outcome.effect.groupId : '';
    scene.world.simulator.store.editGroup(group, { enabled: false });
    const { reports } = JSON.parse((await zpa(['--json', 'drift', '--tenant', 'acme-prod'])).out);
    const [{ id }] = reports[0].findings;
    const until = day(Date.now() + 20 * 86_400_000);
    const ignore = [
      'drift',
      'ignore',
      id,
      '--tenant',
      'acme-prod',
      '--until',
      until,
      '--reason',
      'audit',
      '--by',
      'otto',
    ];
    expect(await actsOf(ignore)).toEqual(
      twice('drift ignore', { id, group, before: 'true', after: 'false', reason: 'audit', by: 'otto' }),
    );
  });

  it('by changes that are made of findings, or undo others, has its lines, which their ticket shows', async () => {
    const change = { schemaVersion: 1, idempotencyKey: 'ACT-M/1@A', tenant: 'acme-prod', action: 'create' };
    await scene.world.deliver('ops', { changes: [{ ...change, group: { name: 'Made' }, enabled: true }] });
    const [record] = await scene.world.awaitSettled(scene.world.refs('ops', ['ACT-M/1@A']));
    const group = record?.outcome?.kind === 'applied' ? record.outcome.effect.groupId : '';
    scene.world.simulator.store.editGroup(group, { enabled: false });
    const id = await scene.world.until(async () => {
      const { reports } = JSON.parse((await zpa(['--json', 'drift', '--tenant', 'acme-prod'])).out);
      const of: { id: string; state: string; group: { id: string } }[] = reports[0].findings;
      return of.find((one) => one.group.id === group && one.state !== 'in-flight')?.id;
    });
    const send = ['--tenant', 'acme-prod', '--ticket', 'ACT-T', '--submit', '--wait', '20'];
    expect(await actsOf(['drift', 'revert', id, ...send])).toEqual(
      twice('drift revert', {
        tickets: ['ACT-T'],
        answers: [id],
        changes: [expect.objectContaining({ source: 'ops' })],
      }),
    );
    await scene.world.deliver('ops', {
      changes: [{ ...change, idempotencyKey: 'ACT-U/1@A', group: { name: 'Undone' } }],
    });
    await scene.world.awaitSettled(scene.world.refs('ops', ['ACT-U/1@A']));
    expect(await actsOf(['undo', 'ACT-U/1@A', ...send])).toEqual(twice('undo', { answers: ['ACT-U/1@A'] }));
    expect((await zpa(['audit', 'show', 'ACT-T'])).out).toMatch(/^drift revert begun$/m);
  });

  it('to lanes and open changes has its lines', async () => {
    const lane = 'PRODUCTION:216196257331281920';
    const pause = ['lanes', 'pause', 'acme-prod', '--reason', 'a look', '--by', 'otto'];
    expect(await actsOf(pause, ['lanes', 'resume', 'acme-prod'])).toEqual([
      ...twice('lanes pause', { lane, reason: 'a look', by: 'otto' }),
      ...twice('lanes resume', { lane }),
    ]);
    const later = new Date(Date.now() + 86_400_000).toISOString();
    const change = { schemaVersion: 1, idempotencyKey: 'ACT-3/1@A', tenant: 'acme-prod', action: 'create' };
    await scene.world.deliver('ops', { changes: [{ ...change, group: { name: 'Later' }, notBefore: later }] });
    const cancel = ['cancel', 'ACT-3/1@A', '--source', 'ops', '--reason', 'not needed', '--yes'];
    expect(await actsOf(cancel)).toEqual(twice('cancel', { reason: 'not needed' }));
  });

  it('to a lane that somebody else paused before does not end as done', async () => {
    const pause = ['lanes', 'pause', 'acme-prod', '--reason'];
    await actsOf([...pause, 'the first']);
    const found = await actsOf([...pause, 'the second']);
    await actsOf(['lanes', 'resume', 'acme-prod']);
    expect(found[1]).toMatchObject({ phase: 'ended', result: 'failed', error: 'already-paused' });
  });

  it('to settings and secrets has its lines, and no value of a secret is in them', async () => {
    const settings = JSON.parse((await zpa(['settings', 'show'])).out);
    settings.sources.ops.grants = [];
    await writeFile(join(scene.folder, 'settings.json'), JSON.stringify(settings));
    const push = ['settings', 'push', 'settings.json', '--note', 'nothing for ops', '--yes'];
    const rollback = ['settings', 'rollback', '1', '--yes'];
    expect(await actsOf(push, rollback)).toEqual([
      ...twice('settings push', { version: 2, note: 'nothing for ops' }),
      ...twice('settings rollback', { version: 3 }),
    ]);
    const before = (await acts()).length;
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect(await zpa(['secrets', 'rotate', 'source/ops'], { input: secret })).toMatchObject({ exit: 0 });
    expect(await zpa(['secrets', 'rotate', 'source/ops', '--finish', '--yes'])).toMatchObject({ exit: 0 });
    expect(await zpa(['secrets', 'set', 'source/ops', '--yes'], { input: secret })).toMatchObject({ exit: 0 });
    const found = (await acts()).slice(before);
    expect(found).toEqual([
      ...twice('secrets rotate', { secret: 'source/ops' }),
      ...twice('secrets rotate', { secret: 'source/ops', end: 'new' }),
      ...twice('secrets set', { secret: 'source/ops' }),
    ]);
    expect(JSON.stringify(found)).not.toContain(secret);
  });

  it.each([
    ['dismiss', 0, 'failure-changed'],
    ['redrive', 1, 'discarded'],
  ])('to failures that somebody dismissed meanwhile by `%s` does not end as done', async (verb, exit, error) => {
    const key = `ACT-M/1@${verb}`;
    await fail(key);
    const before = (await acts()).length;
    const ask = async () => {
      expect(await zpa(['failures', 'dismiss', key, '--reason', 'r', '--yes'])).toMatchObject({ exit: 0 });
      return true;
    };
    expect(
      await zpa(['failures', verb, key], { interactive: true, ask, askText: async () => 'too late' }),
    ).toMatchObject({
      exit,
    });
    const ends = (await acts()).slice(before).filter(({ phase }) => phase === 'ended');
    expect(ends).toEqual([
      expect.objectContaining({ act: 'failures dismiss', result: 'done' }),
      expect.objectContaining({ act: `failures ${verb}`, result: 'failed', error }),
    ]);
  });

  it('to a change that has its outcome already does not end as done', async () => {
    await fail('ACT-5/1@A');
    const before = (await acts()).length;
    const cancel = ['cancel', 'ACT-5/1@A', '--source', 'ops', '--reason', 'too late', '--yes'];
    expect(await zpa(cancel)).toMatchObject({ exit: 1 });
    expect((await acts()).slice(before)).toEqual([
      expect.objectContaining({ act: 'cancel', phase: 'begun' }),
      expect.objectContaining({ act: 'cancel', phase: 'ended', result: 'failed', error: 'settled' }),
    ]);
  });

  it('is not done if its line cannot be written', async () => {
    await fail('ACT-4/1@A');
    scene.world.endpoint.faults.fail({ service: 's3', operation: 'PUT' }, 503, 3);
    const { exit, err } = await zpa(['failures', 'dismiss', 'ACT-4/1@A', '--reason', 'r', '--yes']);
    expect(exit).toBe(4);
    expect(err).toContain('audit-failed');
    expect(err).toContain('Nothing was done');
    const list = await zpa(['--json', 'failures', 'list']);
    expect(JSON.stringify(JSON.parse(list.out))).toContain('ACT-4/1@A');
  });

  it('stands if only the line of its end cannot be written, which is said', async () => {
    let puts = 0;
    const isEnd = () => {
      puts += 1;
      return puts > 1;
    };
    scene.world.endpoint.faults.fail({ service: 's3', operation: 'PUT', body: isEnd }, 503, 3);
    const { exit, err } = await zpa(['failures', 'dismiss', 'ACT-4/1@A', '--reason', 'r', '--yes']);
    expect(exit).toBe(0);
    expect(err).toContain('audit trail');
    const list = await zpa(['--json', 'failures', 'list']);
    expect(list.out).not.toContain('ACT-4/1@A');
  });
});
