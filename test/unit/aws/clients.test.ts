import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { clientFrom, clientOptions } from '../../../shared/aws/clients.ts';

const endpoint = { AWS_ENDPOINT_URL: 'https://vpce.example.org' };
const role = { AWS_ACCESS_KEY_ID: 'ASIAROLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' };

it('signs at an endpoint with the whole of a role’s temporary credentials', () => {
  const { credentials } = clientOptions({ ...endpoint, ...role });
  expect(credentials).toEqual({ accessKeyId: 'ASIAROLE', secretAccessKey: 'secret', sessionToken: 'token' });
});

it('signs at an endpoint with keys that have no token, and without keys as nobody', () => {
  const { AWS_SESSION_TOKEN: _, ...keys } = role;
  expect(clientOptions({ ...endpoint, ...keys }).credentials).toEqual({
    accessKeyId: 'ASIAROLE',
    secretAccessKey: 'secret',
  });
  expect(clientOptions(endpoint).credentials).toEqual({ accessKeyId: 'nobody', secretAccessKey: 'nobody' });
});

it('leaves the credentials to the SDK where no endpoint is named', () => {
  expect(clientOptions(role)).not.toHaveProperty('credentials');
});

it('makes one client of a service for all adapters of an environment', () => {
  const env = { ...endpoint, ...role };
  const client = clientFrom({ env }, DynamoDBClient);
  expect(clientFrom({ env }, DynamoDBClient)).toBe(client);
  expect(clientFrom({ env: { ...env } }, DynamoDBClient)).not.toBe(client);
  expect(clientFrom({ env }, SQSClient)).toBeInstanceOf(SQSClient);
  expect(clientFrom({ client }, DynamoDBClient)).toBe(client);
});
