import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../functions/ops/program.ts';
import type { WorldOptions } from '../../local/world/functions/world-options.ts';
import { writeLocalTarget } from '../../local/world/local-target.ts';
import type { World } from '../../local/world/world.ts';
import { inWorld } from './in-world.ts';

/** The output of one command of the CLI, and its exit code. */
type Answer = { exit: number; out: string; err: string; json<T>(): T };
export type Ops = (...args: string[]) => Promise<Answer>;

/** The CLI in a folder of its own where `npm start` has written its world's address. */
export async function withCli(
  story: (ops: Ops, world: World, folder: string) => Promise<void>,
  options: WorldOptions = {},
): Promise<void> {
  await inWorld(options, async (world) => {
    const folder = await mkdtemp(join(tmpdir(), 'zpa-changes-cli-'));
    const { remove } = await writeLocalTarget(world, folder);
    try {
      await story((...args) => runIn(folder, args), world, folder);
    } finally {
      await remove();
      await rm(folder, { recursive: true });
    }
  });
}

/** The person's, for AWS: a world on this machine refuses them, and must not see them. */
const OWN_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIAOWN', AWS_SECRET_ACCESS_KEY: 'own' };

async function runIn(cwd: string, args: string[]): Promise<Answer> {
  let [out, err] = ['', ''];
  const console = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    readInput: async () => '',
    interactive: false,
    colours: false,
    ask: async () => false,
    askSecret: async () => '',
    askText: async () => '',
  };
  const exit = await run(args, { console, cwd, env: OWN_CREDENTIALS });
  return { exit, out, err, json: <T>() => JSON.parse(out) as T };
}
