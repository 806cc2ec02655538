import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { TOPIC } from '../../shared/deployment/resources.ts';
import { acknowledge } from '../nag/acknowledge.ts';

/**
 * Creates the topic of all outcomes. It is encrypted with the account's SNS key, for which publishers need no
 * permission.
 */
export function createOutcomes(scope: Construct, name: string): Topic {
  return new Topic(scope, 'Outcomes', {
    topicName: `${name}-${TOPIC.name}`,
    enforceSSL: true,
    masterKey: Alias.fromAliasName(scope, 'SnsKey', 'alias/aws/sns'),
  });
}

/** Subscribes a queue to outcomes without SNS's envelope; `failed` receives what SNS cannot deliver. */
export function subscribeQueue(outcomes: Topic, queue: Queue, failed: Queue): void {
  outcomes.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true, deadLetterQueue: failed }));
}

/**
 * Creates the topic of alarms. CloudWatch cannot use the account's SNS key (its policy cannot be changed to admit a
 * service), so without a `key` of somebody's own this topic has one, the only one in the stack
 * (docs/adr/0002-encryption-keys.md).
 */
export function createAlarmTopic(
  scope: Construct,
  name: string,
  email: string | undefined,
  key: IKey | undefined,
): Topic {
  const masterKey = key ?? createAlarmsKey(scope, name);
  const topic = new Topic(scope, 'Alarms', { topicName: `${name}-alarms`, enforceSSL: true, masterKey });
  topic.addToResourcePolicy(allowStackAlarms(scope, name, topic));
  if (email !== undefined) subscribe(topic, email);
  return topic;
}

function createAlarmsKey(scope: Construct, name: string): IKey {
  const key = new Key(scope, 'AlarmsKey', {
    description: `${name}: alarms on their way through SNS`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    // There is no condition on the caller, because AWS does not document what CloudWatch passes to KMS; the topic's policy
    // restricts the caller.
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
    }),
  );
  return key;
}

function subscribe(topic: Topic, email: string): void {
  acknowledge(
    topic.addSubscription(new EmailSubscription(email)),
    'Serverless-SNSRedrivePolicy',
    'SNS tries mail 50 times over 6 hours on its own, and CloudWatch keeps showing an alarm whose mail was lost.',
  );
}

/** Allows only the alarms of this stack to publish through CloudWatch. */
function allowStackAlarms(scope: Construct, name: string, topic: Topic): PolicyStatement {
  const alarms = Stack.of(scope).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: `${name}-*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return new PolicyStatement({
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID }, ArnLike: { 'aws:SourceArn': alarms } },
  });
}
