import type { ChangeMessage } from '../../../shared/domain/ledger/message.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { Acknowledgement, ChangeQueue, Clock, Deferral, QueueRecord } from '../../../shared/ports/ports.ts';

/** The changes queue as far as the worker may rely on it: at least once, hidden while in flight, in no order. */
export type FakeChangesQueue = {
  queue: ChangeQueue;
  deferral: Deferral;
  acknowledgement: Acknowledgement;
  /** Up to `most` visible messages, hidden from now on. */
  receive(most: number): QueueRecord[];
  /** Removes the messages that an ended invocation acknowledged: all it was given but `retried`. */
  acknowledge(given: readonly QueueRecord[], retried: readonly string[]): void;
  /** The time at which the next message becomes visible; undefined: there is none. */
  nextAt(): number | undefined;
  readonly size: number;
};

type StoredMessage = { body: string; visibleAt: number; receives: number };

export function createChangesQueue(clock: Clock): FakeChangesQueue {
  const messages = new Map<string, StoredMessage>();
  let sent = 0;
  return {
    queue: {
      async send(list: readonly ChangeMessage[]) {
        for (const message of list) {
          sent += 1;
          messages.set(`m${sent}`, { body: JSON.stringify(message), visibleAt: clock.now(), receives: 0 });
        }
      },
    },
    deferral: {
      async defer(receipts, delayMs) {
        for (const { messageId } of receipts) {
          const kept = messages.get(messageId);
          if (kept !== undefined) kept.visibleAt = clock.now() + delayMs;
        }
        return [];
      },
    },
    acknowledgement: {
      async acknowledge(receipts) {
        for (const { messageId } of receipts) messages.delete(messageId);
        return [];
      },
    },
    receive(most) {
      const now = clock.now();
      const visible = [...messages].filter(([, kept]) => kept.visibleAt <= now).slice(0, most);
      return visible.map(([messageId, kept]) => {
        kept.visibleAt = now + TIMING.visibilityTimeoutMs;
        kept.receives += 1;
        return { messageId, receiptHandle: messageId, body: kept.body, receiveCount: kept.receives };
      });
    },
    acknowledge(given, retried) {
      for (const { messageId } of given) if (!retried.includes(messageId)) messages.delete(messageId);
    },
    nextAt: () => (messages.size === 0 ? undefined : Math.min(...[...messages.values()].map((one) => one.visibleAt))),
    get size() {
      return messages.size;
    },
  };
}
