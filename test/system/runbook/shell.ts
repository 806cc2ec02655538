import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { run } from '../../../functions/ops/program.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import type { World } from '../../../local/world/world.ts';
import { definitions } from './read-walk.ts';

/** A bash in a folder beside the world. */
export type Shell = {
  /** Runs a line of the document and answers what it prints. */
  run(line: string): Promise<string>;
  close(): Promise<void>;
};

/** `npx zpa-changes` of the lines is the CLI in this process, because starting Node takes a second each time. */
const NPX = `npx() {
  shift
  printf '%s\\0' "$(cat)" "$@" | base64 | curl -s "$CLI" --data-binary @-
}
`;

export async function openShell(world: World): Promise<Shell> {
  const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-walk-'));
  const { remove } = await writeLocalTarget(world, folder);
  const cli = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [stdin = '', ...args] = Buffer.from(Buffer.concat(chunks).toString(), 'base64')
      .toString('utf8')
      .split('\0')
      .slice(0, -1);
    response.end(await runCli(folder, args, stdin));
  });
  await new Promise<void>((resolve) => cli.listen(0, '127.0.0.1', resolve));
  const { jira, webhook } = world.ticketSystems?.addresses ?? { jira: '', webhook: '' };
  const env = {
    PATH: process.env.PATH,
    CLI: `http://127.0.0.1:${(cli.address() as AddressInfo).port}`,
    AWS: world.endpoint.url,
    ZPA: world.simulator.url,
    HOOKS: world.url,
    JIRA: jira,
    TOOL: webhook,
  };
  const prelude = join(folder, 'prelude.sh');
  await writeFile(prelude, `${NPX}${definitions}`);
  return {
    run: (line) => runBash(`. ${prelude}\n${line}`, { env, cwd: folder }),
    close: async () => {
      await remove();
      cli.closeAllConnections();
      await new Promise((closed) => cli.close(closed));
      await rm(folder, { recursive: true });
    },
  };
}

/** Without stdin, and without anybody's start files. */
async function runBash(script: string, { env, cwd }: { env: Record<string, string | undefined>; cwd: string }) {
  const bash = spawn('bash', ['--norc', '-c', script], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(bash.stdout), text(bash.stderr), once(bash, 'close')]);
  if (code !== 0) throw new Error(`bash ended with ${code}: ${script}\n${err}`);
  return out + err;
}

async function runCli(cwd: string, args: string[], stdin: string): Promise<string> {
  const said: string[] = [];
  const console = {
    out: (line: string) => void said.push(line),
    err: (line: string) => void said.push(line),
    readInput: async () => stdin,
    interactive: false,
    colours: false,
    ask: async () => false,
    askSecret: async () => '',
    askText: async () => '',
  };
  await run(args, { console, cwd, env: {} });
  return said.join('');
}
