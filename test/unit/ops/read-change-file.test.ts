import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readChangeFile } from '../../../functions/ops/session/choose.ts';
import { parseChange } from '../../../shared/domain/change/parse-change.ts';
import { createRecordingConsole } from './recording-console.ts';

const read = (input: string) => readChangeFile('-', { console: createRecordingConsole({ input }), cwd: '/', env: {} });

it('takes the example of docs/cli.md, whose ticket needs no system: the webhook sets it', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/cli.md'), 'utf8');
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
  const [change] = await read(example);
  expect(parseChange(change)).toMatchObject({ ok: true, change: { ticket: { id: 'CHG0031337' } } });
});

it('leaves a ticket that names its system, and what is no ticket, as they are', async () => {
  const ticket = { system: 'Jira', id: 'ZPA-1' };
  expect(await read(JSON.stringify([{ ticket }, { ticket: 'none' }, {}, 7]))).toEqual([
    { ticket },
    { ticket: 'none' },
    {},
    7,
  ]);
});
