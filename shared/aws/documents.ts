import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type ClientOrEnv, clientFrom } from './clients.ts';

/**
 * DynamoDB's client for plain values; properties without a value are left out of its items. The SDK keeps this translation
 * in the configuration of the client, which all tables share, so none of them may state another.
 */
export const documentsFrom = (from: ClientOrEnv<DynamoDBClient>): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(clientFrom(from, DynamoDBClient), { marshallOptions: { removeUndefinedValues: true } });
