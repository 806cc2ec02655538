import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { TextQuestion } from '../../../functions/ops/output/terminal.ts';
import { run } from '../../../functions/ops/program.ts';
import { parseSettings } from '../../../shared/settings/parse-settings.ts';
import { createRecordingConsole } from './recording-console.ts';

let folder: string;
const made: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zpa-changes-init-'));
  made.push(folder);
});
afterAll(async () => {
  for (const one of made) await rm(one, { recursive: true });
});

async function init(argv: string[], over: Parameters<typeof createRecordingConsole>[0] = {}) {
  const console = createRecordingConsole(over);
  const exit = await run(['init', ...argv], { console, cwd: folder, env: {} });
  return { exit, out: console.stdout(), err: console.stderr() };
}

const settings = async () =>
  parseSettings(await readFile(join(folder, 'settings.json'), 'utf8'), 'settings.json').settings;
const FLAGS = ['--tenant', 'acme', '--customer-id', '216196257331281920', '--vanity', 'acme', '--source', 'desk'];

describe('init', () => {
  it('writes both files by flags alone, without a secret, and ends with the next three commands', async () => {
    const more = ['--ticket-url', 'https://desk.example/{id}', '--groups', 'Web *, Wiki', '--name', 'prod'];
    const { exit, out, err } = await init([...FLAGS, ...more]);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    const { tenants, sources } = await settings();
    expect(tenants).toMatchObject({ acme: { customerId: '216196257331281920', vanity: 'acme', cloud: 'PRODUCTION' } });
    expect(sources.desk).toMatchObject({ system: 'ServiceNow', ticketUrl: 'https://desk.example/{id}' });
    expect(sources.desk?.grants[0]).toMatchObject({ actions: ['create', 'update'], groups: ['Web *', 'Wiki'] });
    expect(sources.ops?.grants[0]?.tenants).toEqual(['acme']);
    const lines = out.trimEnd().split('\n').slice(-3);
    expect(lines.map((line) => line.trim().split(' ').slice(-2).join(' '))).toEqual([
      'run deploy',
      'push settings.json',
      '.zpa-changes/prod.json doctor',
    ]);
    expect(
      await run(['settings', 'check', 'settings.json'], { console: createRecordingConsole(), cwd: folder, env: {} }),
    ).toBe(0);
  });

  it('names every flag that is wrong or missing, and writes nothing', async () => {
    const missing = await init(['--tenant', 'acme']);
    expect(missing.exit).toBe(2);
    for (const flag of ['--customer-id', '--vanity', '--source']) expect(missing.err).toContain(`${flag}: is missing`);
    const wrong = await init([...FLAGS, '--name', 'Prod', '--ticket-url', 'https://desk.example', '--source', 'ops']);
    expect(wrong.exit).toBe(2);
    for (const flag of ['--name', '--ticket-url', '--source']) expect(wrong.err).toContain(`${flag}: `);
    expect(await readdir(folder)).toEqual([]);
  });

  it('replaces no file', async () => {
    for (const name of ['settings.json', 'zpa-changes.config.ts']) {
      await writeFile(join(folder, name), 'mine');
      expect(await init(FLAGS)).toMatchObject({ exit: 2, err: expect.stringContaining('already exists') });
      expect(await readFile(join(folder, name), 'utf8')).toBe('mine');
      expect(await readdir(folder)).toEqual([name]);
      await rm(join(folder, name));
    }
  });

  it('refuses a flag that the answers do not need, by its name', async () => {
    const { exit, err } = await init([...FLAGS, '--auth', 'legacy']);
    expect([exit, err]).toEqual([2, expect.stringContaining('--vanity: only --auth oneapi takes it.')]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('asks for what no flag says, and for nothing that does not matter', async () => {
    const answers: Record<string, string> = {
      'customer ID': '7',
      auth: 'legacy',
      'API clients': 'legacy',
      'first source': 'desk',
    };
    const asked: string[] = [];
    const askText = async ({ message, preset = '', fault }: TextQuestion) => {
      asked.push(message);
      const [, answer = preset] = Object.entries(answers).find(([words]) => message.includes(words)) ?? [];
      expect(fault(answer)).toBeUndefined();
      return answer;
    };
    expect((await init(['--tenant', 'old'], { interactive: true, askText })).exit).toBe(0);
    const { old } = (await settings()).tenants;
    expect(old).toMatchObject({ auth: 'legacy', customerId: '7' });
    expect(old?.vanity).toBeUndefined();
    expect(asked.some((message) => message.includes('vanity'))).toBe(false);
    expect(asked.some((message) => message.includes('first ZPA tenant'))).toBe(false);
  });

  it('says what is wrong with an answer', async () => {
    const faults: (string | undefined)[] = [];
    const askText = async ({ message, preset = 'x', fault }: TextQuestion) => {
      if (message.includes('customer ID')) faults.push(fault('12a'), fault('012'), fault('12'));
      return message.includes('customer ID') ? '12' : preset;
    };
    expect((await init([], { interactive: true, askText })).exit).toBe(0);
    expect(faults).toEqual([
      'must be a string of digits',
      'must begin with another digit than 0, as ZPA shows it',
      undefined,
    ]);
  });
});
