import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { ROLES } from '../../shared/deployment/roles.ts';
import type { RolePolicies } from '../access/roles.ts';
import type { Queues } from '../messaging/queues.ts';

export type DeployedResources = {
  publicUrl: string;
  domainTarget: string | undefined;
  ledger: Table;
  settings: Table;
  queues: Queues;
  outcomes: Topic;
  alarmTopic: Topic;
  reports: Bucket;
  audit: Bucket;
  roles: RolePolicies;
};

/** Creates the stack outputs: the address for ticket systems, and the names that the CLI needs. */
export function createOutputs(stack: Stack, deployed: DeployedResources, addresses?: readonly string[]): void {
  const output = (id: string, value: string, description: string) => new CfnOutput(stack, id, { value, description });
  output(
    'PublicUrl',
    deployed.publicUrl,
    'Base of webhooks and status links: PublicUrl/webhooks/SOURCE in the ticket system',
  );
  if (deployed.domainTarget !== undefined) {
    output('DomainTarget', deployed.domainTarget, 'Where the name of the domain has to lead: a CNAME to it');
  }
  output('TableName', deployed.ledger.tableName, 'The ledger');
  output('SettingsTable', deployed.settings.tableName, 'Tenants and sources');
  output('ChangesQueueUrl', deployed.queues.changes.queueUrl, 'Accepted changes');
  output('FailuresQueueUrl', deployed.queues.failures.queueUrl, 'Rejected changes');
  output('OutcomesTopicArn', deployed.outcomes.topicArn, 'Every outcome, for subscribers');
  output('AlarmsTopicArn', deployed.alarmTopic.topicArn, 'Alarms, for subscribers');
  if (addresses !== undefined)
    output('EgressAddresses', addresses.join(','), 'From which ZPA and ticket systems are called');
  output('ReportsBucket', deployed.reports.bucketName, 'Drift reports');
  output('AuditBucket', deployed.audit.bucketName, 'The audit trail');
  for (const role of ROLES) {
    const id = `${role.charAt(0).toUpperCase()}${role.slice(1)}PolicyArn`;
    output(id, deployed.roles[role].managedPolicyArn, `The policy of people in the role ${role}: docs/security.md`);
  }
  output('Version', readVersion(), 'The version of the product; zpa-changes doctor compares it with its own');
}

function readVersion(): string {
  const text = readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8');
  const { version }: { version: string } = JSON.parse(text);
  return version;
}
