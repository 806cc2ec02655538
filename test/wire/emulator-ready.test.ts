import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const program = join(import.meta.dirname, '../deploy/by-hand/make-ready.ts');

it.each([
  ['in another shell', {}, 'This shell does not work on the emulator: . .zpa-changes/emulator.env\n'],
  [
    'before the deployment',
    { AWS_ENDPOINT_URL: 'https://127.0.0.1:1', ZPA_CHANGES_TARGET: '/nowhere/zpa-changes.json' },
    'Nothing is deployed yet: npm run deploy\n',
  ],
])('npm run emulator:ready says what is to be done first: %s', (_, env, says) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], { env, encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: says, stderr: '' });
});
