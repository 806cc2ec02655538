import { openConsole } from '../../functions/ops/console/server/open-console.ts';
import { ACTS, PAGES } from '../../functions/ops/console/server/pages.ts';
import type { ConsoleServer } from '../../functions/ops/console/server/server.ts';
import { processConsole } from '../../functions/ops/output/process-console.ts';
import { createTerminal } from '../../functions/ops/output/terminal.ts';
import type { Sample } from '../samples/samples.ts';
import { targetOf } from '../world/local-target.ts';
import type { World } from '../world/world.ts';
import { DEMO, demoActs } from './demo-acts.ts';
import { type About, demoPage } from './demo-page.ts';
import { createDriftRun } from './drift-run.ts';

type Options = { samples: readonly Sample[]; about: About; port: number; signal: AbortSignal };

/** The console of a local world, with the page of the demo, which it opens with. */
export function openPage(world: World, { samples, about, port, signal }: Options): Promise<ConsoleServer> {
  const console = processConsole();
  const target = targetOf(world);
  const driftRun = createDriftRun(world);
  const context = {
    terminal: createTerminal(console, false),
    signal,
    processContext: { console, cwd: process.cwd(), env: {} },
    findTarget: () => target,
  };
  return openConsole(context, port, {
    pages: [demoPage(world, driftRun, samples, about), ...PAGES],
    acts: [...demoActs(world, driftRun), ...ACTS],
    home: DEMO,
    command: '`npm start`',
  });
}
