import type { BudgetLimits } from '../../../shared/domain/ledger/rate-budget.ts';
import {
  borrowReads,
  completeRead,
  newSharedReadBudget,
  READS_PER_SIDE,
  returnRead,
  type SharedReadBudget,
} from '../../../shared/domain/ledger/shared-read-budget.ts';
import { optimisticUpdate } from '../../../shared/ledger/optimistic-update.ts';
import type { SpareReads } from '../../../shared/zpa/budget-limiter.ts';
import type { ApplyPorts } from './ports.ts';

/**
 * Reads that the lane borrows from the deployed readers while they ask for none (docs/architecture.md#rate-budget). One
 * write to their record borrows every free read of the window; they count there as under way until the last instant at which
 * they could arrive, whatever becomes of this worker.
 */
export type BorrowedReads = SpareReads & {
  /** Borrows unless so many reads are at hand, and answers how many are. */
  atHand(wanted: number): Promise<number>;
};

const NOTHING: BorrowedReads = { take: async () => undefined, settle: async () => undefined, atHand: async () => 0 };

type Ports = Pick<ApplyPorts, 'sharedReads' | 'clock' | 'timing' | 'log'>;

/** Never rejects: while the record cannot be read or written, nothing is borrowed. */
export function createBorrowedReads(ports: Ports, lane: string): BorrowedReads {
  const { sharedReads: store, clock, timing, log } = ports;
  if (store === undefined) return NOTHING;
  const limits: BudgetLimits = { reads: READS_PER_SIDE, writes: 0, windowMs: timing.budgetWindowMs };
  /** The record as this worker last saw it: a write over another version fails and shows the present one. */
  let seen: SharedReadBudget | undefined;
  let idle: { until: number; startBefore: number }[] = [];
  let answers: { until: number; at: number }[] = [];

  const update = async (change: (stored: SharedReadBudget) => SharedReadBudget | undefined): Promise<boolean> => {
    const absent = () => newSharedReadBudget(lane);
    try {
      seen ??= (await store.read(lane)) ?? absent();
      const { record, changed } = await optimisticUpdate<SharedReadBudget, SharedReadBudget>(seen, {
        change,
        write: store.write,
        absent,
        subject: `the shared read budget of ${lane}`,
      });
      seen = record;
      return changed;
    } catch (error) {
      seen = undefined;
      log.warn('the shared read budget could not be used', { lane, error });
      return false;
    }
  };

  /** The record without the borrowed reads that were answered or are no longer needed. */
  function accounted(stored: SharedReadBudget, answered: typeof answers, over: typeof idle): SharedReadBudget {
    const completed = answered.reduce((one, { until, at }) => completeRead(one, until, at), stored);
    return over.reduce((one, { until }) => returnRead(one, until), completed);
  }

  async function borrow(): Promise<void> {
    const startBefore = clock.now() + limits.windowMs;
    const until = startBefore + timing.requestTimeoutMs;
    const told = answers;
    let count = 0;
    const borrowed = await update((stored) => {
      const before = accounted(stored, told, idle);
      const next = borrowReads(before, limits, clock.now(), until);
      count = next === undefined ? 0 : next.reads.filter((at) => at === until).length;
      return next;
    });
    if (!borrowed) return;
    answers = answers.filter((one) => !told.includes(one));
    idle = Array.from({ length: count }, () => ({ until, startBefore }));
  }

  const usable = () => idle.filter(({ startBefore }) => clock.now() < startBefore);

  return {
    async atHand(wanted) {
      if (wanted > usable().length) await borrow();
      return usable().length;
    },
    async take() {
      if (usable().length === 0) await borrow();
      const [one] = usable();
      if (one === undefined) return undefined;
      idle = idle.filter((other) => other !== one);
      return () => {
        answers = [...answers, { until: one.until, at: clock.now() }];
      };
    },
    async settle(atEnd = false) {
      const over = atEnd ? idle : idle.filter((one) => !usable().includes(one));
      if (answers.length + over.length === 0 || over.length < idle.length) return;
      const told = answers;
      const settled = await update((stored) => accounted(stored, told, over));
      if (!settled) return;
      answers = answers.filter((one) => !told.includes(one));
      idle = [];
    },
  };
}
