import { AwsError, unknownOperation } from '../common/aws-error.ts';
import type { Database } from '../common/database.ts';
import type { SqsContext } from '../sqs/queues/queue.ts';
import { createPostman } from './postman.ts';
import { publish, publishBatch } from './publish.ts';
import { type Form, successXml, type Xml } from './query.ts';
import * as subscriptions from './subscriptions.ts';
import type { SnsContext } from './topic.ts';
import { createTopic, deleteTopic, getTopicAttributes, listTopics } from './topics.ts';

type Action = (sns: SnsContext, form: Form) => { [tag: string]: Xml };

const ACTIONS: Record<string, Action> = {
  ConfirmSubscription: subscriptions.confirmSubscription,
  CreateTopic: createTopic,
  DeleteTopic: deleteTopic,
  GetSubscriptionAttributes: subscriptions.getSubscriptionAttributes,
  GetTopicAttributes: getTopicAttributes,
  ListSubscriptions: subscriptions.listSubscriptions,
  ListSubscriptionsByTopic: subscriptions.listSubscriptionsByTopic,
  ListTopics: listTopics,
  Publish: publish,
  PublishBatch: publishBatch,
  SetSubscriptionAttributes: subscriptions.setSubscriptionAttributes,
  Subscribe: subscriptions.subscribe,
  Unsubscribe: subscriptions.unsubscribe,
};

export type Sns = {
  /** Answers the XML; throws `AwsError`. */
  act(form: Form): string;
  close(): Promise<void>;
};

/** Shares database and queues with SQS, so that publishing and delivering to queues is one transaction. */
export function startSns(db: Database, sqs: SqsContext): Sns {
  const postman = createPostman(sqs.wall);
  const { wall, url, region, accountId } = sqs;
  const context: SnsContext = { db, sqs, wall, url, region, accountId, post: postman.post };
  return {
    act: (form) => {
      const name = form.get('Action');
      if (name === null) throw new AwsError('MissingAction', 'The request must contain the parameter Action.');
      const action = ACTIONS[name];
      if (action === undefined) throw unknownOperation(name);
      const result = db.transaction(() => action(context, form));
      sqs.bell.ring();
      return successXml(name, result);
    },
    close: postman.close,
  };
}
