import { bringUpToDate } from '../sqs/messages/upkeep.ts';
import { readContents } from '../sqs/queues/contents.ts';
import { listQueues, type SqsContext } from '../sqs/queues/queue.ts';
import type { MetricName } from './metrics.ts';

/** The age is that of the oldest of so many messages; the first ones in the queue are. */
const LOOKED_AT = 100;

/** Returns what SQS reports of each queue now: messages that can be received, and the age of the oldest one in seconds. */
export function queueMetrics(sqs: SqsContext): (MetricName & { value: number })[] {
  sqs.db.transaction(() => bringUpToDate(sqs));
  return listQueues(sqs).flatMap(({ name: QueueName }) => {
    const { visible = 0, messages = [] } = readContents(sqs, QueueName, LOOKED_AT) ?? {};
    const oldest = Math.min(...messages.map(({ sentAt }) => sentAt), sqs.wall.now());
    const metric = (name: string, value: number) => ({
      namespace: 'AWS/SQS',
      name,
      dimensions: { QueueName },
      value,
    });
    return [
      metric('ApproximateNumberOfMessagesVisible', visible),
      metric('ApproximateAgeOfOldestMessage', Math.round((sqs.wall.now() - oldest) / sqs.wall.lasts(1))),
    ];
  });
}
