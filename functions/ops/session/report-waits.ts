import { mayStartAt } from '../../../shared/domain/ledger/rate-budget.ts';
import { READS_PER_SIDE } from '../../../shared/domain/ledger/shared-read-budget.ts';
import type { Timing } from '../../../shared/domain/ledger/timing.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';
import type { Clock, RateLimiter, Zpa } from '../../../shared/ports/ports.ts';
import { READS_PER_MICROTENANT } from '../../../shared/reading/rules/scan-bound.ts';
import { createBudgetLimiter } from '../../../shared/zpa/budget-limiter.ts';

/** Reads that ZPA allows per rate window (Zscaler's page on rate limiting for ZPA). */
const READS_OF_ZPA = 20;

export type ReportedReads = {
  limiterOf(): RateLimiter;
  /** The client, of which a reading of policy rules is counted by its lists. */
  counted(zpa: Zpa): Zpa;
};

/**
 * The limiters of the command line's reads. Each read that has to wait is told before it does: for how long, why, and how many
 * reads are done, because a minute without a word looks like a program that hangs.
 */
export function reportWaits(
  tell: (line: string) => void,
  { clock, timing }: { clock: Clock; timing: Pick<Timing, 'budgetWindowMs'> },
): ReportedReads {
  const limits = { reads: READS_PER_SIDE, writes: 0, windowMs: timing.budgetWindowMs };
  let reads = 0;
  const lists = { read: 0, of: 0, readings: 0 };

  function tellOf(waitMs: number): void {
    const done =
      lists.readings > 0
        ? `${lists.read} of ${lists.of} lists of policy rules read`
        : `${formatCount(reads, 'read')} done`;
    const [wait, window] = [waitMs, limits.windowMs].map((ms) => Math.ceil(ms / 1000));
    const share = `ZPA allows ${READS_OF_ZPA} reads in ${window} s, and the command line takes ${limits.reads} of them`;
    tell(`waiting ${wait} s: ${share}; ${done} …`);
  }

  return {
    limiterOf() {
      const limiter = createBudgetLimiter({ limits, clock });
      return {
        obey: limiter.obey,
        async take(kind, signal) {
          const waitMs = mayStartAt(limiter.state(), kind, limits, clock.now()) - clock.now();
          if (waitMs > 0) tellOf(waitMs);
          const answered = await limiter.take(kind, signal);
          reads += 1;
          if (lists.readings > 0) lists.read = Math.min(lists.read + 1, lists.of);
          return answered;
        },
      };
    },
    counted: (zpa) => ({
      ...zpa,
      async listRules(options) {
        lists.of += READS_PER_MICROTENANT;
        lists.readings += 1;
        try {
          return await zpa.listRules(options);
        } finally {
          lists.readings -= 1;
        }
      },
    }),
  };
}
