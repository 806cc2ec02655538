import { messageFor } from '../../../../shared/domain/ledger/message.ts';
import type { OpsSession } from '../../session/compose.ts';

/**
 * Sends a message for the lowest open change of the lane, in a group of its own: a worker takes the lane up at once, even if
 * its other messages are hidden. Rejects as ledger and queue do.
 */
export async function wakeLane(session: Pick<OpsSession, 'ledger' | 'queue' | 'clock'>, lane: string): Promise<void> {
  const [next] = await session.ledger.openChanges(lane, 1);
  if (next === undefined || next.state === 'settled') return;
  await session.queue.send([messageFor(next, 'resume', session.clock.now())]);
}
