import type { BareContext } from '../../../session/command.ts';
import { compose } from '../../../session/compose.ts';
import type { Connected } from '../forms/form.ts';
import { openSteps } from './steps.ts';
import { type Found, type Watched, watchSteps } from './watch-steps.ts';

/** `ticketId`: the test ticket; `only`: one step alone, which needs none; `found`: of an earlier watch, and filled by this one. */
type Watching = { ticketId?: string; only?: string; waitMs: number; found: Found };

/** Watches the steps of a source, or one of them, with clients of its own. */
export async function watch(
  context: BareContext,
  connected: Connected,
  { ticketId = '', only, waitMs, found }: Watching,
): Promise<Watched[]> {
  const { terminal, signal, findTarget, processContext } = context;
  const target = findTarget();
  await using session = await compose(target, processContext.env);
  const { steps, ...opened } = openSteps({ ...connected, session, env: processContext.env, signal, ticketId });
  const chosen = steps.filter(({ name }) => only === undefined || name === only);
  const pauseMs = PAUSE_MS / Number(target.env.TIME_FACTOR ?? '1');
  terminal.say('');
  try {
    return await watchSteps(
      terminal,
      { ...opened, steps: chosen, clock: session.clock, signal, waitMs, pauseMs },
      found,
    );
  } finally {
    await opened.close();
  }
}

const PAUSE_MS = 3000;
