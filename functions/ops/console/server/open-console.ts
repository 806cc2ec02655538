import { errorCode } from '../../../../shared/ports/error-code.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { BareContext } from '../../session/command.ts';
import { compose } from '../../session/compose.ts';
import type { ConsoleAct, ConsolePage } from '../contract.ts';
import { type ConsoleServer, startConsole } from './server.ts';
import { createSessions } from './sessions.ts';

type Content = { pages: readonly ConsolePage[]; acts: readonly ConsoleAct[] };

/**
 * Opens the console of the target. Rejects with an `OpsError` if there is no target, its settings cannot be read, or
 * the port is in use. `port` 0: any free one.
 */
export async function openConsole(context: BareContext, port: number, content: Content): Promise<ConsoleServer> {
  const { processContext, signal } = context;
  const target = context.findTarget();
  const { now } = systemClock;
  const sessions = createSessions(() => compose(target, processContext.env), now);
  const means = { processContext, findTarget: () => target, now, whyNot: () => undefined };
  try {
    // Settings that cannot be read are reported here, before a page is opened.
    await sessions.lend(async () => undefined);
    const about = () => [{ label: 'Stack', value: target.name }];
    const server = await startConsole({ means, sessions, ...content, about, signal, port });
    return {
      ...server,
      async close() {
        await server.close();
        await sessions[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await sessions[Symbol.asyncDispose]();
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    const sentence = `Port ${port} is in use.`;
    throw new OpsError(EXIT.usage, 'port-in-use', sentence, 'Choose another one, or leave --port out.', error);
  }
}
