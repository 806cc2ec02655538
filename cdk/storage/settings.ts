import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { SETTINGS_TABLE } from '../../shared/deployment/resources.ts';
import { tlsOnly } from './ledger.ts';

/**
 * Creates the table of the settings. It outlives the stack as the ledger does, and has a fixed name for the same reason: a
 * change record names the version that it was accepted with. No function may write it.
 */
export function createSettings(scope: Construct, name: string): Table {
  const tableName = `${name}-${SETTINGS_TABLE.name}`;
  return new Table(scope, 'Settings', {
    tableName,
    partitionKey: { name: SETTINGS_TABLE.partitionKey, type: AttributeType.STRING },
    sortKey: { name: SETTINGS_TABLE.sortKey, type: AttributeType.NUMBER },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.DEFAULT,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
    removalPolicy: RemovalPolicy.RETAIN,
    deletionProtection: true,
    resourcePolicy: new PolicyDocument({ statements: [tlsOnly(scope, tableName)] }),
  });
}
