import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LOCAL_TARGET_FILE, type Target, targetSchema } from '../shared/local-target.ts';
import type { World } from './world.ts';

/** Tells the CLI in this folder where the running world is; for the owner's eyes only. Answers how to take it back. */
export async function writeLocalTarget(world: World, folder: string): Promise<() => Promise<void>> {
  const path = resolve(folder, LOCAL_TARGET_FILE);
  const target: Target = targetSchema.parse({
    schemaVersion: 1,
    kind: 'local',
    ingestUrl: world.url,
    configurationFile: world.environment.CONFIGURATION_FILE,
    env: pick(world.environment, targetSchema.shape.env.keyof().options),
  });
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, `${JSON.stringify(target, null, 2)}\n`, { mode: 0o600 });
  // The mode above is for a new file only.
  await chmod(path, 0o600);
  return () => rm(path, { force: true });
}

function pick(from: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}
