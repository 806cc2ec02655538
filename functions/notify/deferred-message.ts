import { retryPause } from '../../shared/domain/notice/retry-schedule.ts';
import type { QueueRecord } from '../../shared/ports/ports.ts';
import type { TicketError } from '../../shared/tickets/http/ticket-error.ts';
import type { NotifyPorts } from './ports.ts';

/** A message that must come again. `pauseMs`: how long it is hidden; undefined: for its own visibility timeout. */
export type DeferredMessage = { message: QueueRecord; pauseMs: number | undefined };

/** A ticket is not begun with less time left: two calls that time out, and the ledger calls around them, must fit. */
export const MIN_REMAINING_MS = 40_000;

/** How long a message is hidden after this attempt. */
export function pauseOf(
  { timing, chance }: NotifyPorts,
  message: QueueRecord,
  trouble: TicketError | undefined,
): number {
  return retryPause(timing, message.receiveCount, chance.random(), trouble?.retryAfterMs);
}
