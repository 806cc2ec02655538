import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import { ledgerContract } from '../../contract/ledger.contract.ts';
import { ledgerLifeContract } from '../../contract/ledger-life.contract.ts';
import { ledgerValuesContract } from '../../contract/ledger-values.contract.ts';
import { ticketChangesContract } from '../../contract/ticket-changes.contract.ts';
import { openTable, TABLE_NAME } from './table.ts';

const open = async () => {
  const table = await openTable();
  return { ledger: createDynamoLedger({ client: table.client, tableName: TABLE_NAME }), close: table.close };
};

ledgerContract('DynamoDB', open);
ledgerLifeContract('DynamoDB', open);
ticketChangesContract('DynamoDB', open);
ledgerValuesContract('DynamoDB', open);
