import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { newLane } from '../../../shared/domain/records/lane-record.ts';
import type { Ledger, TicketChanges, UnreadableChange } from '../../../shared/ports/ports.ts';
import { collect } from '../../../shared/reading/retry-read.ts';
import { nextLane } from '../../contract/ledger.contract.ts';
import { aChange, aDelivery, aDesired, anApplied, aRef, aRejected } from '../../fakes/records.ts';
import { clientAt, openTable, TABLE_NAME, type TestTable } from './table.ts';

describe('the table behind the ledger', () => {
  let table: TestTable;
  let ledger: Ledger & TicketChanges;
  let documents: DynamoDBDocumentClient;
  beforeAll(async () => {
    table = await openTable();
    ledger = createDynamoLedger({ client: table.client, tableName: TABLE_NAME });
    documents = DynamoDBDocumentClient.from(table.client);
  });
  afterAll(() => table.close());

  const item = async (pk: string, sk: string) =>
    (await documents.send(new GetCommand({ TableName: TABLE_NAME, Key: { pk, sk } }))).Item;

  it('holds a change under its lane and key, as a map a person can read', async () => {
    const lane = nextLane();
    await ledger.writeChange(aChange({ ref: aRef('CHG1/1@A', { lane }), sequence: 6 }), 0);
    const stored = await item(`lane#${lane}`, 'change#helpdesk#acme-test#CHG1/1@A');
    expect(stored).toMatchObject({ version: 1, openSequence: 6, state: 'accepted', change: { action: 'update' } });
    expect(stored).not.toHaveProperty('failedSequence');
    expect(stored).not.toHaveProperty('expiresAt');
  });

  it('reads what is asked for at the same time together: what is there, what is not, and the same twice', async () => {
    const lane = nextLane();
    const refs = Array.from({ length: 120 }, (_, index) => aRef(`CHG9/${index}`, { lane }));
    for (const ref of refs.slice(0, 119)) await ledger.writeChange(aChange({ ref }), 0);
    const [first] = refs;
    const asked = first === undefined ? refs : [...refs, first];
    const found = await Promise.all(asked.map((ref) => ledger.readChange(ref)));
    expect(found.map((one) => one?.ref)).toEqual(asked.map((ref, index) => (index === 119 ? undefined : ref)));
  });

  it('lets only settled changes expire that owe nothing, in epoch seconds, 400 days after they settled', async () => {
    const lane = nextLane();
    const ref = aRef('CHG2/1', { lane });
    const outcome = anApplied({ at: 1_800_000_000_500 });
    const settled = aChange({ ref, state: 'settled', outcome, pending: ['sns'] });
    await ledger.writeChange(settled, 0);
    expect(await item(`lane#${lane}`, 'change#helpdesk#acme-test#CHG2/1')).not.toHaveProperty('expiresAt');
    await ledger.writeChange({ ...settled, pending: [] }, 1);
    const stored = await item(`lane#${lane}`, 'change#helpdesk#acme-test#CHG2/1');
    expect(stored?.expiresAt).toBe(1_800_000_001 + TIMING.settledKeptMs / 1000);
    await ledger.writeChange({ ...settled, pending: [], state: 'accepted', generation: 2 }, 2);
    expect(await item(`lane#${lane}`, 'change#helpdesk#acme-test#CHG2/1')).not.toHaveProperty('expiresAt');
  });

  it('lets a remembered body expire when nobody sends it any more', async () => {
    const delivery = aDelivery({ bodyHash: 'a1', keptUntil: 1_800_000_000_001 });
    await ledger.writeDelivery(delivery, 0);
    const stored = await item('delivery#helpdesk#a1', 'delivery');
    expect(stored).toMatchObject({ ...delivery, version: 1, expiresAt: 1_800_000_001 });
  });

  it('lets status links expire, and neither lanes nor desired groups', async () => {
    const lane = nextLane();
    await ledger.putStatusLink({ hash: 'a1', ref: aRef(), expiresAt: 1_800_000_000_001 });
    expect((await item('status#a1', 'status'))?.expiresAt).toBe(1_800_000_001);
    await ledger.writeLane(newLane(lane), 0);
    await ledger.writeDesired(aDesired({ lane }), 0);
    expect(await item(`lane#${lane}`, 'lane')).not.toHaveProperty('expiresAt');
    expect(await item(`lane#${lane}`, `desired#${aDesired().groupId}`)).not.toHaveProperty('expiresAt');
  });

  it('signs every conditional write with another token', async () => {
    const lane = nextLane();
    const tokens = new Set<unknown>();
    for (const version of [0, 1, 2]) {
      await ledger.writeLane(newLane(lane), version);
      tokens.add((await item(`lane#${lane}`, 'lane'))?.writeToken);
    }
    expect(tokens.size).toBe(3);
    expect(tokens).not.toContain(undefined);
  });

  it('stops at an item that it cannot read, instead of passing over it', async () => {
    const lane = nextLane();
    const ref = aRef('CHG3/1', { lane });
    const key = { pk: `lane#${lane}`, sk: 'change#helpdesk#acme-test#CHG3/1' };
    const broken = {
      ...aChange({ ref, outcome: aRejected() }),
      ...key,
      version: 1,
      openSequence: 1,
      state: 'sleeping',
    };
    await documents.send(new PutCommand({ TableName: TABLE_NAME, Item: broken }));
    const malformed = { code: 'record-malformed', scope: 'platform', message: expect.stringContaining('state') };
    await expect(ledger.readChange(ref)).rejects.toMatchObject(malformed);
    await expect(ledger.openChanges(lane, 10)).rejects.toMatchObject(malformed);
    await expect(ledger.changesOf(ref, 'CHG3/')).rejects.toMatchObject(malformed);
    const unreadable: string[] = [];
    expect(await ledger.changesOf(ref, 'CHG3/', (one) => unreadable.push(one.key))).toEqual([]);
    expect(unreadable).toEqual([key.sk]);
    await expect(ledger.writeChange(aChange({ ref }), 0)).rejects.toMatchObject(malformed);
  });

  it('answers the other open changes to whoever takes those that it cannot read, with their place and request', async () => {
    const lane = nextLane();
    const put = (key: string, place: number, over: object) => {
      const ref = aRef(key, { lane });
      const keys = { pk: `lane#${lane}`, sk: `change#helpdesk#acme-test#${key}` };
      const item = { ...aChange({ ref, sequence: place }), ...keys, version: 1, openSequence: place, ...over };
      return documents.send(new PutCommand({ TableName: TABLE_NAME, Item: item }));
    };
    await put('CHG4/1', 1, { state: 'sleeping' });
    await put('CHG4/2', 2, {});
    await put('CHG4/3', 3, { change: 'none' });
    const unreadable: UnreadableChange[] = [];
    const open = await ledger.openChanges(lane, 10, undefined, (one) => void unreadable.push(one));
    expect(open.map(({ ref }) => ref.idempotencyKey)).toEqual(['CHG4/2']);
    expect(unreadable).toMatchObject([
      { key: 'change#helpdesk#acme-test#CHG4/1', place: 1, request: { change: { group: { name: 'Printers' } } } },
      { key: 'change#helpdesk#acme-test#CHG4/3', place: 3, why: expect.stringContaining('change') },
    ]);
    expect(unreadable[1]?.request).toBeUndefined();
  });

  it('answers the other failures and desired groups to whoever takes those that it cannot read', async () => {
    const lane = nextLane();
    const put = (sk: string, item: object) =>
      documents.send(new PutCommand({ TableName: TABLE_NAME, Item: { ...item, pk: `lane#${lane}`, sk, version: 1 } }));
    for (const [sequence, state] of ['settled', 'sleeping', 'settled'].entries()) {
      const ref = aRef(`CHG5/${sequence}`, { lane });
      const failed = aChange({ ref, sequence, state: 'settled', failed: true, outcome: aRejected() });
      await put(`change#helpdesk#acme-test#CHG5/${sequence}`, { ...failed, state, failedSequence: sequence });
    }
    await put('desired#1', aDesired({ lane, groupId: '1' }));
    await put('desired#2', { ...aDesired({ lane, groupId: '2' }), members: 'none' });
    const unreadable: object[] = [];
    const take = (one: object) => void unreadable.push(one);
    const keysOf = (records: readonly ChangeRecord[]) => records.map(({ ref }) => ref.idempotencyKey);
    expect(keysOf(await ledger.failuresBefore(lane, 9, 10))).toEqual(['CHG5/2', 'CHG5/0']);
    expect(keysOf(await collect(ledger.failedChanges(lane, take)))).toEqual(['CHG5/0', 'CHG5/2']);
    expect(await collect(ledger.listDesired(lane, take))).toMatchObject([{ groupId: '1' }]);
    expect(unreadable).toMatchObject([
      { key: 'change#helpdesk#acme-test#CHG5/1', why: expect.stringContaining('state') },
      { key: 'desired#2', groupId: '2', why: expect.stringContaining('members') },
    ]);
    const known = new Map((await collect(ledger.listDesired(lane, take))).map((one) => [one.groupId, one]));
    const again = await collect(ledger.listDesired(lane, take, known));
    expect(again[0], 'what was not written since is not read again').toBe(known.get('1'));
    expect(unreadable.map((one) => 'groupId' in one && one.groupId)).toEqual([false, '2', '2', '2']);
    await expect(collect(ledger.failedChanges(lane))).rejects.toMatchObject({ code: 'record-malformed' });
    await expect(collect(ledger.listDesired(lane))).rejects.toMatchObject({ code: 'record-malformed' });
  });
});

describe('a table that does not answer', () => {
  it('is reported as ledger-unavailable, with a cause that says no more than what went wrong', async () => {
    const table = await openTable();
    await table.close();
    const client = clientAt(table.url);
    const ledger = createDynamoLedger({ client, tableName: TABLE_NAME });
    const unavailable = { code: 'ledger-unavailable', scope: 'platform', cause: { name: expect.any(String) } };
    await expect(ledger.readLane('BETA:1')).rejects.toMatchObject(unavailable);
    await expect(ledger.writeLane(newLane('BETA:1'), 0)).rejects.toMatchObject(unavailable);
    await expect(ledger.takeSequences('BETA:1', 1)).rejects.toMatchObject(unavailable);
    await expect(ledger.openChanges('BETA:1', 5)).rejects.toMatchObject(unavailable);
    client.destroy();
  });
});
