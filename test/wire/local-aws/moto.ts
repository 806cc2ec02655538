import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The way to start moto's server here: from PATH, or as a Python module; undefined where it is not installed. */
export function findMoto(): { command: string; args: string[] } | undefined {
  const ways = [
    { command: 'moto_server', args: [] },
    { command: 'python3', args: ['-m', 'moto.server'] },
  ];
  return ways.find(({ command, args }) => spawnSync(command, [...args, '--help'], { stdio: 'ignore' }).status === 0);
}

export type Moto = { url: string; close(): Promise<void> };

/** An independent SQS of its own process on 127.0.0.1. */
export async function startMoto(way: { command: string; args: string[] }): Promise<Moto> {
  const port = await freePort();
  const child = spawn(way.command, [...way.args, '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  const close = async () => {
    if (child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  try {
    await answers(url, child);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, close };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The server prints nothing when it is ready. */
async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
    const response = await fetch(`${url}/moto-api/`).catch(() => undefined);
    await response?.arrayBuffer();
    if (response !== undefined) return;
    await sleep(100);
  }
  throw new Error('moto did not start');
}
