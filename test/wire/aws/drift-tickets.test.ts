import { afterAll, beforeAll } from 'vitest';
import { createDriftTickets } from '../../../shared/aws/ledger/notes/drift-tickets.ts';
import { describeDriftTickets } from '../../contract/drift-tickets.contract.ts';
import { openTable, TABLE_NAME, type TestTable } from './table.ts';

let table: TestTable;
beforeAll(async () => {
  table = await openTable();
});
afterAll(() => table.close());

describeDriftTickets('drift tickets in DynamoDB', () =>
  createDriftTickets({ client: table.client, tableName: TABLE_NAME }),
);
