import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

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
  'zscaler-oneapi-sdk-python': { from: 'pip', megabytes: 15, pins: ['requirements.txt'] },
  'terraform-provider-zpa': { from: 'terraform', megabytes: 30, pins: ['main.tf'] },
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

/** The folder of a provider from elsewhere, whose version and checksum nobody looks at. */
export const givenProvider = (): string | undefined => process.env.ZPA_CHANGES_TERRAFORM_PROVIDER || undefined;

/** The folder of the program that Terraform starts. */
export function providerFolder(): string {
  const given = givenProvider();
  if (given !== undefined) return resolve(given);
  const cwd = installed('terraform-provider-zpa', '.terraform', 'providers');
  // Host, maker, name, version, platform; a link where Terraform took it from a folder.
  return join(cwd, globSync('*/zscaler/zpa/*/*', { cwd })[0] ?? '');
}

export const isInstalled = (witness: Witness): boolean =>
  existsSync(marker(witness)) && readFileSync(marker(witness), 'utf8') === digestOfPins(witness);

/** The sentence that says which tool this machine lacks to run the witness; undefined if it lacks none. */
export function lackingTool(witness: Witness): string | undefined {
  const { from } = WITNESSES[witness];
  if (from === 'pip') return isAtLeast('python3', 3, 11) ? undefined : 'it needs Python 3.11 or newer';
  if (from === 'terraform') return isAtLeast('terraform', 1, 11) ? undefined : 'it needs Terraform 1.11 or newer';
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
export function leftOut(witness: Witness): string | undefined {
  const isGiven = WITNESSES[witness].from === 'terraform' && givenProvider() !== undefined;
  return lackingTool(witness) ?? (isGiven || isInstalled(witness) ? undefined : 'npm run test:witnesses installs it');
}
