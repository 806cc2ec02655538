import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { targetSchema } from '../../../shared/deployment/cli-target.ts';

const CLI = readFileSync(resolve(import.meta.dirname, '../../../docs/cli.md'), 'utf8');

it('the target file that docs/cli.md shows is one', () => {
  const examples = [...CLI.matchAll(/```json\n([^`]+)```/g)].map(([, text = '']) =>
    targetSchema.safeParse(JSON.parse(text)),
  );
  expect(examples.map(({ success }) => success)).toEqual([true]);
});
