import { messageFor } from '../../../../shared/domain/ledger/message.ts';
import { openPlace } from '../../../../shared/domain/ledger/schedule.ts';
import type { OpsSession } from '../../session/compose.ts';

const PAGE = 100;

type Waking = Pick<OpsSession, 'queue' | 'clock'> & { ledger: Pick<OpsSession['ledger'], 'openChanges'> };

/**
 * Sends a message for the lowest open change of the lane that can be read, in a group of its own: a worker takes the
 * lane up at once, even if its other messages are hidden. Rejects as ledger and queue do.
 */
export async function wakeLane(session: Waking, lane: string): Promise<void> {
  for (let after = 0; ; ) {
    const unread: number[] = [];
    const page = await session.ledger.openChanges(lane, PAGE, after, ({ place }) => unread.push(place));
    const next = page.find(({ state }) => state !== 'settled');
    if (next !== undefined) return session.queue.send([messageFor(next, 'resume', session.clock.now())]);
    if (page.length + unread.length < PAGE) return;
    after = Math.max(...page.map(openPlace), ...unread);
  }
}
