import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { type Configuration, secretNames } from '../../shared/domain/configuration/configuration.ts';
import { ticketAccess } from '../../shared/domain/configuration/tickets-schema.ts';
import { outputName } from '../configuration/output-name.ts';
import type { Queues } from '../messaging/queues.ts';

export type DeployedResources = {
  url: string;
  ledger: Table;
  queues: Queues;
  outcomes: Topic;
  alarmTopic: Topic;
  reports: Bucket;
};

/** Creates the stack outputs: a URL for every ticket system, the secrets to fill, and the names that the CLI needs. */
export function createOutputs(stack: Stack, configuration: Configuration, deployed: DeployedResources): void {
  const output = (id: string, value: string, description: string) => new CfnOutput(stack, id, { value, description });
  for (const [source, { system }] of Object.entries(configuration.sources)) {
    output(outputName(source), `${deployed.url}/webhooks/${source}`, `Webhook URL to enter in ${system} (${source})`);
  }
  output('PublicUrl', deployed.url, 'Base of webhooks and status links');
  output(
    'SecretsToFill',
    secretsToFill(configuration).join(' '),
    'They have no value yet: docs/deploy.md, "The secrets"',
  );
  output('TableName', deployed.ledger.tableName, 'The ledger');
  output('ChangesQueueUrl', deployed.queues.changes.queueUrl, 'Accepted changes');
  output('FailuresQueueUrl', deployed.queues.failures.queueUrl, 'Rejected changes');
  output('OutcomesTopicArn', deployed.outcomes.topicArn, 'Every outcome, for subscribers');
  output('AlarmsTopicArn', deployed.alarmTopic.topicArn, 'Alarms, for subscribers');
  output('ReportsBucket', deployed.reports.bucketName, 'Drift reports');
}

function secretsToFill({ name, tenants, sources }: Configuration): string[] {
  return [
    ...Object.keys(tenants).flatMap((tenant) => [
      secretNames.zpa(name, tenant, 'write'),
      secretNames.zpa(name, tenant, 'read'),
    ]),
    ...Object.keys(sources).map((source) => secretNames.source(name, source)),
    ...Object.keys(sources)
      .filter((source) => sources[source]?.catalog === true)
      .map((source) => secretNames.catalog(name, source)),
    ...Object.keys(sources)
      .filter((source) => sources[source]?.tickets !== undefined)
      .map((source) => secretNames.tickets(name, source)),
    ...Object.entries(sources)
      .filter(([, { tickets }]) => tickets !== undefined && ticketAccess(tickets) === 'read-secret')
      .map(([source]) => secretNames.ticketsRead(name, source)),
  ];
}
