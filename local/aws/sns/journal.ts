/** One message published to a topic, as it was published. */
export type PublishedMessage = {
  messageId: string;
  topicArn: string;
  subject: string | undefined;
  message: string;
  attributes: Record<string, { type: string; value: string }>;
  /** Epoch milliseconds. */
  publishedAt: number;
};
