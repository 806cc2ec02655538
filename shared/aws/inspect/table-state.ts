import { DescribeContinuousBackupsCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { type ClientOrEnv, clientFrom } from '../clients.ts';
import { inspect } from './inspect-error.ts';

type Options = ClientOrEnv<DynamoDBClient>;
export type TableState = { status: string; isProtected: boolean };

const tableSchema = z.object({
  Table: z.object({ TableStatus: z.string(), DeletionProtectionEnabled: z.boolean().default(false) }),
});
const backupsSchema = z.object({
  ContinuousBackupsDescription: z.object({
    PointInTimeRecoveryDescription: z.object({ PointInTimeRecoveryStatus: z.string() }).optional(),
  }),
});

/** Reads whether a table works and whether it is protected against deletion. */
export async function readTableState(from: Options, tableName: string): Promise<TableState> {
  const client = clientFrom(from, DynamoDBClient);
  const command = new DescribeTableCommand({ TableName: tableName });
  const answer = await inspect(`Describing the table ${tableName}`, () => client.send(command));
  const { TableStatus: status, DeletionProtectionEnabled: isProtected } = tableSchema.parse(answer).Table;
  return { status, isProtected };
}

/** Reads whether a table can be restored to any second of the last weeks. */
export async function readIsRestorable(from: Options, tableName: string): Promise<boolean> {
  const client = clientFrom(from, DynamoDBClient);
  const command = new DescribeContinuousBackupsCommand({ TableName: tableName });
  const answer = await inspect(`Describing the backups of ${tableName}`, () => client.send(command));
  const { PointInTimeRecoveryDescription: described } = backupsSchema.parse(answer).ContinuousBackupsDescription;
  return described?.PointInTimeRecoveryStatus === 'ENABLED';
}
