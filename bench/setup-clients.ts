import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, CLIENTS, type Client, GO_MODULE, SOURCES } from './clients.ts';
import { say } from './print-table.ts';

/**
 * Installs the clients that `clients` compares with; one whose toolchain or package cannot be had is left out with a
 * message. `goSource`: a checkout of zscaler-sdk-go, where the module proxy does not carry it.
 */
export function setUpClients({ goSource }: { goSource?: string }) {
  mkdirSync(CACHE, { recursive: true });
  const results = CLIENTS.map((client) => {
    const lacking = client.name === 'zscaler-sdk-go' ? setUpGo(client, goSource) : setUpPython(client);
    say(`${client.name} ${client.version}: ${lacking ?? 'installed'}`);
    return { client: client.name, version: client.version, lacking };
  });
  return { setup: results };
}

function setUpPython({ name, version }: Client): string | undefined {
  const folder = join(CACHE, name);
  rmSync(folder, { recursive: true, force: true });
  const lacking =
    attempt('python3', ['-m', 'venv', folder]) ??
    attempt(join(folder, 'bin', 'pip'), ['install', '--quiet', `${name}==${version}`]);
  if (lacking !== undefined) rmSync(folder, { recursive: true, force: true });
  return lacking;
}

function setUpGo({ name, version }: Client, source: string | undefined): string | undefined {
  const cwd = join(CACHE, name);
  rmSync(cwd, { recursive: true, force: true });
  mkdirSync(cwd);
  copyFileSync(join(SOURCES, name, 'main.go'), join(cwd, 'main.go'));
  const replace = source === undefined ? [] : [`-replace=${GO_MODULE}=${source}`];
  return (
    attempt('go', ['mod', 'init', 'job'], cwd) ??
    attempt('go', ['mod', 'edit', `-require=${GO_MODULE}@v${version}`, ...replace], cwd) ??
    attempt('go', ['build', '-mod=mod', '-o', 'job', '.'], cwd)
  );
}

/** The reason why a command failed; undefined: it succeeded. */
function attempt(command: string, args: string[], cwd = CACHE): string | undefined {
  const { error, status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) return `${command} is not on this machine`;
  if (status === 0) return undefined;
  return `${command} ${args[0]} failed: ${stderr.trim().split('\n').slice(-2).join(' ').slice(0, 300)}`;
}
