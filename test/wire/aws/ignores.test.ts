import { afterAll, beforeAll } from 'vitest';
import { createIgnores } from '../../../shared/aws/ledger/ignores.ts';
import { describeIgnores } from '../../contract/ignores.contract.ts';
import { openTable, TABLE_NAME, type TestTable } from './table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await openTable();
});
afterAll(() => table.close());

describeIgnores('ignores in DynamoDB', () => createIgnores({ client: table.client, tableName: TABLE_NAME }));
