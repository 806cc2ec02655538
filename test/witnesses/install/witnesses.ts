import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Programs that others wrote and that hold the same promises as ours, or use what we wrote. Their versions and checksums are in
 * `pins/`; `npm run test:witnesses` installs them below `node_modules/.cache`.
 */
export const WITNESSES = {
  'dynamodb-local': { from: 'maven', megabytes: 51, pins: ['pom.xml', 'sha256sums'] },
  elasticmq: { from: 'maven', megabytes: 37, pins: ['pom.xml', 'sha256sums'] },
  'aws-lambda-ric': { from: 'npm', megabytes: 30, pins: ['package.json', 'package-lock.json'] },
  moto: { from: 'pip', megabytes: 25, pins: ['requirements.txt'] },
  pyzscaler: { from: 'pip', megabytes: 5, pins: ['requirements.txt'] },
  'zscaler-sdk-python': { from: 'pip', megabytes: 15, pins: ['requirements.txt'] },
} as const;

export type Witness = keyof typeof WITNESSES;

const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/witnesses');

/** The file or folder of what is pinned. */
export const pinned = (witness: Witness, ...path: string[]) => join(import.meta.dirname, '../pins', witness, ...path);
/** The file or folder of what is installed. */
export const installed = (witness: Witness, ...path: string[]) => join(CACHE, witness, ...path);
/** The installed file that says which pins it was installed by. */
export const marker = (witness: Witness) => installed(witness, 'installed-by');

export function digestOfPins(witness: Witness): string {
  const digest = createHash('sha256');
  for (const pin of WITNESSES[witness].pins) digest.update(readFileSync(pinned(witness, pin)));
  return digest.digest('hex');
}

export const isInstalled = (witness: Witness): boolean =>
  existsSync(marker(witness)) && readFileSync(marker(witness), 'utf8') === digestOfPins(witness);

/** The sentence that says which tool this machine lacks to run the witness; undefined if it lacks none. */
export function lackingTool(witness: Witness): string | undefined {
  const { from } = WITNESSES[witness];
  if (from === 'pip') return isAtLeast('python3', 3, 11) ? undefined : 'it needs Python 3.11 or newer';
  if (from === 'maven') return isAtLeast('javac', 17, 0) ? undefined : 'it needs a JDK of 17 or newer, and Maven';
  // AWS's client is compiled where it is installed.
  const builds = process.platform === 'linux' && isAtLeast('cmake', 3, 0) && isAtLeast('g++', 8, 0);
  return builds ? undefined : 'it needs Linux with cmake, make and g++';
}

function isAtLeast(command: string, leastMajor: number, leastMinor: number): boolean {
  const { stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = (/\d+\.\d+/.exec(stdout ?? '')?.[0] ?? '').split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** Why the tests with this witness are left out; undefined: they run. */
export const leftOut = (witness: Witness): string | undefined =>
  lackingTool(witness) ?? (isInstalled(witness) ? undefined : 'npm run test:witnesses installs it');
