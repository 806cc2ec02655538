import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import { createRecordingConsole } from '../ops/recording-console.ts';

/** Documents tell people to type commands, so that each of them has to exist. */
const root = join(import.meta.dirname, '../../..');
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const { scripts }: { scripts: Record<string, string> } = JSON.parse(text('package.json'));
/** Commands that have commands of their own. */
const GROUPS = [
  'audit',
  'changes',
  'drift',
  'failures',
  'groups',
  'lanes',
  'secrets',
  'settings',
  'sources',
  'tenants',
];

/** `npx zpa-changes --target FILE settings push settings.json` → `settings push`. */
function commandsIn(document: string): string[] {
  const found = document.matchAll(/npx zpa-changes(?: --json| --target \S+)* ([a-z]+)(?: ([a-z]+))?/g);
  return [
    ...new Set(
      [...found].map(([, first = '', second]) =>
        second !== undefined && GROUPS.includes(first) ? `${first} ${second}` : first,
      ),
    ),
  ];
}

/** An unknown command shows the help of its group, or none; a former name shows the command by its present one first. */
async function isCommand(command: string): Promise<boolean> {
  const console = createRecordingConsole({});
  const words = command.split(' ');
  await run([...words, '--help'], { console, cwd: root, env: {} });
  const usage = `Usage: zpa-changes ${words
    .slice(0, -1)
    .map((word) => `${word} `)
    .join('')}`;
  const [names = ''] = console.stdout().slice(usage.length).split(' ', 1);
  return console.stdout().startsWith(usage) && names.split('|').includes(words.at(-1) ?? '');
}

async function hasCommands(command: string): Promise<boolean> {
  const console = createRecordingConsole({});
  await run([command, '--help'], { console, cwd: root, env: {} });
  return console.stdout().startsWith(`Usage: zpa-changes ${command}`) && console.stdout().includes('\nCommands:');
}

describe('what documents tell people to type', () => {
  it.each(documents)('%s: every script of npm is there', (path) => {
    const named = [...text(path).matchAll(/\bnpm run (?:-s )?([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it.each(documents)('%s: every command of the CLI is there', async (path) => {
    const unknown: string[] = [];
    for (const command of commandsIn(text(path))) if (!(await isCommand(command))) unknown.push(command);
    expect(unknown).toEqual([]);
  });

  it('finds commands, and a wrong one', async () => {
    expect(commandsIn('npx zpa-changes --target x.json settings push a.json, npx zpa-changes doctor')).toEqual([
      'settings push',
      'doctor',
    ]);
    expect(await isCommand('settings push')).toBe(true);
    expect(await isCommand('failures retry')).toBe(true);
    expect(await isCommand('failures redrive')).toBe(true);
    expect(await isCommand('settings pull')).toBe(false);
    expect(await isCommand('heal')).toBe(false);
  });

  it('knows every command that has commands of its own', async () => {
    const console = createRecordingConsole({});
    await run(['--help'], { console, cwd: root, env: {} });
    const names = [...console.stdout().matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
    const groups: string[] = [];
    for (const name of new Set(names)) if (await hasCommands(name)) groups.push(name);
    expect(groups.sort()).toEqual(GROUPS);
  });
});
