import { afterAll, beforeAll } from 'vitest';
import { createSetNotes } from '../../../shared/aws/ledger/notes/set-notes.ts';
import { describeSetNotes } from '../../contract/set-notes.contract.ts';
import { openTable, TABLE_NAME, type TestTable } from './table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await openTable();
});
afterAll(() => table.close());

describeSetNotes('notes in DynamoDB', () => createSetNotes({ client: table.client, tableName: TABLE_NAME }));
