import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createLedgerTable } from '../../local/aws/create-table.ts';
import { createIgnores } from '../../shared/aws/ledger/ignores.ts';
import { createKnownLanes } from '../../shared/aws/ledger/known-lanes.ts';
import { createDynamoLedger } from '../../shared/aws/ledger/ledger.ts';
import { createDriftTickets } from '../../shared/aws/ledger/notes/drift-tickets.ts';
import { createSetNotes } from '../../shared/aws/ledger/notes/set-notes.ts';
import { createScanPartStore } from '../../shared/aws/ledger/scan-parts.ts';
import { createSeenListStore } from '../../shared/aws/ledger/seen-lists.ts';
import { describeDriftTickets } from '../contract/drift-tickets.contract.ts';
import { describeIgnores } from '../contract/ignores.contract.ts';
import { describeKnownLanes } from '../contract/known-lanes.contract.ts';
import { ledgerContract } from '../contract/ledger.contract.ts';
import { ledgerLifeContract } from '../contract/ledger-life.contract.ts';
import { ledgerValuesContract } from '../contract/ledger-values.contract.ts';
import { describeScanParts } from '../contract/scan-parts.contract.ts';
import { describeSeenLists } from '../contract/seen-lists.contract.ts';
import { describeSetNotes } from '../contract/set-notes.contract.ts';
import { ticketChangesContract } from '../contract/ticket-changes.contract.ts';
import { leftOut } from './install/witnesses.ts';
import { type Server, startDynamoDbLocal } from './start-server.ts';

const NAME = 'DynamoDB Local';
const TABLE_NAME = 'ledger';
const reason = leftOut('dynamodb-local');

if (reason !== undefined) {
  describe(NAME, () => {
    it.skip(`left out: ${reason}`, () => undefined);
  });
} else {
  let server: Server;
  let client: DynamoDBClient;
  const connect = () =>
    new DynamoDBClient({
      endpoint: server.url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
  beforeAll(async () => {
    server = await startDynamoDbLocal();
    await createLedgerTable(connect(), TABLE_NAME);
    client = connect();
  });
  afterAll(async () => {
    client?.destroy();
    await server?.close();
  });
  const table = () => ({ client, tableName: TABLE_NAME });
  const open = async () => ({ ledger: createDynamoLedger(table()), close: async () => undefined });

  ledgerContract(NAME, open);
  ledgerLifeContract(NAME, open);
  ticketChangesContract(NAME, open);
  ledgerValuesContract(NAME, open);
  describe(NAME, () => {
    describeScanParts('parts of scans', () => createScanPartStore(table()));
    describeSeenLists('seen lists', () => createSeenListStore(table()));
    describeSetNotes('notes', () => createSetNotes(table()));
    describeKnownLanes('known lanes', () => createKnownLanes(table()));
    describeIgnores('ignores', () => createIgnores(table()));
    describeDriftTickets('drift tickets', () => createDriftTickets(table()));
  });
}
