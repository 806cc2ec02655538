import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const START = join(import.meta.dirname, '../../local/start.ts');

/** `npm start` in a folder of its own, without npm. */
async function withStart<T>(args: string[], story: (child: ChildProcess, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-start-'));
  const child = spawn(process.execPath, [START, '--port', '0', '--time-factor', '20', ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    return await story(child, folder);
  } finally {
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
    await rm(folder, { recursive: true });
  }
}

const outputOf = (stream: ChildProcess['stdout']) => (stream === null ? Promise.resolve('') : text(stream));

describe('npm start', () => {
  it('with --exit prints what became of every ticket and ends with 0 because all is settled', async () => {
    await withStart(['--exit'], async (child) => {
      const out = outputOf(child.stdout);
      const [exit] = await once(child, 'exit');
      expect(exit).toBe(0);
      const lines = (await out).split('\n');
      expect(lines.find((line) => /^CHG0031337 +create +Management Apps +applied/.test(line))).toBeDefined();
      expect(lines.find((line) => /^ZPA-57 +delete +Development Apps +applied/.test(line))).toBeDefined();
      expect(lines.find((line) => /rejected +group-in-use/.test(line))).toBeDefined();
      expect(lines.find((line) => /^ZPA-66 +refused/.test(line))).toBeDefined();
    });
  });

  it('shows three kinds of ticket coming in, each with its plan, and three answers going back', async () => {
    await withStart(['--exit'], async (child) => {
      const out = outputOf(child.stdout);
      const [exit] = await once(child, 'exit');
      expect(exit).toBe(0);
      const [, stories = ''] = (await out).split('Three kinds of ticket in, three answers back');
      const expected = [
        ['CHG0040001', 'work note', 'Review'],
        ['ZPA-101', 'comment', 'Done'],
        ['REQ-7', 'signed webhook', 'closed'],
      ] as const;
      for (const [ticket, answer, state] of expected) {
        expect(await out).toMatch(new RegExp(`${ticket}: .*waits for approval \\(202, plan-requested\\)`));
        const story = stories.slice(stories.indexOf(`  ${ticket}  `));
        const [plan, back, page] = ['plan', 'back', 'page'].map(
          (label) => story.match(new RegExp(`${label} +(.*)`))?.[1],
        );
        expect(plan).toBe('Plan of 1 change: 1 would be carried out');
        expect(back).toBe(`${answer}: ZPA segment groups: The change is in effect. The ticket is in state ${state}.`);
        expect(page).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/#${ticket}$`));
      }
    });
  });

  it('with a data folder knows the tickets of the last time: the same table, nothing done twice', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'zpa-changes-data-'));
    const run = () =>
      withStart(['--exit', '--data', dataDir], async (child) => {
        const out = outputOf(child.stdout);
        const [exit] = await once(child, 'exit');
        const table = (await out).split('\n').filter((line) => /^(CHG|ZPA-|45096653|\d{18})/.test(line));
        return { exit, table };
      });
    try {
      const first = await run();
      expect(first.exit).toBe(0);
      expect(await run()).toEqual(first);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });

  it('stays up, and on Ctrl-C stops cleanly and takes the file back that told the CLI where it is', async () => {
    await withStart(['--no-samples'], async (child, folder) => {
      const stdout = child.stdout;
      if (stdout === null) throw new Error('no stdout');
      for await (const chunk of stdout.setEncoding('utf8')) if (String(chunk).includes('Ctrl-C')) break;
      const target = join(folder, '.zpa-changes/local.json');
      expect(existsSync(target)).toBe(true);
      const gone = once(child, 'exit');
      child.kill('SIGINT');
      expect(await gone).toEqual([0, null]);
      expect(existsSync(target)).toBe(false);
    });
  });

  it('says in one sentence what is wrong with its options', async () => {
    await withStart(['--limits', 'none'], async (child) => {
      const err = outputOf(child.stderr);
      const [exit] = await once(child, 'exit');
      expect([exit, (await err).split('\n')[0]]).toEqual([2, expect.stringContaining('--limits')]);
    });
  });
});
