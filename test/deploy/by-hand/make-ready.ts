import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { toStdout } from '../../../shared/runtime/standard-streams.ts';
import { grantBatchActions } from '../site/grant-batch-actions.ts';
import { addressAt } from '../site/ministack.ts';

/**
 * `npm run emulator:ready`, after each deployment to the emulator (docs/try-on-emulator.md): gives the deployed roles what the
 * emulator wants and AWS does not have, and the target the address at which the emulator serves the HTTP API.
 */
const { AWS_ENDPOINT_URL: endpoint, ZPA_CHANGES_TARGET: file } = process.env;
const print = (line: string) => toStdout(`${line}\n`);

/** It changes roles, so it must not reach an account. */
function refusal(): string | undefined {
  if (!/^https:\/\/127\.0\.0\.1:\d+$/.test(endpoint ?? ''))
    return 'This shell does not work on the emulator: . .zpa-changes/emulator.env';
  if (file === undefined) return 'ZPA_CHANGES_TARGET is not set: . .zpa-changes/emulator.env';
  return existsSync(file) ? undefined : 'Nothing is deployed yet: npm run deploy';
}

async function makeReady(target: string, at: string): Promise<void> {
  const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
  await grantBatchActions(env, print);
  const deployed = JSON.parse(readFileSync(target, 'utf8')) as { ingestUrl: string };
  const ingestUrl = addressAt(at, deployed.ingestUrl);
  writeFileSync(target, `${JSON.stringify({ ...deployed, ingestUrl }, null, 2)}\n`);
  print(`Webhooks and status pages are answered below ${ingestUrl}`);
}

const refused = refusal();
if (refused !== undefined || file === undefined || endpoint === undefined) {
  print(refused ?? '');
  process.exitCode = 2;
} else await makeReady(file, endpoint);
