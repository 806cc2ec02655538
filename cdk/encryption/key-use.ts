import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { PERMISSIONS } from '../../shared/deployment/permissions.ts';
import { FUNCTIONS, type FunctionName } from '../../shared/deployment/resources.ts';

const READ = ['kms:Decrypt', 'kms:DescribeKey'];
const SEND = ['kms:Decrypt', 'kms:GenerateDataKey'];
const STORE = [
  ...READ,
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/**
 * The use of the key that a caller needs for a call to a service; the service itself takes it in the caller's name. Calls that
 * are not named here handle no content.
 */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:GetItem': READ,
  'dynamodb:BatchGetItem': READ,
  'dynamodb:Query': READ,
  'dynamodb:PutItem': STORE,
  'dynamodb:UpdateItem': STORE,
  'sqs:ReceiveMessage': ['kms:Decrypt'],
  'sqs:SendMessage': SEND,
  'sns:Publish': SEND,
  's3:GetObject': ['kms:Decrypt'],
  's3:PutObject': SEND,
  'secretsmanager:GetSecretValue': ['kms:Decrypt'],
};

/** The use of the key that a caller of these IAM actions needs, through the services of these calls alone. */
export function keyUse(scope: Construct, key: IKey, calls: readonly string[]): PolicyStatement {
  const needing = calls.filter((call) => NEEDED[call] !== undefined);
  const services = [...new Set(needing.map((call) => call.split(':')[0]))].sort();
  return new PolicyStatement({
    actions: [...new Set(needing.flatMap((call) => NEEDED[call] ?? []))].sort(),
    resources: [key.keyArn],
    conditions: {
      StringEquals: { 'kms:ViaService': services.map((one) => `${one}.${Stack.of(scope).region}.amazonaws.com`) },
    },
  });
}

/** The IAM actions of a function. A scheduled one also sends its failed runs to `missed-runs`. */
export function callsOf(name: FunctionName): string[] {
  const calls = PERMISSIONS[name].flatMap(({ actions }) => actions);
  return 'schedule' in FUNCTIONS[name] ? [...calls, 'sqs:SendMessage'] : calls;
}
