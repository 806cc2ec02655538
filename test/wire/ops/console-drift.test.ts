import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../shared/domain/drift/report.ts';
import { formOf, noticeOf, textOf } from './console-forms.ts';
import { withConsole } from './open-console.ts';
import { useScene } from './use-scene.ts';

/** Drift in the console, over HTTP, against a local world whose tenant somebody edits in ZPA. */
const scene = useScene({ timeFactor: 40, schedules: false });
const { zpa } = scene;

const LANE = 'PRODUCTION:216196257331281920';
const at = (path: string, query: Record<string, string>) => `${path}?${new URLSearchParams({ lane: LANE, ...query })}`;

let count = 0;
/** A group that a ticket created; answers its id. */
async function managed(name: string, over: object = {}): Promise<string> {
  count += 1;
  const change = { schemaVersion: 1, idempotencyKey: `CD-${count}`, tenant: 'acme-prod', action: 'create' };
  const made = { ...change, group: { name }, enabled: true, ...over };
  expect(await zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify(made) })).toMatchObject({ exit: 0 });
  return scene.world.simulator.store.group(name)?.id ?? '';
}

/** The finding of a group, once the change that made it mutes none of it any more; and the report is stored. */
async function drifted(groupId: string): Promise<Finding> {
  for (;;) {
    const { out } = await zpa(['--json', 'drift', '--tenant', 'acme-prod']);
    const findings: Finding[] = JSON.parse(out).reports[0].findings;
    const [finding] = findings.filter(({ group, state }) => group.id === groupId && state !== 'in-flight');
    if (finding === undefined) continue;
    await scene.world.runDrift();
    return finding;
  }
}

const settled = (ticket: string) =>
  scene.world.until(async () => {
    const of = (await scene.world.changes()).filter((one) => one.ticket.id === ticket);
    return of.length > 0 && of.every(({ state }) => state === 'settled') ? of : undefined;
  });

describe('the drift page', () => {
  it('shows the last report of each lane, its age, its findings, and the whole report as a page of its own', async () => {
    const group = await managed('Shown');
    scene.world.simulator.store.editGroup(group, { description: '<b>bold</b>\u202Etxt.exe' });
    const { id } = await drifted(group);
    await withConsole(scene.folder, async ({ get }) => {
      expect(textOf((await get('/drift')).body)).toMatch(/acme-prod .*1 difference/);
      const page = await get(at('/drift', {}));
      expect(page.body).toContain(id);
      expect(page.body).not.toMatch(/<b>bold|\u202E/);
      expect(textOf(page.body)).toMatch(/The last report is of .* ago.*1 of 1 groups|Compared \d+ of \d+/);
      const finding = await get(at('/drift/finding', { id }));
      expect(textOf(finding.body)).toMatch(/Approved .*In ZPA .*<b>bold/);
      expect(finding.body).not.toMatch(/<b>bold|\u202E/);
      const report = await get(at('/drift/report.html', {}));
      expect(report.headers['content-security-policy']).toContain('sandbox');
      expect(report.body).toContain(id);
      const none = await get('/drift?lane=PRODUCTION:1');
      expect([none.status, none.body]).toEqual([404, expect.stringContaining(LANE)]);
      expect((await get(at('/drift/finding', { id: 'D-00000000' }))).status).toBe(404);
    });
    scene.world.simulator.store.editGroup(group, { description: '' });
  });

  it('reads ZPA now on request, and keeps what it read for the pages of its findings', async () => {
    const group = await managed('Now');
    const other = await managed('Also');
    scene.world.simulator.store.editGroup(other, { enabled: false });
    await drifted(other);
    scene.world.simulator.store.editGroup(group, { enabled: false });
    await withConsole(scene.folder, async ({ get }) => {
      expect((await get(at('/drift', {}))).body).not.toContain('Now');
      const page = await get(at('/drift', { now: '1' }));
      expect(textOf(page.body)).toMatch(/Read just now.*Now/);
      const [, link = ''] = /<a href="([^"]*)"><code><bdi>D-[^<]*<\/bdi><\/code><\/a>/.exec(page.body) ?? [];
      expect((await get(link.replaceAll('&amp;', '&'))).status).toBe(200);
    });
  });
});

describe('a finding', () => {
  it('is accepted under a ticket, after its plan and YAML were shown, once', async () => {
    const group = await managed('Accepted here');
    scene.world.simulator.store.editGroup(group, { description: 'edited in ZPA' });
    const { id } = await drifted(group);
    await withConsole(scene.folder, async (one) => {
      await withConsole(scene.folder, async (other) => {
        const preview = at('/drift/preview', { id, ticket: 'CHG71', do: 'accept' });
        const page = await one.get(preview);
        expect(textOf(page.body)).toMatch(
          /accept "Accepted here": description.*would be recorded as approved.*action: accept/,
        );
        const { path, fields } = formOf(page.body, '/drift/send');
        const theirs = formOf((await other.get(preview)).body, '/drift/send');
        const both = await Promise.all([one.press(path, fields), other.press(theirs.path, theirs.fields)]);
        for (const { body } of both) expect(noticeOf(body)).toMatch(/1 change accepted under CHG71|sent already/);
        const again = await one.press(path, fields);
        expect(noticeOf(again.body)).toContain('sent already');
        expect(again.body).toContain('name="q" value="CHG71"');
      });
    });
    expect(await settled('CHG71')).toMatchObject([{ outcome: { kind: 'unchanged' }, ref: { source: 'ops' } }]);
  });

  it('is not reverted by an old page, if somebody edited the group since', async () => {
    const group = await managed('Reverted here');
    scene.world.simulator.store.editGroup(group, { description: 'first edit' });
    const { id } = await drifted(group);
    await withConsole(scene.folder, async ({ get, press }) => {
      const preview = () => get(at('/drift/preview', { id, ticket: 'CHG72', do: 'revert' }));
      const old = formOf((await preview()).body, '/drift/send');
      scene.world.simulator.store.editGroup(group, { description: 'second edit' });
      const refused = await press(old.path, old.fields);
      expect(noticeOf(refused.body)).toContain('Nothing was sent');
      expect((await scene.world.changes()).filter(({ ticket }) => ticket.id === 'CHG72')).toEqual([]);

      const { path, fields } = formOf((await preview()).body, '/drift/send');
      expect(noticeOf((await press(path, fields)).body)).toContain('1 change accepted under CHG72');
    });
    expect(await settled('CHG72')).toMatchObject([{ outcome: { kind: 'applied' } }]);
    expect(scene.world.simulator.store.group(group)?.description ?? '').toBe('');
  });

  it('is ignored for the value that was shown, and at once counts as ignored', async () => {
    const group = await managed('Ignored here');
    scene.world.simulator.store.editGroup(group, { description: 'one value' });
    const { id } = await drifted(group);
    const until = new Date(Date.now() + 86_400_000 * 3).toISOString().slice(0, 10);
    await withConsole(scene.folder, async ({ get, press }) => {
      const ask = async () => formOf((await get(at('/drift/finding', { id }))).body, '/drift/ignore');
      const old = await ask();
      const late = await press(old.path, { ...old.fields, reason: 'audit', until: '2001-01-01' });
      expect(noticeOf(late.body)).toContain('An ignore needs an end that is still to come');
      scene.world.simulator.store.editGroup(group, { description: 'another value' });
      const refused = await press(old.path, { ...old.fields, reason: 'audit', until });
      expect(noticeOf(refused.body)).toContain('Nothing was done');
      scene.world.simulator.store.editGroup(group, { description: 'one value' });
      const done = await press(old.path, { ...old.fields, reason: 'audit', until });
      expect(noticeOf(done.body)).toContain(`${id} is ignored until ${until}`);
      expect(textOf(done.body)).toMatch(new RegExp(`Ignored 1 .*${id} ignored until ${until}`));
    });
  });

  it('that nobody marked, or without a ticket, leads nowhere', async () => {
    await withConsole(scene.folder, async ({ get }) => {
      const unmarked = await get(at('/drift/preview', { ticket: 'CHG7', do: 'accept' }));
      expect([unmarked.status, unmarked.body]).toEqual([400, expect.stringContaining('No finding is marked')]);
      const wrong = await get(at('/drift/preview', { ticket: 'CHG7/1@A', id: 'D-00000000', do: 'accept' }));
      expect([wrong.status, wrong.body]).toEqual([400, expect.stringContaining('cannot begin the key')]);
    });
  });
});
