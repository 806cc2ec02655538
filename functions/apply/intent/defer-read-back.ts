import type { Intent } from '../../../shared/domain/records/intent.ts';

import { mayDeferReadBack } from '../rules/awaiting-read-back.ts';
import type { StepContext } from '../settle/step-context.ts';

/**
 * Lets a definitely answered write wait for one look together with others. The next lane write carries it; until then the
 * ledger holds it as an open intent, and a successor judges it as one. Answers whether it lies aside now.
 */
export function deferReadBack({ ports, session, readBackMayWait: aside }: StepContext, intent: Intent): boolean {
  const { answered = [], learned, skipped } = session.lane();
  if (!aside || !mayDeferReadBack(intent, learned[intent.tenant]?.via)) return false;
  session.stage({
    intent: undefined,
    trouble: undefined,
    answered: [...answered, { ...intent, answeredAt: ports.clock.now() }],
    // Whoever settles before them passes their places over, and does not take them for late-comers.
    skipped: [...new Set([...skipped, ...intent.members.map((member) => member.sequence)])],
  });
  return true;
}
