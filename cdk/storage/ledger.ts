import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { TABLE } from '../../shared/deployment/resources.ts';

/**
 * Creates the ledger's table. It outlives the stack (retained, protected against deletion, 35 days of point-in-time
 * recovery), because without it an old ticket sent again would be applied again. It has a fixed name, so that a later
 * deployment can import it (`cdk deploy --import-existing-resources`) instead of creating an empty one.
 */
export function createLedger(scope: Construct, name: string): Table {
  const tableName = `${name}-ledger`;
  const table = new Table(scope, 'Ledger', {
    tableName,
    partitionKey: { name: TABLE.partitionKey, type: AttributeType.STRING },
    sortKey: { name: TABLE.sortKey, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.DEFAULT,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
    timeToLiveAttribute: TABLE.timeToLive,
    removalPolicy: RemovalPolicy.RETAIN,
    deletionProtection: true,
    resourcePolicy: new PolicyDocument({ statements: [tlsOnly(scope, tableName)] }),
  });
  for (const { name: indexName, key } of [TABLE.openIndex, TABLE.failedIndex]) {
    table.addLocalSecondaryIndex({
      indexName,
      sortKey: { name: key, type: AttributeType.NUMBER },
      projectionType: ProjectionType[TABLE.indexProjection],
    });
  }
  return table;
}

/**
 * Denies plain HTTP, on which DynamoDB also answers. The ARN is built by name, because a table cannot refer to itself.
 */
export function tlsOnly(scope: Construct, tableName: string): PolicyStatement {
  const arn = Stack.of(scope).formatArn({ service: 'dynamodb', resource: 'table', resourceName: tableName });
  return new PolicyStatement({
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['dynamodb:*'],
    resources: [arn, `${arn}/index/*`],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  });
}
