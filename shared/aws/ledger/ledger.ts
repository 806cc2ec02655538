import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { TABLE } from '../../deployment/resources.ts';
import type { ChangeRef } from '../../domain/lane/change-ref.ts';
import { fitDesired, fitLane, fitRecord } from '../../domain/ledger/size-limits.ts';
import { TIMING } from '../../domain/ledger/timing.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import { newLane } from '../../domain/records/lane-record.ts';
import type { ChangeList } from '../../ports/change-list.ts';
import type { Ledger, TicketChanges, UnreadableRecord } from '../../ports/ports.ts';
import { callAws } from '../aws-error.ts';
import { claims, deliveries, statusLinks } from './hashed-records.ts';
import { parseChangeRecord, parseRequest } from './stored-change.ts';
import { parseDesiredGroup, parseRejectedMember } from './stored-desired.ts';
import { parseLaneRecord } from './stored-lane.ts';
import { changeAttributes, epochSeconds, keys, memberItem } from './table/ledger-items.ts';
import type { LedgerTable } from './table/ledger-table.ts';
import { type LedgerTableOptions, openLedgerTable } from './table/open-ledger-table.ts';
import { parseItem, parseOr, parseStored } from './table/stored-item.ts';

export type LedgerOptions = LedgerTableOptions & {
  /** TTL of settled changes, by default `TIMING.settledKeptMs`. */
  settledKeptMs?: number;
};

const OPEN = { index: TABLE.openIndex.name, key: TABLE.openIndex.key };
const FAILED = { index: TABLE.failedIndex.name, key: TABLE.failedIndex.key };

/**
 * Creates the ledger on one DynamoDB table (`TABLE` of `resources.ts`). A lane's records share a partition:
 *
 *     pk lane#<lane>    sk change#<source>#<tenant>#<key>   openSequence? failedSequence? expiresAt?
 *                          lane | sequence | desired#<group id>
 *                          set#<change set>#<rejected member>  expiresAt?
 *     pk claim#<hash>   sk claim                            expiresAt
 *     pk status#<hash>  sk status                           expiresAt
 *     pk delivery#<source>#<hash of body>  sk delivery      expiresAt
 *     pk lanes          sk lanes                            (`known-lanes.ts`)
 *
 * Change records are truncated to fit an item (`fitRecord`). Errors have the codes `ledger-unavailable`,
 * `record-too-large` and `record-malformed`.
 */
export function createDynamoLedger(options: LedgerOptions): Ledger & TicketChanges & ChangeList {
  const { client, table } = openLedgerTable(options);
  return {
    ...sequences(client, options.tableName, table),
    ...changes(table, options.settledKeptMs ?? TIMING.settledKeptMs),
    ...lanes(table),
    ...desiredGroups(table),
    ...rejectedMembers(table),
    ...claims(table),
    ...statusLinks(table),
    ...deliveries(table),
  };
}

const takenSchema = z.object({ taken: z.int().min(1) });

/** An atomic counter. If the SDK repeats an ADD whose answer was lost, numbers are skipped; gaps are harmless. */
function sequences(client: DynamoDBDocumentClient, tableName: string, table: LedgerTable) {
  return {
    async takeSequences(lane, count, keptUntil) {
      const until = keptUntil === undefined ? undefined : epochSeconds(keptUntil);
      const command = new UpdateCommand({
        TableName: tableName,
        Key: keys.sequence(lane),
        UpdateExpression: until === undefined ? 'ADD #taken :count' : 'SET #until = :until ADD #taken :count',
        ExpressionAttributeNames: { '#taken': 'taken', ...(until !== undefined && { '#until': TABLE.timeToLive }) },
        ExpressionAttributeValues: { ':count': count, ...(until !== undefined && { ':until': until }) },
        ReturnValues: 'UPDATED_NEW',
      });
      const answer = await callAws('ledger-unavailable', 'Taking a sequence', () => client.send(command));
      return takenSchema.parse(answer.Attributes).taken - count + 1;
    },
    async lastSequence(lane) {
      return parseItem(await table.get(keys.sequence(lane)), takenSchema.parse)?.taken ?? 0;
    },
  } satisfies Partial<Ledger>;
}

/** The place of an open change that cannot be read, as the table itself holds it, and its request if that can be read. */
const placeOf = (item: Record<string, unknown>) => ({
  place: z.number().parse(item[TABLE.openIndex.key]),
  request: parseRequest(item),
});

function changes(table: LedgerTable, settledKeptMs: number) {
  const parse = parseChangeRecord;
  return {
    readChange: async (ref) => parseItem(await table.get(keys.change(ref)), parse),
    writeChange(record, expected) {
      const bounded = fitRecord(record);
      const attributes = changeAttributes(bounded, settledKeptMs);
      return table.putIf({ key: keys.change(record.ref), record: bounded, expected, attributes, parse });
    },
    async openChanges(lane, limit, after, onUnreadable) {
      const open: ChangeRecord[] = [];
      const above = after === undefined ? {} : { above: after };
      for await (const item of table.query({ partition: keys.partition(lane), by: OPEN, limit, ...above })) {
        const record = parseOr(item, parse, onUnreadable && ((one) => onUnreadable({ ...one, ...placeOf(item) })));
        if (record !== undefined) open.push(record);
      }
      return open;
    },
    async changesOf(scope, keyPrefix, onUnreadable) {
      const found: ChangeRecord[] = [];
      const startsWith = keys.change({ ...scope, idempotencyKey: keyPrefix }).sk;
      const range = { partition: keys.partition(scope.lane), by: { key: TABLE.sortKey }, startsWith };
      for await (const item of table.query(range)) {
        const record = parseOr(item, parse, onUnreadable);
        if (record !== undefined) found.push(record);
      }
      return found;
    },
    async *listChanges(lane, onUnreadable) {
      const range = { partition: keys.partition(lane), by: { key: TABLE.sortKey }, startsWith: keys.changesPrefix };
      for await (const item of table.query(range)) {
        const record = parseOr(item, parse, onUnreadable);
        if (record !== undefined) yield record;
      }
    },
    async failuresBefore(lane, before, limit) {
      const found: ChangeRecord[] = [];
      const range = { partition: keys.partition(lane), by: FAILED, below: before, limit, descending: true };
      for await (const item of table.query(range)) {
        const record = parseOr(item, parse, () => undefined);
        if (record !== undefined) found.push(record);
      }
      return found;
    },
    async *failedChanges(lane, onUnreadable) {
      for await (const item of table.query({ partition: keys.partition(lane), by: FAILED })) {
        const record = parseOr(item, parse, onUnreadable);
        if (record !== undefined) yield record;
      }
    },
  } satisfies Partial<Ledger & TicketChanges & ChangeList>;
}

function lanes(table: LedgerTable) {
  const parse = parseLaneRecord;
  return {
    readLane: async (lane) => parseItem(await table.get(keys.lane(lane)), parse) ?? newLane(lane),
    writeLane: (record, expected) =>
      table.putIf({ key: keys.lane(record.lane), record: fitLane(record), expected, parse }),
  } satisfies Partial<Ledger>;
}

function desiredGroups(table: LedgerTable) {
  const parse = parseDesiredGroup;
  const by = { key: TABLE.sortKey };
  return {
    readDesired: async (lane, groupId) => parseItem(await table.get(keys.desired(lane, groupId)), parse),
    writeDesired: (record, expected) =>
      table.putIf({ key: keys.desired(record.lane, record.groupId), record: fitDesired(record), expected, parse }),
    async *listDesired(lane, onUnreadable) {
      const range = { partition: keys.partition(lane), by, startsWith: keys.desiredPrefix };
      const groupIdOf = ({ key }: UnreadableRecord) => key.slice(keys.desiredPrefix.length);
      for await (const item of table.query(range)) {
        const take = onUnreadable && ((one: UnreadableRecord) => onUnreadable({ ...one, groupId: groupIdOf(one) }));
        const group = parseOr(item, parse, take);
        if (group !== undefined) yield group;
      }
    },
  } satisfies Partial<Ledger>;
}

function rejectedMembers(table: LedgerTable) {
  const by = { key: TABLE.sortKey };
  return {
    putRejectedMember: (member) => table.put(keys.rejectedMember(member.set, member.ref), memberItem(member)),
    async rejectedMembers(lane, set) {
      const refs: ChangeRef[] = [];
      const range = { partition: keys.partition(lane), by, startsWith: keys.rejectedMembersPrefix(set) };
      for await (const item of table.query(range)) refs.push(parseStored(item, parseRejectedMember));
      return refs;
    },
  } satisfies Partial<Ledger>;
}
