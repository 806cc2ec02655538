import { describe, expect, it } from 'vitest';
import { formOf, noticeOf, textOf } from './console-forms.ts';
import { withConsole } from './open-console.ts';
import { useScene } from './use-scene.ts';

const scene = useScene({ timeFactor: 20, schedules: false, simulator: { limits: 'off' } });

const LANE = 'PRODUCTION:216196257331281920';
const change = { schemaVersion: 1, tenant: 'acme-prod', action: 'update', set: { description: 'approved' } };
const at = (path: string, query: Record<string, string>) => `${path}?${new URLSearchParams(query)}`;
const named = (key: string) => ({ source: 'ops', tenant: 'acme-prod', key });

/** An option of the command line, or a command that a person would have to type. */
const OF_THE_COMMAND_LINE = /--[a-z]|(?:[Rr]un|repeat) the (?:same )?command|same file|Correct the file|See `/;

async function failureOf(key: string): Promise<Record<string, string>> {
  const failing = { ...change, idempotencyKey: key, group: { name: 'Nowhere' } };
  await scene.zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify(failing) });
  return { ...named(key), generation: '1' };
}

describe('what a page says where something is wrong', () => {
  it('a form that is too long is 413, with what to do, and changes nothing', async () => {
    const failure = await failureOf('LONG-1');
    await withConsole(scene.folder, async ({ press }) => {
      const text = `# ${'x'.repeat(2 * 1024 * 1024)}`;
      const answer = await press('/failure/draft', { ...failure, text, ticket: 'CHG81' });
      expect(answer.status).toBe(413);
      expect(textOf(answer.body)).toContain('This form is longer than 1 MiB. Nothing was done.');
      expect(textOf(answer.body)).toContain('What to do: Go back in your browser');
      expect(answer.body).toContain('<nav aria-label="Pages">');
    });
  });

  it('names fields and pages, and nothing of the command line', async () => {
    const failure = await failureOf('WORDS-1');
    const draft = { ...failure, text: JSON.stringify({ ...change, group: { name: 'Intranet' } }) };
    const pages = [
      at('/change', named('NONE-1')),
      at('/change/undo', { ...named('WORDS-1'), ticket: 'CHG 1' }),
      at('/change/undo', { ...named('WORDS-1'), ticket: 'CHG1' }),
      at('/changes', { since: 'soon' }),
      at('/failure', { ...failure, key: 'NONE-1' }),
      at('/lane/release', { lane: LANE }),
      at('/drift/preview', { lane: LANE, ticket: 'CHG 1', id: 'D-00000000' }),
      at('/drift/preview', { lane: LANE, ticket: 'CHG1', id: 'D-00000000' }),
      at('/drift/preview', { lane: LANE, ticket: 'CHG1', id: 'nothing' }),
      at('/drift/report.html', { lane: LANE }),
    ];
    await withConsole(scene.folder, async ({ get, press }) => {
      for (const path of pages) {
        const { body } = await get(path);
        expect(textOf(body), path).toContain('What to do:');
        expect(textOf(body), path).not.toMatch(OF_THE_COMMAND_LINE);
      }
      const edited = await press('/failure/draft', { ...draft, ticket: 'CHG 1' });
      expect(textOf(edited.body)).toContain('What to do:');
      expect(textOf(edited.body)).not.toMatch(OF_THE_COMMAND_LINE);
    });
  });

  it('a reason that the record would cut is refused by every button', async () => {
    const failure = await failureOf('REASON-1');
    const reason = 'x'.repeat(501);
    const lane = { lane: LANE, version: '1', shown: 'mark' };
    const finding = { lane: LANE, id: 'D-00000000', until: '2030-01-01', shown: 'mark' };
    await withConsole(scene.folder, async ({ press }) => {
      for (const [path, fields] of [
        ['/change/cancel', failure],
        ['/failure/dismiss', failure],
        ['/lane/pause', lane],
        ['/lane/release', lane],
        ['/drift/ignore', finding],
      ] as const) {
        const { body } = await press(path, { ...fields, reason });
        expect(noticeOf(body), path).toBe('The reason is too long. Write up to 500 characters.');
      }
    });
    expect((await scene.world.changes()).find(({ ref }) => ref.idempotencyKey === 'REASON-1')).toMatchObject({
      failed: true,
    });
  });

  it('an ignore that is refused says what to put into which field', async () => {
    const group = { name: 'Ignored Words' };
    const made = { schemaVersion: 1, idempotencyKey: 'IGN-1', tenant: 'acme-prod', action: 'create', group };
    await scene.zpa(['submit', '-', '--wait', '20'], { input: JSON.stringify({ ...made, description: 'approved' }) });
    const { store } = scene.world.simulator;
    store.editGroup(store.group(group.name)?.id ?? '', { description: 'edited' });
    await scene.world.runDrift();
    await withConsole(scene.folder, async ({ get, press }) => {
      const list = (await get(at('/drift', { lane: LANE }))).body;
      const id = /name="id" value="(D-[\w-]{8})"/.exec(list)?.[1] ?? '';
      const { path, fields } = formOf((await get(at('/drift/finding', { lane: LANE, id }))).body, '/drift/ignore');
      for (const wrong of [
        { reason: 'x'.repeat(600), until: '2027-01-15' },
        { reason: 'audit', until: '2001-01-15' },
        { reason: 'audit', until: '2999-01-15' },
        { reason: 'audit', until: 'soon' },
      ]) {
        const notice = noticeOf((await press(path, { ...fields, ...wrong })).body);
        expect(notice).not.toBe('');
        expect(notice).not.toMatch(OF_THE_COMMAND_LINE);
      }
    });
  });

  it('a text with mistakes is no success, and a plan is neither', async () => {
    const failure = await failureOf('TONE-1');
    await withConsole(scene.folder, async ({ press }) => {
      const draft = (text: string) => press('/failure/draft', { ...failure, text, ticket: 'CHG81' });
      const wrong = (await draft('tenant: [')).body;
      expect(wrong).toContain('<p class="failed">');
      expect(noticeOf(wrong)).toMatch(/^1 mistake in the text/);
      const right = (await draft(JSON.stringify({ ...change, group: { name: 'Intranet' } }))).body;
      expect(right).toContain('<p class="told">');
      expect(noticeOf(right)).toBe('Nothing is sent yet. The plan of the edited change is below.');
    });
  });
});
