import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

/** The script of `completion`, in a real bash. */

async function scriptFor(shell: string): Promise<string> {
  const console = createRecordingConsole();
  expect(await run(['completion', shell], { console, cwd: '/', env: {} })).toBe(0);
  return console.stdout();
}

/** Asks bash what it offers for the last of the words. */
async function offered(...words: string[]): Promise<string[]> {
  const script = await scriptFor('bash');
  const call = `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _zpa_changes; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '-uc', `${script}\n${call}`, 'bash', 'zpa-changes', ...words]);
  return out
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

describe('completion', () => {
  it.each([
    ['commands', ['fa'], ['failures']],
    ['commands of a command', ['drift', 'ba'], ['baseline']],
    ['an alias like its command', ['failures', 'discard', '--dry'], ['--dry-run']],
    ['options of a command alone', ['drift', 'ignore', '--un'], ['--until']],
    ['options of the program behind every command', ['lanes', 'list', '--ta'], ['--target']],
    ['options of the program before a command', ['--js'], ['--json']],
    ['the version of the program alone', ['lanes', '--ver'], []],
    ['a command behind a value of an option', ['--target', 'groups.json', 'groups', 'sea'], ['search']],
    ['nothing where only a file may stand', ['submit', 'chan'], []],
  ])('offers %s', async (_, words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  it('offers all commands of the program', async () => {
    expect(await offered('')).toEqual(expect.arrayContaining(['submit', 'undo', 'changes', 'completion', '--version']));
  });

  it('is for zsh the same, by its own emulation of bash', async () => {
    const [bash, zsh] = [await scriptFor('bash'), await scriptFor('zsh')];
    expect(zsh).toBe(`autoload -U +X compinit bashcompinit\ncompinit\nbashcompinit\n${bash}`);
  });

  it('of another shell is wrong usage', async () => {
    const console = createRecordingConsole();
    expect(await run(['completion', 'fish'], { console, cwd: '/', env: {} })).toBe(2);
  });
});
