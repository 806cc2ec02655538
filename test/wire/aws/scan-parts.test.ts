import { randomBytes } from 'node:crypto';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createScanPartStore } from '../../../shared/aws/ledger/scan-parts.ts';
import { describeScanParts } from '../../contract/scan-parts.contract.ts';
import { aRule } from '../../fakes/rules.ts';
import { openTable, TABLE_NAME, type TestTable } from './table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await openTable();
});
afterAll(() => table.close());

const store = () => createScanPartStore({ client: table.client, tableName: TABLE_NAME });
const DELETION = { lane: 'GAMMA:1', id: 'one' };

describeScanParts('parts of scans in DynamoDB', store);

it('keeps only the count of rules that do not fit into an item, and takes rules of another form for unread', async () => {
  const rules = Array.from({ length: 6000 }, () => aRule({}, { ruleName: randomBytes(48).toString('hex') }));
  const list = { rules, scanned: [], skipped: [] };
  await store().write(DELETION, { microtenantId: '0', at: 5, readings: 1, list }, 9);
  expect(await store().read(DELETION, '0')).toEqual({ microtenantId: '0', at: 5, readings: 1, list: undefined });
  const item = { pk: 'readers#GAMMA:1', sk: 'scan#one#7', at: 5, readings: 1, form: 0, rules: 'of another version' };
  await DynamoDBDocumentClient.from(table.client).send(new PutCommand({ TableName: TABLE_NAME, Item: item }));
  expect(await store().read(DELETION, '7')).toEqual({ microtenantId: '7', at: 5, readings: 1, list: undefined });
});
