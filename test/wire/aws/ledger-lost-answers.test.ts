import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import { ABSENT, type Ledger } from '../../../shared/ports/ports.ts';
import { ledgerContract, nextLane } from '../../contract/ledger.contract.ts';
import { aChange, aRef } from '../../fakes/records.ts';
import { type LossyLine, openLossyLine } from './lossy-line.ts';
import { clientAt, openTable, TABLE_NAME } from './table.ts';

async function open() {
  const table = await openTable();
  const line = await openLossyLine(table.url);
  const client = clientAt(line.url);
  const close = async () => {
    client.destroy();
    await line.close();
    await table.close();
  };
  return { ledger: createDynamoLedger({ client, tableName: TABLE_NAME }), line, close };
}

ledgerContract('DynamoDB on a line that loses every answer to a write once', open, { exact: false });

describe('a write whose answer is lost', () => {
  let ledger: Ledger;
  let line: LossyLine;
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ ledger, line, close } = await open());
  });
  afterAll(() => close());

  it('counts once and is reported as written', async () => {
    const record = aChange({ ref: aRef('CHG1/1', { lane: nextLane() }) });
    const lostBefore = line.lost;
    for (const expected of [ABSENT, 1, 2]) {
      expect(await ledger.writeChange({ ...record, attempts: expected }, expected)).toEqual({ written: true });
    }
    expect(line.lost - lostBefore).toBe(3);
    expect(await ledger.readChange(record.ref)).toEqual({ ...record, attempts: 2, version: 3 });
  });

  it('is refused when a stranger wrote before it, even with the same content', async () => {
    const record = aChange({ ref: aRef('CHG2/1', { lane: nextLane() }) });
    await ledger.writeChange(record, ABSENT);
    const again = await ledger.writeChange(record, ABSENT);
    expect(again).toEqual({ written: false, found: { ...record, version: 1 } });
  });

  it('skips numbers of the sequence at most, and never gives one twice', async () => {
    const lane = nextLane();
    const taken = [await ledger.takeSequences(lane, 1), await ledger.takeSequences(lane, 2)];
    expect(taken).toEqual([2, 5]);
    expect(await ledger.lastSequence(lane)).toBe(6);
  });
});
