import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import { ROLE_PERMISSIONS } from '../../../shared/deployment/roles.ts';
import { createRecordingConsole } from '../ops/recording-console.ts';

/** The commands of drift, their help and the documents say the same. */

const page = (path: string) => readFileSync(join(import.meta.dirname, '../../..', path), 'utf8');

async function helpOf(...command: string[]): Promise<string> {
  const console = createRecordingConsole();
  expect(await run(['drift', ...command, '--help'], { console, cwd: '/', env: {} })).toBe(0);
  return console.stdout();
}

async function commandNames(): Promise<string[]> {
  const names = [...(await helpOf()).matchAll(/^ {2}([a-z]+) (?:\[options\]|<)/gm)].map(([, name = '']) => name);
  expect(names).toContain('baseline');
  return names;
}

it('docs/cli.md names every command of drift', async () => {
  const cli = page('docs/cli.md');
  expect((await commandNames()).filter((name) => !cli.includes(`\`drift ${name}`))).toEqual([]);
});

it('docs/cli.md names every option of a command of drift', async () => {
  const cli = page('docs/cli.md');
  for (const name of await commandNames()) {
    const [own = ''] = (await helpOf(name)).split('Global Options');
    const options = [...own.matchAll(/^ {2}(--[a-z]+)/gm)].map(([, option = '']) => option);
    expect([name, options.filter((option) => !cli.includes(option))]).toEqual([name, []]);
  }
});

it('each example in the help of drift is of a command and of options that exist', async () => {
  const names = await commandNames();
  for (const text of await Promise.all([helpOf(), ...names.map((name) => helpOf(name))])) {
    const examples = [...text.matchAll(/^ {2}zpa-changes drift ?(.*)$/gm)].map(([, example = '']) => example);
    expect(examples).not.toEqual([]);
    for (const example of examples) {
      const [first = ''] = example.split(' ');
      const help = await helpOf(first.startsWith('-') || first === '' ? 'report' : first);
      const options = [...example.matchAll(/ (--[a-z]+)/g)].map(([, option = '']) => option);
      expect([example, options.filter((option) => !help.includes(`  ${option}`))]).toEqual([example, []]);
    }
  }
});

it('a viewer has the rights to read and list stored reports', () => {
  const calls = ['shared/aws/stored-object.ts', 'shared/aws/stored-reports.ts'].flatMap((file) =>
    [...page(file).matchAll(/new (\w+)Command\(/g)].map(([, call = '']) => RIGHTS[call] ?? call),
  );
  expect(calls).toContain('s3:GetObject');
  const allowed = ROLE_PERMISSIONS.viewer.flatMap(({ actions }) => actions);
  expect(calls.filter((right) => !allowed.includes(right))).toEqual([]);
});

/** The right that a call needs, where its name is another one (AWS: "Actions, resources, and condition keys for Amazon S3"). */
const RIGHTS: Record<string, string> = { GetObject: 's3:GetObject', ListObjectsV2: 's3:ListBucket' };
