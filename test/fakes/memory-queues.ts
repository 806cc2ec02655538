import type { ChangeMessage, FailureRecord, OutcomeNotice } from '../../shared/domain/ledger/message.ts';
import type {
  Acknowledgement,
  ChangeQueue,
  Deferral,
  FailureQueue,
  OutcomeTopic,
  Receipt,
} from '../../shared/ports/ports.ts';

/** Ports that send, as lists of what was sent. To make a call fail, wrap the port with `interrupted`. */

export type MemoryQueue = ChangeQueue & { readonly sent: ChangeMessage[] };

export function createMemoryQueue(): MemoryQueue {
  const sent: ChangeMessage[] = [];
  return { sent, send: async (messages) => void sent.push(...structuredClone(messages)) };
}

export type MemoryDeferral = Deferral & {
  readonly deferred: { messageIds: string[]; delayMs: number }[];
  /** Message ids that cannot be hidden. */
  readonly refused: Set<string>;
};

export function createMemoryDeferral(): MemoryDeferral {
  const deferred: MemoryDeferral['deferred'] = [];
  const refused = new Set<string>();
  return {
    deferred,
    refused,
    async defer(receipts: readonly Receipt[], delayMs) {
      const messageIds = receipts.map((receipt) => receipt.messageId);
      deferred.push({ messageIds: messageIds.filter((id) => !refused.has(id)), delayMs });
      return messageIds.filter((id) => refused.has(id));
    },
  };
}

export type MemoryAcknowledgement = Acknowledgement & { readonly acknowledged: string[] };

export function createMemoryAcknowledgement(): MemoryAcknowledgement {
  const acknowledged: string[] = [];
  return {
    acknowledged,
    async acknowledge(receipts: readonly Receipt[]) {
      acknowledged.push(...receipts.map((receipt) => receipt.messageId));
      return [];
    },
  };
}

export type MemoryFailureQueue = FailureQueue & { readonly sent: FailureRecord[] };

export function createMemoryFailureQueue(): MemoryFailureQueue {
  const sent: FailureRecord[] = [];
  return { sent, send: async (failure) => void sent.push(structuredClone(failure)) };
}

export type MemoryTopic = OutcomeTopic & { readonly published: OutcomeNotice[] };

export function createMemoryTopic(): MemoryTopic {
  const published: OutcomeNotice[] = [];
  return { published, publish: async (notice) => void published.push(structuredClone(notice)) };
}
