/** One message as it lies in a queue. */
export type QueuedMessage = {
  messageId: string;
  body: string;
  groupId: string | undefined;
  sequenceNumber: string | undefined;
  receiveCount: number;
  /** Epoch milliseconds. */
  sentAt: number;
  /** Epoch milliseconds from which it can be received; in the past for a visible one. */
  visibleAt: number;
  state: 'visible' | 'delayed' | 'in-flight';
};

export type QueueContents = {
  name: string;
  url: string;
  visible: number;
  delayed: number;
  inFlight: number;
  /** In queue order, at most `limit`. */
  messages: QueuedMessage[];
};
