import type { Intent } from '../../../shared/domain/records/intent.ts';
import { mayDeferReadBack } from '../rules/awaiting-read-back.ts';
import { afterAnswer } from '../rules/held-back.ts';
import type { StepContext } from '../settle/step-context.ts';
import { rememberHomes } from './remember-writes.ts';

/**
 * Defers the read-back of a definitely answered write, so that one read serves several writes. The next lane write stores the
 * deferral; until then the ledger holds the write as an open intent, and a successor judges it as one. Returns whether the
 * write awaits its read-back now.
 */
export function deferReadBack({ ports, session, readBackMayWait }: StepContext, intent: Intent): boolean {
  const { answered = [] } = session.lane();
  if (!readBackMayWait || !mayDeferReadBack(intent)) return false;
  session.stage({
    intent: undefined,
    ...afterAnswer(session.lane(), intent.tenant),
    answered: [...answered, { ...intent, answeredAt: ports.clock.now() }],
  });
  // A step may find by its name, on a replica that lags, what this write has moved.
  rememberHomes(session, intent);
  return true;
}
