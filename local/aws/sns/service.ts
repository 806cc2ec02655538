import { AwsError, unknownOperation } from '../common/aws-error.ts';
import type { SqsContext } from '../sqs/queues/queue.ts';
import { publish, publishBatch } from './publish.ts';
import { type Form, successXml, type Xml } from './query.ts';
import { createTopic, subscribe } from './topics.ts';

type Action = (sqs: SqsContext, form: Form) => { [tag: string]: Xml };

const ACTIONS: Record<string, Action> = {
  CreateTopic: createTopic,
  Publish: publish,
  PublishBatch: publishBatch,
  Subscribe: subscribe,
};

/**
 * SNS over the query protocol: answers the XML, throws `AwsError`. It shares database and queues with SQS, so that
 * publishing and delivering to queues is one transaction.
 */
export function actOnSns(sqs: SqsContext, form: Form): string {
  const name = form.get('Action');
  if (name === null) throw new AwsError('MissingAction', 'The request must contain the parameter Action.');
  const action = ACTIONS[name];
  if (action === undefined) throw unknownOperation(name);
  const result = sqs.db.transaction(() => action(sqs, form));
  sqs.waiters.wakeAll();
  return successXml(name, result);
}
