import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT, OpsError } from '../../functions/ops/output/exit-codes.ts';
import { addTargetToRemedy, findTarget } from '../../functions/ops/session/find-target.ts';
import { writeLocalTarget } from '../../local/world/local-target.ts';

type Standing = { url: string; environment: Record<string, string>; close(): Promise<void> };

let folder: string;
let file: string;
const standing: Standing[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zpa-changes-target-'));
  file = join(folder, '.zpa-changes/local.json');
});
afterEach(async () => {
  for (const one of standing.splice(0)) await one.close();
  await rm(folder, { recursive: true });
});

/** The two addresses at which a world answers, and what its functions have in their environment. */
async function standUp(): Promise<Standing> {
  const [front, aws] = await Promise.all([listen(), listen()]);
  const environment = {
    AWS_ENDPOINT_URL: urlOf(aws),
    STACK_NAME: 'zpa-changes',
    SETTINGS_TABLE: 'zpa-changes-settings',
    TABLE_NAME: 'changes',
    CHANGES_QUEUE_URL: `${urlOf(aws)}/changes.fifo`,
    FAILURES_QUEUE_URL: `${urlOf(aws)}/failures.fifo`,
    OUTCOMES_TOPIC_ARN: 'arn:aws:sns:eu-central-1:000000000000:outcomes',
  };
  const close = async () => {
    await Promise.all([front, aws].map((server) => new Promise((done) => server.close(done))));
  };
  const world = { url: urlOf(front), environment, close };
  standing.push(world);
  return world;
}

function listen(): Promise<Server> {
  const server = createServer((_, response) => response.end());
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const found = (named?: string) => findTarget({ cwd: folder, env: {}, file: named }).target.ingestUrl;
const files = () => readdir(join(folder, '.zpa-changes'));

describe('the file that tells the CLI where a local world is', () => {
  it('stays that of the first living world; the second has one beside it, and each takes back only its own', async () => {
    const [first, second] = [await standUp(), await standUp()];
    const own = await writeLocalTarget(first, folder);
    const before = await readFile(file, 'utf8');
    const beside = await writeLocalTarget(second, folder);

    expect([own.keptBy, beside.keptBy]).toEqual([undefined, first.url]);
    expect(await readFile(file, 'utf8')).toBe(before);
    expect([found(), found(beside.file)]).toEqual([first.url, second.url]);
    expect((await stat(join(folder, beside.file))).mode & 0o777).toBe(0o600);

    await beside.remove();
    expect(await readFile(file, 'utf8')).toBe(before);
    await own.remove();
    expect(await files()).toEqual([]);
  });

  it('is taken over from a world that does not answer any more, which then leaves it alone', async () => {
    const [first, second] = [await standUp(), await standUp()];
    const old = await writeLocalTarget(first, folder);
    await first.close();
    const own = await writeLocalTarget(second, folder);
    expect([own.keptBy, found()]).toEqual([undefined, second.url]);
    await old.remove();
    expect(found()).toBe(second.url);
  });

  it('is taken over where only the port of the dead world was given to somebody else', async () => {
    const [first, second] = [await standUp(), await standUp()];
    await writeLocalTarget({ ...first, url: second.url }, folder);
    await first.close();
    expect((await writeLocalTarget(await standUp(), folder)).keptBy).toBeUndefined();
  });

  it('is taken over where nobody can read it', async () => {
    await mkdir(dirname(file));
    await writeFile(file, '{"schemaVersion": 1, "kind": "lo');
    const world = await standUp();
    expect((await writeLocalTarget(world, folder)).keptBy).toBeUndefined();
    expect(found()).toBe(world.url);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('is left to a deployed stack that was written under this name', async () => {
    const world = await standUp();
    const local = await writeLocalTarget(world, folder);
    const stack = { ...JSON.parse(await readFile(file, 'utf8')), kind: 'aws', ingestUrl: 'https://stack.example' };
    await writeFile(file, JSON.stringify(stack));
    expect((await writeLocalTarget(world, folder)).keptBy).toBe('https://stack.example');
    await local.remove();
    expect(found()).toBe('https://stack.example');
  });

  it('is gone with the first world; the CLI then names the file of one that was started beside it', async () => {
    const own = await writeLocalTarget(await standUp(), folder);
    const beside = await writeLocalTarget(await standUp(), folder);
    await own.remove();
    expect(() => found()).toThrow(
      expect.objectContaining({ code: 'no-target', remedy: expect.stringContaining(`--target ${beside.file}`) }),
    );
  });

  it('has one owner of worlds that start together, whether the place is free or a dead world left its file', async () => {
    for (const dead of [false, true]) {
      if (dead) {
        const gone = await standUp();
        await writeLocalTarget(gone, folder);
        await gone.close();
      }
      const worlds = await Promise.all(Array.from({ length: 6 }, standUp));
      const targets = await Promise.all(worlds.map((world) => writeLocalTarget(world, folder)));
      const owners = targets.filter(({ keptBy }) => keptBy === undefined);
      expect(owners).toHaveLength(1);
      expect(targets.filter(({ keptBy }) => keptBy !== undefined && keptBy !== found())).toEqual([]);
      for (const target of targets) await target.remove();
      expect(await files()).toEqual([]);
    }
  });

  it('is named in an error beside the file of a world that may live', async () => {
    await writeLocalTarget(await standUp(), folder);
    const beside = await writeLocalTarget(await standUp(), folder);
    const failure = new OpsError(EXIT.unreachable, 'ledger-unavailable', 'No answer.', 'Try again.');
    const at = findTarget({ cwd: folder, env: {}, file: undefined });
    expect(addTargetToRemedy(failure, at).remedy).toContain(`--target ${join(folder, beside.file)}`);
  });
});
