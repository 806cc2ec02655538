import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { clientOptions } from '../../shared/aws/clients.ts';
import { parseChangeRecord } from '../../shared/aws/ledger/stored-change.ts';
import { keys } from '../../shared/aws/ledger/table/ledger-items.ts';
import { createLedgerTable } from '../../shared/aws/ledger/table/ledger-table.ts';
import { parseOr } from '../../shared/aws/ledger/table/stored-item.ts';
import { TABLE } from '../../shared/deployment/resources.ts';
import type { Lane } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { UnreadableRecord } from '../../shared/ports/ports.ts';
import type { FunctionEnvironment } from './functions/functions.ts';

/**
 * Reads every change of the lanes, settled ones too, in lane order; a local table is small enough for that, a deployed
 * one is not. Rejects for a record that cannot be read, unless `onUnreadable` takes it.
 */
export type ChangeLister = {
  list(lanes: Iterable<Lane>, onUnreadable?: (one: UnreadableRecord) => void): Promise<ChangeRecord[]>;
  close(): void;
};

export function createChangeLister(env: FunctionEnvironment): ChangeLister {
  const plain = new DynamoDBClient(clientOptions(env));
  const client = DynamoDBDocumentClient.from(plain);
  const table = createLedgerTable({ client, tableName: env.TABLE_NAME ?? '', newToken: () => '' });
  return {
    async list(lanes, onUnreadable) {
      const records: ChangeRecord[] = [];
      const by = { key: TABLE.sortKey };
      for (const lane of lanes) {
        for await (const item of table.query({ partition: keys.partition(lane), by, startsWith: 'change#' })) {
          const record = parseOr(item, parseChangeRecord, onUnreadable);
          if (record !== undefined) records.push(record);
        }
      }
      return records.sort((one, other) => one.sequence - other.sequence);
    },
    close: () => plain.destroy(),
  };
}
