import { describe, expect, it } from 'vitest';
import { writeBatch } from '../../../functions/audit/write-batch.ts';
import { outcomeLineOf } from '../../../shared/domain/audit/outcome-line.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { aChange, anApplied, aRef } from '../../fakes/records.ts';

const settled = (key: string) => aChange({ ref: aRef(key), state: 'settled', outcome: anApplied({ at: TEST_START }) });
const noticeOf = ({ ref }: ChangeRecord, generation = 1) =>
  JSON.stringify({ schemaVersion: 1, ref, outcome: { generation } });

function createTrail(records: readonly ChangeRecord[], refused: readonly string[] = []) {
  const objects = new Map<string, string>();
  const log = createRecordingLog();
  const meter = createRecordingMeter();
  const ports = {
    ledger: {
      readChange: async (ref: ChangeRecord['ref']) =>
        records.find((one) => one.ref.idempotencyKey === ref.idempotencyKey),
    },
    trail: {
      async put(key: string, text: string) {
        if (refused.some((one) => key.includes(one))) throw Object.assign(new Error('S3'), { code: 'audit-failed' });
        if (objects.has(key)) return 'present' as const;
        objects.set(key, text);
        return 'written' as const;
      },
    },
    log,
    meter,
  };
  const take = (...bodies: string[]) =>
    writeBatch(
      ports,
      bodies.map((body, index) => ({ messageId: `m${index}`, receiptHandle: '', body, receiveCount: 1 })),
    );
  return { objects, take, log, meter };
}

describe('a batch of outcomes', () => {
  const one = settled('CHG1/1@A');
  const two = settled('CHG2/1@A');

  it('becomes one line each, once', async () => {
    const { objects, take } = createTrail([one, two]);
    expect(await take(noticeOf(one), noticeOf(two), noticeOf(one))).toEqual([]);
    expect(await take(noticeOf(one))).toEqual([]);
    expect([...objects.keys()].sort()).toEqual([one, two].map((record) => outcomeLineOf(record, 1)?.key).sort());
  });

  it('keeps each message that has no line, and only that: refused by S3, not in the ledger, of another form', async () => {
    const { objects, take } = createTrail([one, two], ['CHG2']);
    const report = JSON.stringify({ schemaVersion: 1, kind: 'drift-report' });
    const again = await take(
      noticeOf(two),
      noticeOf(one),
      noticeOf(settled('CHG3/1@A')),
      noticeOf(one, 2),
      '{',
      report,
    );
    expect(again).toEqual(['m0', 'm2', 'm3', 'm4']);
    expect(objects.size).toBe(1);
  });
});
