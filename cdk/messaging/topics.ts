import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { TOPIC } from '../../shared/deployment/resources.ts';
import { acknowledge } from '../nag/acknowledge.ts';

/** Every outcome, for whoever subscribes. Encrypted with the account's SNS key, which publishers need no grant for. */
export function createOutcomes(scope: Construct, name: string): Topic {
  return new Topic(scope, 'Outcomes', {
    topicName: `${name}-${TOPIC.name}`,
    enforceSSL: true,
    masterKey: Alias.fromAliasName(scope, 'SnsKey', 'alias/aws/sns'),
  });
}

/** Outcomes go to the queue of `notify` as they are, without SNS's envelope; what SNS cannot deliver is kept beside it. */
export function subscribeNotices(outcomes: Topic, notices: Queue, noticesFailed: Queue): void {
  outcomes.addSubscription(new SqsSubscription(notices, { rawMessageDelivery: true, deadLetterQueue: noticesFailed }));
}

/**
 * Where alarms go. CloudWatch cannot use the account's SNS key (its policy cannot be changed to admit a service), so
 * this topic has a key of its own: the only one in the stack (docs/adr/0002-encryption-keys.md).
 */
export function createAlarmTopic(scope: Construct, name: string, email: string | undefined): Topic {
  const key = new Key(scope, 'AlarmsKey', {
    description: `${name}: alarms on their way through SNS`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    // No condition on the caller: what CloudWatch passes on to KMS is not documented, and the topic's policy decides.
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
    }),
  );
  const topic = new Topic(scope, 'Alarms', { topicName: `${name}-alarms`, enforceSSL: true, masterKey: key });
  topic.addToResourcePolicy(fromOurAlarms(scope, name, topic));
  if (email !== undefined) subscribe(topic, email);
  return topic;
}

function subscribe(topic: Topic, email: string): void {
  acknowledge(
    topic.addSubscription(new EmailSubscription(email)),
    'Serverless-SNSRedrivePolicy',
    'SNS tries mail 50 times over 6 hours on its own, and CloudWatch keeps showing an alarm whose mail was lost.',
  );
}

/** CloudWatch may publish, and of it only this stack's alarms. */
function fromOurAlarms(scope: Construct, name: string, topic: Topic): PolicyStatement {
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
