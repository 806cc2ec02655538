import picocolors from 'picocolors';
import type { Terminal } from '../../output/terminal.ts';
import type { BareContext } from '../../session/command.ts';
import type { OpsSession } from '../../session/compose.ts';
import type { ConsoleContext } from '../contract.ts';

export type Means = Pick<BareContext, 'processContext' | 'findTarget'> &
  Pick<ConsoleContext, 'whyNot' | 'now' | 'ends'>;

/** `waitFor` takes what the request waits for, in words. */
export type Course = { signal: AbortSignal; waitFor?: ((line: string) => void) | undefined };

/** The means of one request; `warnings` collects those for the person. */
export function openContext(
  means: Means,
  session: OpsSession,
  { signal, waitFor }: Course,
  warnings: string[],
): ConsoleContext {
  return { ...means, session, signal, terminal: collectingTerminal(warnings, waitFor) };
}

/**
 * The terminal of a page: it keeps warnings, tells what is waited for, and prints nothing. A button is pressed on purpose, so
 * nothing is asked again.
 */
function collectingTerminal(warnings: string[], waitFor: Course['waitFor']): Terminal {
  const nothing = () => {};
  return {
    colours: picocolors.createColors(false),
    json: false,
    say: nothing,
    raw: nothing,
    document: nothing,
    table: nothing,
    progress: waitFor ?? nothing,
    warn: (line) => void warnings.push(line),
    fail: ({ message }) => void warnings.push(message),
    confirm: async () => true,
    ask: async () => undefined,
  };
}
