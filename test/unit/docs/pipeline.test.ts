import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const text = readFileSync(new URL('../../../docs/pipeline.md', import.meta.url), 'utf8');
const blockOf = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
const script = blockOf('sh');
const workflow = z
  .object({ jobs: z.record(z.string(), z.object({ steps: z.array(z.object({ run: z.string().optional() })) })) })
  .parse(parse(blockOf('yaml')));

/** A pipeline takes these steps in this order: a difference is shown before it is carried out, and the result is looked at. */
const STEPS = [
  'npm run check',
  'npm run signatures',
  'zpa-changes settings check',
  'npm run synth',
  'cdk diff',
  'zpa-changes settings diff',
  'npm run deploy',
  'zpa-changes settings push',
  'zpa-changes doctor',
];

it.each([
  ['the script', script.split('\n').map((line) => line.replace(/ #.*$/, ''))],
  ['the workflow', Object.values(workflow.jobs).flatMap(({ steps }) => steps.map(({ run = '' }) => run))],
])('%s takes every step, in order', (_, lines) => {
  const taken = lines.flatMap((line) => STEPS.filter((step) => line.includes(step)));
  expect(taken).toEqual(STEPS);
});

it('the script is one that bash reads', () => {
  const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

it.each([
  ['settings.json', 0],
  ['settings.test.json', 0],
  ['targets/production.json', 0],
  ['stages/test.json', 0],
  ['package.json', 1],
])('its check of the form of %s ends with %i: files of the deployment are not the product’s', (file, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'zpa-changes-form-'));
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  copyFileSync(join(root, 'biome.json'), join(folder, 'biome.json'));
  writeFileSync(join(folder, file), '{"tenants":{\n}}\n');
  const options = { cwd: folder, encoding: 'utf8' } as const;
  const { status } = spawnSync(join(root, 'node_modules/.bin/biome'), ['check', '--vcs-enabled=false', '.'], options);
  rmSync(folder, { recursive: true });
  expect(status).toBe(expected);
});
