import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Pinned with checksums: what is known of the emulator's gaps (docs/quality.md) holds for this version. */
const PINS = join(import.meta.dirname, 'requirements.txt');
/** As pip says it. */
const OTHER_CHECKSUM = /DO NOT MATCH THE HASHES/;

/** Why the emulator cannot run on this machine; undefined: it can be installed, if it can be downloaded. */
export function missingForMinistack(): string | undefined {
  const python = spawnSync('python3', ['-c', 'import sys, venv, ensurepip; print(sys.version_info >= (3, 11))']);
  if (python.status !== 0) return 'python3 with venv and pip is missing';
  if (!String(python.stdout).includes('True')) return 'python3 is older than 3.11';
  return spawnSync('openssl', ['version']).status === 0 ? undefined : 'openssl is missing';
}

/**
 * Installs the emulator once per version, below node_modules/.cache. Answers its Python, or why it could not be downloaded;
 * throws if something else was downloaded than is pinned.
 */
export function installMinistack(root: string, say: (line: string) => void): { python: string } | { missing: string } {
  const home = join(root, 'node_modules/.cache/deploy/ministack');
  const python = join(home, 'bin/python');
  const marker = join(home, 'installed-by');
  const pins = readFileSync(PINS, 'utf8');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === pins) return { python };
  say(`waits for pip to download an AWS emulator, about 40 MB, to ${home}`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '-r', PINS];
  const failure = attempt('python3', ['-m', 'venv', home]) ?? attempt(python, install);
  if (failure !== undefined && OTHER_CHECKSUM.test(failure)) throw new Error(failure);
  if (failure !== undefined) return { missing: `ministack cannot be installed: ${failure}` };
  writeFileSync(marker, pins);
  return { python };
}

/** The reason why a command failed, without pip's warnings of each try; undefined: it succeeded. */
function attempt(command: string, args: string[]): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) return error.message;
  return status === 0 ? undefined : `${stdout}${stderr}`.replaceAll(/^WARNING: .*\n/gm, '').trim();
}
