import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toStderr } from '../../../shared/runtime/standard-streams.ts';
import {
  digestOfPins,
  givenProvider,
  installed,
  isInstalled,
  lackingTool,
  marker,
  pinned,
  WITNESSES,
  type Witness,
} from './witnesses.ts';

/**
 * `npm run test:witnesses`: installs what is not in the cache yet, or those of it that are named, with the machine's own Maven and pip and
 * their settings. A
 * witness whose tool or download is missing, or that does not compile here, is left out and says so; a download with another checksum is
 * an error.
 */
const say = (line: string) => toStderr(`${line}\n`);
/** As pip, npm and this file say it. */
const OTHER_CHECKSUM = /DO NOT MATCH THE HASHES|EINTEGRITY|differ from pins/;

const named = process.argv.slice(2);
const wanted = (Object.keys(WITNESSES) as Witness[]).filter((one) => named.length === 0 || named.includes(one));
for (const witness of wanted) {
  const lacking = lackingTool(witness) ?? lackingMaven(witness);
  if (lacking !== undefined) say(`${witness}: left out, ${lacking}`);
  else if (WITNESSES[witness].from === 'terraform' && givenProvider() !== undefined) {
    say(`${witness}: taken from ${givenProvider()}, its version and checksum not looked at`);
  } else if (isInstalled(witness)) say(`${witness}: in the cache`);
  else install(witness);
}

function lackingMaven(witness: Witness): string | undefined {
  if (WITNESSES[witness].from !== 'maven' || isInstalled(witness)) return undefined;
  return spawnSync('mvn', ['--version']).status === 0 ? undefined : 'it needs Maven';
}

function install(witness: Witness): void {
  const { from, megabytes } = WITNESSES[witness];
  const then = from === 'npm' ? ', then to compile for minutes' : '';
  say(`${witness}: waiting for ${from} to download up to ${megabytes} MB${then} ...`);
  rmSync(installed(witness), { recursive: true, force: true });
  mkdirSync(installed(witness), { recursive: true });
  const ways = { maven: installJars, pip: installPackages, npm: installModules, terraform: installProvider };
  const failure = ways[from](witness);
  if (failure === undefined) writeFileSync(marker(witness), digestOfPins(witness));
  say(
    `${witness}: ${failure === undefined ? 'installed in' : 'not installed, left out:'} ${failure ?? installed(witness)}`,
  );
  if (failure !== undefined && OTHER_CHECKSUM.test(failure)) process.exitCode = 1;
}

/** Maven checks what it downloads by the repository's checksums; ours are held against the copies. */
function installJars(witness: Witness): string | undefined {
  const copy = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
  const into = `-DoutputDirectory=${installed(witness, 'jars')}`;
  const failure = attempt('mvn', ['--quiet', '--batch-mode', '--file', pinned(witness, 'pom.xml'), copy, into]);
  if (failure !== undefined) return failure;
  const sums = readdirSync(installed(witness, 'jars')).map((name) => {
    const bytes = readFileSync(installed(witness, 'jars', name));
    return `${createHash('sha256').update(bytes).digest('hex')}  ${name}`;
  });
  const expected = new Set(readFileSync(pinned(witness, 'sha256sums'), 'utf8').trim().split('\n'));
  const other = sums.filter((line) => !expected.delete(line));
  if (other.length + expected.size === 0) return undefined;
  return `these differ from pins/${witness}/sha256sums: ${[...other, ...expected].join(', ')}`;
}

function installPackages(witness: Witness): string | undefined {
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--require-hashes',
    '--requirement',
    pinned(witness, 'requirements.txt'),
  ];
  return (
    attempt('python3', ['-m', 'venv', installed(witness, 'venv')]) ??
    attempt(installed(witness, 'venv', 'bin', 'python'), pip)
  );
}

/** Its packages have checksums in the lockfile; its own script compiles it. */
function installModules(witness: Witness): string | undefined {
  for (const pin of WITNESSES[witness].pins) copyFileSync(pinned(witness, pin), installed(witness, pin));
  // Node.js's headers lie beside it; without them, node-gyp would download them.
  const nodedir = dirname(dirname(process.execPath));
  const headers = existsSync(join(nodedir, 'include/node/node_api.h')) ? [`--nodedir=${nodedir}`] : [];
  return attempt('npm', ['ci', '--no-audit', '--no-fund', ...headers, '--prefix', installed(witness)]);
}

/** Terraform holds the download against its maker's signature. */
function installProvider(witness: Witness): string | undefined {
  for (const pin of WITNESSES[witness].pins) copyFileSync(pinned(witness, pin), installed(witness, pin));
  return attempt('terraform', [`-chdir=${installed(witness)}`, 'init', '-input=false', '-no-color']);
}

/** The reason why a command failed; undefined: it succeeded. */
function attempt(command: string, args: string[]): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) return error.message;
  return status === 0 ? undefined : `${command} failed:\n${stdout}${stderr}`;
}
