import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../../deployment/resources.ts';
import type { ClientOrEnv } from '../clients.ts';
import { documentsFrom } from '../documents.ts';
import { inspect, isAccessDenied } from './inspect-error.ts';

type Item = Readonly<Record<string, string | number>>;

/** No item meets it, so nothing is written. */
const NEVER = `attribute_exists(${TABLE.partitionKey}) AND attribute_not_exists(${TABLE.partitionKey})`;

/**
 * Tells whether the caller may write this item: AWS is asked by a write whose condition never holds, which policies,
 * boundaries and organisations judge as any other. Rejects with code `inspection-failed` if AWS says neither.
 */
export async function mayWrite(from: ClientOrEnv<DynamoDBClient>, tableName: string, item: Item): Promise<boolean> {
  const client = documentsFrom(from);
  const command = new PutCommand({ TableName: tableName, Item: item, ConditionExpression: NEVER });
  try {
    await inspect('Asking AWS whether you may write', () => client.send(command).catch(unlessUnmet));
    return true;
  } catch (error) {
    if (isAccessDenied(error)) return false;
    throw error;
  }
}

function unlessUnmet(error: unknown): void {
  if (!(error instanceof ConditionalCheckFailedException)) throw error;
}
