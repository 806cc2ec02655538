import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { toStdout } from '../../../shared/runtime/standard-streams.ts';
import { findMinistack } from '../site/ministack.ts';
import type { Site } from '../site/site.ts';

/** `npm run emulator`: the emulator of `npm run test:deploy`, for a deployment by hand (docs/try-on-emulator.md). */
const root = resolve(import.meta.dirname, '../../..');
const print = (line: string) => toStdout(`${line}\n`);

const ENV_FILE = join(root, '.zpa-changes/emulator.env');
/** The person's own, which would win or lead elsewhere. */
const UNSET = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SESSION_TOKEN', 'ZPA_CHANGES_CONFIG'];

/** Lines for a shell: every program that runs in it works on the emulator and on nothing else. */
function shellLines({ name, region, env }: Site): string {
  const certificate = env.NODE_EXTRA_CA_CERTS ?? '';
  const variables = {
    ...Object.fromEntries(Object.entries(env).filter(([variable]) => /^(AWS|CDK)_/.test(variable))),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    // The AWS CLI of version 1 reads no AWS_REGION.
    AWS_DEFAULT_REGION: region,
    NODE_EXTRA_CA_CERTS: certificate,
    // The command lines of CDK and AWS do not look at the variable of Node.
    AWS_CA_BUNDLE: certificate,
    ZPA_CHANGES_TARGET: join(root, `.zpa-changes/${name}.json`),
  };
  const lines = Object.entries(variables).map(([variable, value]) => `export ${variable}='${value}'`);
  return `unset ${UNSET.join(' ')}\n${lines.join('\n')}\n`;
}

/** Runs the emulator until the signal aborts; what it holds is gone then. */
async function run(signal: AbortSignal): Promise<number> {
  const found = findMinistack(root, print);
  if ('missing' in found) {
    print(`The emulator cannot run: ${found.missing}`);
    return 2;
  }
  await using closers = new AsyncDisposableStack();
  const home = mkdtempSync(join(tmpdir(), 'zpa-changes-emulator-'));
  closers.defer(() => rmSync(home, { recursive: true, force: true }));
  const site = await found.open({ home, signal, say: print, closers });
  mkdirSync(join(root, '.zpa-changes'), { recursive: true });
  writeFileSync(ENV_FILE, shellLines(site));
  closers.defer(() => rmSync(ENV_FILE, { force: true }));
  print(`${site.label} answers at ${site.env.AWS_ENDPOINT_URL}, with IAM enforced. In another terminal:`);
  print(`  . ${relative(process.cwd(), ENV_FILE)}`);
  print('Ctrl-C ends it, and all that it holds is gone.');
  await new Promise<void>((ended) => signal.addEventListener('abort', () => ended(), { once: true }));
  return 0;
}

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interruption.abort());
// Node ends a program that only waits for a signal.
const awake = setInterval(() => {}, 60_000);
process.exitCode = await run(interruption.signal).finally(() => clearInterval(awake));
