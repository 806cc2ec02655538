import { afterAll, beforeAll } from 'vitest';
import { createKnownLanes } from '../../../shared/aws/ledger/known-lanes.ts';
import { describeKnownLanes } from '../../contract/known-lanes.contract.ts';
import { openTable, TABLE_NAME, type TestTable } from './table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await openTable();
});
afterAll(() => table.close());

describeKnownLanes('known lanes in DynamoDB', () => createKnownLanes({ client: table.client, tableName: TABLE_NAME }));
