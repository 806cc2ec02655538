import picocolors from 'picocolors';
import type { Terminal } from '../../output/terminal.ts';
import type { BareContext } from '../../session/command.ts';
import type { OpsSession } from '../../session/compose.ts';
import type { ConsoleContext } from '../contract.ts';

/** The means of one request, and the warnings that it collected for the person. */
export type Request = { context: ConsoleContext; warnings: readonly string[] };

export type Means = Pick<BareContext, 'processContext' | 'findTarget'> &
  Pick<ConsoleContext, 'whyNot' | 'now' | 'ends'>;

export function openRequest(means: Means, session: OpsSession, signal: AbortSignal): Request {
  const warnings: string[] = [];
  return { context: { ...means, session, signal, terminal: collectingTerminal(warnings) }, warnings };
}

/**
 * The terminal of a page: it keeps warnings and prints nothing. A button is pressed on purpose, so nothing is asked
 * again.
 */
function collectingTerminal(warnings: string[]): Terminal {
  const nothing = () => {};
  return {
    colours: picocolors.createColors(false),
    json: false,
    say: nothing,
    raw: nothing,
    document: nothing,
    table: nothing,
    progress: nothing,
    warn: (line) => void warnings.push(line),
    fail: ({ message }) => void warnings.push(message),
    confirm: async () => true,
    ask: async () => undefined,
  };
}
