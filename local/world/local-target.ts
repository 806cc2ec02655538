import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { LOCAL_TARGET_FILE, type Target, targetSchema } from '../../shared/deployment/cli-target.ts';
import { SCHEDULES } from '../../shared/deployment/resources.ts';
import { parseJson } from '../../shared/domain/text/parse-json.ts';
import { errorCode } from '../../shared/ports/error-code.ts';
import type { World } from './world.ts';

/** The CLI's access to one running world from a folder. */
export type LocalTarget = {
  /** Names this world; below the folder. */
  file: string;
  /** Address of the world that the CLI goes on using instead; undefined: it uses this one by itself. */
  keptBy: string | undefined;
  /** Deletes the file, unless another world has taken its place since. */
  remove(): Promise<void>;
};

/**
 * Writes the running world's address for the CLI in this folder; readable by its owner only. The first living world
 * keeps the file that the CLI looks for by itself; one beside it has a file of its own. A dead world's file is taken
 * over.
 */
export async function writeLocalTarget(
  world: Pick<World, 'url' | 'environment'>,
  folder: string,
): Promise<LocalTarget> {
  const text = `${JSON.stringify(targetOf(world), null, 2)}\n`;
  const place = resolve(folder, LOCAL_TARGET_FILE);
  const beside = join(dirname(LOCAL_TARGET_FILE), `local-${new URL(world.url).port}.json`);
  const own = resolve(folder, beside);
  await mkdir(dirname(own), { recursive: true, mode: 0o700 });
  await writeFile(own, text, { mode: 0o600 });
  // The mode above is for a new file only.
  await chmod(own, 0o600);
  const keptBy = await claim(own, place);
  const file = keptBy === undefined ? LOCAL_TARGET_FILE : beside;
  return { file, keptBy, remove: () => removeIfStill(resolve(folder, file), text) };
}

/**
 * Moves `own` to `place`, or returns the address of the world that has the place. A link fails where a file exists, so
 * of two worlds that start together one gets the place; a dead world's file is moved away first, and put back if it was
 * replaced.
 */
async function claim(own: string, place: string): Promise<string | undefined> {
  for (;;) {
    if (await linked(own, place)) {
      await rm(own);
      return undefined;
    }
    const known = await readFile(place, 'utf8').catch(() => undefined);
    if (known === undefined) continue;
    const keptBy = await livingAt(known);
    if (keptBy !== undefined) return keptBy;
    const away = `${own}.dead`;
    await rename(place, away).catch(ignoreMissing);
    if ((await readFile(away, 'utf8').catch(() => known)) !== known) await linked(away, place);
    await rm(away, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return false;
  }
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}

/** The target of the CLI for a running world. */
export function targetOf({ url, environment }: Pick<World, 'url' | 'environment'>): Target {
  return targetSchema.parse({
    schemaVersion: 1,
    kind: 'local',
    ingestUrl: url,
    name: environment.STACK_NAME,
    driftSchedule: SCHEDULES.drift,
    env: pick(environment, targetSchema.shape.env.keyof().options),
  });
}

function pick(from: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

async function removeIfStill(path: string, text: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => undefined);
  if (found === text) await rm(path, { force: true });
}

/** The address of the target in this text, if that still answers; a deployed stack is never taken for dead. */
async function livingAt(text: string): Promise<string | undefined> {
  const target = parseTarget(text);
  if (target === undefined) return undefined;
  if (target.kind === 'aws') return target.ingestUrl;
  // Both addresses are compared, because the system may have given one port of a dead world to another process.
  const addresses = [target.ingestUrl, target.env.AWS_ENDPOINT_URL ?? target.ingestUrl];
  const answers = await Promise.all(addresses.map(isListening));
  return answers.every(Boolean) ? target.ingestUrl : undefined;
}

const parseTarget = (text: string): Target | undefined => targetSchema.safeParse(parseJson(text)).data;

/** The kernel takes a connection for a world that is busy or suspended too: such a one lives. */
function isListening(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((done) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const answer = (listening: boolean) => {
      socket.destroy();
      done(listening);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}
