import type { OpsError } from '../../output/exit-codes.ts';
import type { ConsoleContext, Role } from '../contract.ts';
import { type Course, type Means, openContext } from './context.ts';
import { describeError } from './describe-error.ts';
import type { Sessions } from './sessions.ts';

/** The result of a request or its error, and what the person is warned of. */
export type Attempted<T> = ({ value: T } | { error: OpsError }) & { warnings: readonly string[] };

/** Does the work of one request with a session. `role`: the one to name where AWS refuses something. Never rejects. */
export async function attempt<T>(
  { means, sessions }: { means: Means; sessions: Pick<Sessions, 'lend'> },
  { role, ...course }: Course & { role: Role },
  use: (context: ConsoleContext) => Promise<T>,
): Promise<Attempted<T>> {
  const warnings: string[] = [];
  try {
    return { value: await sessions.lend((session) => use(openContext(means, session, course, warnings))), warnings };
  } catch (error) {
    return { error: describeError(error, role), warnings };
  }
}
