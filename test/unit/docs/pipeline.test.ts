import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const text = readFileSync(new URL('../../../docs/pipeline.md', import.meta.url), 'utf8');
const blockOf = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';
const script = blockOf('sh');
const workflow = z
  .object({ jobs: z.record(z.string(), z.object({ steps: z.array(z.object({ run: z.string().optional() })) })) })
  .parse(parse(blockOf('yaml')));

/** What a pipeline does, in this order: a difference is shown before it is carried out, and the result is looked at. */
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
