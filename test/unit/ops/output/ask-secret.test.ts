import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { askSecret } from '../../../../functions/ops/output/ask-secret.ts';

const CTRL_T = '\u0014';

it('a secret that is typed is shown by no key', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const shown = text(output);
  const answer = askSecret('source/ops:', { input, output });
  input.write('hush-hush');
  input.write(CTRL_T);
  input.write('!\r');
  expect(await answer).toBe('hush-hush!');
  output.end();
  expect(await shown).toContain('source/ops:');
  expect(await shown).not.toMatch(/hush|\*/);
});
