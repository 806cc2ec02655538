import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { run } from '../../../functions/ops/program.ts';
import { writeLocalTarget } from '../../../local/world/local-target.ts';
import { startWorld, type World } from '../../../local/world/world.ts';
import type { Role } from '../../../shared/deployment/roles.ts';
import { createRecordingConsole } from '../../unit/ops/recording-console.ts';

/** A local world for the tests of one file, and the command line in a folder whose target it is. */
export function useScene(options: Parameters<typeof startWorld>[0]) {
  let world: World;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zpa-changes-ops-'));
    world = await startWorld(options);
    await writeLocalTarget(world, folder);
  });
  afterAll(async () => {
    await world.close();
    await rm(folder, { recursive: true });
  });
  return {
    get world() {
      return world;
    },
    get folder() {
      return folder;
    },
    /** Runs one command line as a person would in that folder; `role`: somebody who has that role's rights alone. */
    async zpa(argv: string[], over: Parameters<typeof createRecordingConsole>[0] = {}, role?: Role) {
      const console = createRecordingConsole(over);
      const env = role === undefined ? {} : { ZPA_CHANGES_ROLE: role };
      const exit = await run(argv, { console, cwd: folder, env });
      return { exit, out: console.stdout(), err: console.stderr(), asked: console.asked };
    },
  };
}
