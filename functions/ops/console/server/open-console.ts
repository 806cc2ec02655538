import type { Target } from '../../../../shared/deployment/cli-target.ts';
import type { Lane } from '../../../../shared/domain/lane/change-ref.ts';
import type { RateLimiter } from '../../../../shared/ports/ports.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import type { BareContext } from '../../session/command.ts';
import { compose } from '../../session/compose.ts';
import { principalOf } from '../../session/record-act.ts';
import { ADDRESS, type ConsoleAct, type ConsolePage, type Role } from '../contract.ts';
import type { About } from './layout.ts';
import { createRights, rightsOf } from './rights.ts';
import { type ConsoleServer, startConsole } from './server.ts';
import { createSessions } from './sessions.ts';

/** Rights may be given while the console runs. */
const ASK_AGAIN_MS = 300_000;

export type Content = {
  pages: readonly ConsolePage[];
  acts: readonly ConsoleAct[];
  /** The page that the link opens, and the command that prints it. */
  home?: string;
  command?: string;
};

/**
 * Opens the console of the target. Rejects if there is no target, its settings cannot be read, or the port is in use.
 * `port` 0: any free one.
 */
export async function openConsole(context: BareContext, port: number, content: Content): Promise<ConsoleServer> {
  const { processContext, signal } = context;
  const target = context.findTarget();
  const { now } = systemClock;
  const limiters = new Map<Lane, RateLimiter>();
  const sessions = createSessions(() => compose(target, processContext.env, { limiters }), now);
  const rights = createRights(rightsOf(target, processContext.env));
  const means = { processContext, findTarget: () => target, now, whyNot: rights.whyNot, ends: signal };
  try {
    // Settings that cannot be read are reported here, before a page is opened.
    const [principal] = await Promise.all([
      principalOf(target, processContext.env),
      sessions.lend(async () => undefined),
      rights.ask(),
    ]);
    const about = () => describeTarget(target, principal, rights.role());
    const asking = setInterval(rights.ask, ASK_AGAIN_MS).unref();
    const { home = ADDRESS.overview, command = '`zpa-changes console`' } = content;
    const server = await startConsole({ means, sessions, ...content, home, command, about, signal, port });
    return {
      ...server,
      async close() {
        clearInterval(asking);
        await server.close();
        await sessions[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await sessions[Symbol.asyncDispose]();
    throw error;
  }
}

function describeTarget({ kind, name, env }: Target, principal: string, role: Role | undefined): About {
  const [, , , region = '', account = ''] = env.OUTCOMES_TOPIC_ARN.split(':');
  const where =
    kind === 'local'
      ? [{ label: 'Target', value: `local demo ${name}` }]
      : [
          { label: 'Stack', value: name },
          { label: 'Account', value: account },
          { label: 'Region', value: env.AWS_REGION ?? region },
          { label: 'You', value: principal },
        ];
  return [...where, { label: 'Role', value: role ?? 'unknown' }];
}
