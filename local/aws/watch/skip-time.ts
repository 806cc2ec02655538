import { nextChangeIn } from '../sqs/messages/upkeep.ts';
import type { SqsContext } from '../sqs/queues/queue.ts';
import type { LocalFunctions } from './functions.ts';

type Skipped = { sqs: SqsContext; functions: Pick<LocalFunctions, 'running'>; seconds: number };

/** Real time in which a function takes a message that has just come due, and between two looks whether it has ended. */
const GRACE_MS = 40;

/** A function that works for longer than this is not waited for, as time would not wait for it. */
const MOST_LOOKS = 250;

/**
 * Lets time pass from one message that comes due to the next, and waits after each until the functions have worked what
 * came: a message that is tried twelve times in three days is tried twelve times.
 */
export async function skipTime({ sqs, functions, seconds }: Skipped): Promise<void> {
  const { wall } = sqs;
  const until = wall.now() + wall.lasts(seconds);
  for (;;) {
    await quiet(sqs, functions);
    const left = until - wall.now();
    if (left <= 0) return;
    const step = Math.min(left, (nextChangeIn(sqs) ?? left) + 1);
    wall.pass(step / wall.lasts(1));
    sqs.waiters.wakeAll();
  }
}

async function quiet({ wall }: SqsContext, { running }: Skipped['functions']): Promise<void> {
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    await wall.sleep(GRACE_MS);
    if (running() === 0) return;
  }
}
