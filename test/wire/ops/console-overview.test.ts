import { expect, it } from 'vitest';
import { formOf, noticeOf, textOf } from './console-forms.ts';
import { withConsole } from './open-console.ts';
import { useScene } from './use-scene.ts';

const scene = useScene({ timeFactor: 20, schedules: false, simulator: { limits: 'off' } });

const change = (key: string, more: object) => ({ schemaVersion: 1, idempotencyKey: key, tenant: 'acme-prod', ...more });

async function settle(key: string, more: object) {
  await scene.world.deliver('ops', { changes: [change(key, more)] });
  await scene.world.awaitSettled(scene.world.refs('ops', [key]));
}

/** The entries of "Needs a person", as text without markup. */
function needsOf(body: string): string[] {
  const [, list = ''] = /<ul class="needs">([\s\S]*)<\/section>\s*<section/.exec(body) ?? [];
  return list
    .split('<li class="b')
    .slice(1)
    .map((entry) => entry.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' '));
}

it('the overview shows nothing where nothing needs a person, and then what does, with the addresses where to act', async () => {
  await withConsole(scene.folder, async ({ get }) => {
    const quiet = await get('/');
    expect(quiet.status).toBe(200);
    expect(quiet.body).toContain('Nothing needs a person.');
    expect(quiet.body).toContain('No open changes. 2 lanes have nothing to do.');
    expect(textOf(quiet.body)).toMatch(
      /no report of acme-prod and globex-prod yet.* The next one is due \d{4}-.* Read ZPA now/,
    );

    await settle('OVER-1/1@A', { action: 'create', group: { name: 'Depot' } });
    await scene.world.runDrift();
    scene.world.simulator.store.editGroup('Depot', { description: '<b>by hand</b>' });
    await scene.world.runDrift();
    await settle('OVER-2/1@A', { action: 'update', group: { name: 'Nowhere' }, set: { enabled: true } });
    expect(await scene.zpa(['lanes', 'pause', 'acme-prod', '--reason', '<i>a look</i>'])).toMatchObject({ exit: 0 });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const yard = { action: 'create', group: { name: 'Yard' } };
    await scene.world.deliver('ops', { changes: [change('OVER-3/1@A', { ...yard, notBefore: tomorrow })] });
    await scene.world.deliver('ops', {
      changes: [change('OVER-4/1@A', { action: 'create', group: { name: 'Gate' } })],
    });
  });
  // The report is read once by a session, which is another one now.
  await withConsole(scene.folder, async ({ get }) => {
    const { body } = await get('/');
    const [failures = '', lane = '', drift = '', ...others] = needsOf(body);
    expect(others).toEqual([]);
    expect(failures).toContain('Requester: 1 failure');
    expect(failures).toContain('group-not-found');
    expect(body).toContain('href="/failures?owner=requester&amp;code=group-not-found"');
    expect(lane).toMatch(/acme-prod paused .*a look/);
    expect(body).toContain('href="/lane?lane=PRODUCTION%3A216196257331281920"');
    expect(body).not.toContain('<i>a look');
    expect(drift).toMatch(/Drift of acme-prod ?: 1 new finding/);
    expect(body).toContain('href="/drift?lane=PRODUCTION%3A216196257331281920"');
    expect(body).toMatch(/data-label="Open">2<.*\s*<td data-label="In progress">0<.*data-label="Scheduled">1</);
  });
});

it('the overview counts no finding as new that somebody has ignored since the report', async () => {
  const lane = 'PRODUCTION:216196257331281920';
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await withConsole(scene.folder, async ({ get, press }) => {
    const [, id = ''] = /name="id" value="(D-[\w-]{8})"/.exec((await get(`/drift?lane=${lane}`)).body) ?? [];
    const { path, fields } = formOf((await get(`/drift/finding?lane=${lane}&id=${id}`)).body, '/drift/ignore');
    expect(noticeOf((await press(path, { ...fields, reason: 'audit', until: tomorrow })).body)).toContain(
      'is ignored until',
    );
  });
  await withConsole(scene.folder, async ({ get }) => {
    expect(textOf((await get('/')).body)).not.toContain('new finding');
  });
});
