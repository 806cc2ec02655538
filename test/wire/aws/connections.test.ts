import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { documentsFrom } from '../../../shared/aws/documents.ts';

/** More than the 50 connections that the SDK opens by default. */
const AT_ONCE = 120;

const waiting: ServerResponse[] = [];
/** Answers nobody before so many ask at once. */
const server = createServer((request, response) => {
  request.resume();
  waiting.push(response);
  if (waiting.length === AT_ONCE) for (const one of waiting) one.end('{}');
});
beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('no call of a lane waits for the connection of another', async () => {
  const { port } = server.address() as AddressInfo;
  const env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  const client = documentsFrom({ env });
  const calls = Array.from({ length: AT_ONCE }, (_, nth) =>
    client.send(new GetCommand({ TableName: 'ledger', Key: { pk: `${nth}`, sk: 'lane' } })),
  );
  expect(await Promise.all(calls)).toHaveLength(AT_ONCE);
  expect(waiting).toHaveLength(AT_ONCE);
});
