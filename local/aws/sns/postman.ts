import type { ScaledClock } from '../common/scaled-clock.ts';
import type { HttpDelivery } from './topic.ts';

/** Brings messages to HTTP endpoints. What waits for another try when the process ends is lost, unlike at AWS. */
export type Postman = { post(delivery: HttpDelivery): void; close(): Promise<void> };

/** "Amazon SNS message delivery retries", in AWS's seconds: three at once, two after a second, ten up to 20 s apart. */
const PAUSES = [0, 0, 0, 1, 1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20];
/** "HTTP/HTTPS endpoints": an answer within 15 seconds, or the try has failed. */
const TIMEOUT_MS = 15_000;

export function createPostman(wall: ScaledClock): Postman {
  const closing = new AbortController();
  const under = new Set<Promise<void>>();
  return {
    post: (delivery) => {
      const one = deliver(wall, delivery, closing.signal).catch(() => undefined);
      under.add(one);
      void one.then(() => under.delete(one));
    },
    close: async () => {
      closing.abort(new Error('closing'));
      await Promise.all(under);
    },
  };
}

async function deliver(wall: ScaledClock, delivery: HttpDelivery, signal: AbortSignal): Promise<void> {
  for (const pause of [0, ...PAUSES]) {
    await wall.sleep(wall.lasts(pause), signal);
    if (await delivered(delivery, signal)) return;
  }
}

/** 2xx is delivered; 4xx but 429 is final ("Amazon SNS message delivery retries"); everything else is tried again. */
async function delivered(delivery: HttpDelivery, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(delivery.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'user-agent': 'Amazon Simple Notification Service Agent',
        'x-amz-sns-message-type': delivery.type,
        'x-amz-sns-message-id': delivery.messageId,
        'x-amz-sns-topic-arn': delivery.topicArn,
        ...(delivery.subscriptionArn !== undefined && { 'x-amz-sns-subscription-arn': delivery.subscriptionArn }),
        ...(delivery.raw && { 'x-amz-sns-rawdelivery': 'true' }),
      },
      body: delivery.body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.arrayBuffer();
    return response.ok || (response.status >= 400 && response.status < 500 && response.status !== 429);
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
