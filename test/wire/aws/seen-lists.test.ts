import { afterAll, beforeAll } from 'vitest';
import { createSeenListStore } from '../../../shared/aws/ledger/seen-lists.ts';
import { describeSeenLists } from '../../contract/seen-lists.contract.ts';
import { openTable, TABLE_NAME, type TestTable } from './table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await openTable();
});
afterAll(() => table.close());

describeSeenLists('seen lists in DynamoDB', () => createSeenListStore({ client: table.client, tableName: TABLE_NAME }));
