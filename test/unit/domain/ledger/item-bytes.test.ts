import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FailureRecord, OutcomeNotice } from '../../../../shared/domain/ledger/message.ts';
import {
  fitFailure,
  fitLane,
  fitNotice,
  fitRecord,
  fitsItem,
  itemBytes,
} from '../../../../shared/domain/ledger/size-limits.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../../shared/domain/records/intent.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { aChange, anApplied, aRef, aRejected } from '../../../fakes/records.ts';
import { aGroup } from '../sample-live.ts';

const KB = 1024;
const text = (bytes: number) => 'x'.repeat(bytes);
const ids = (count: number) => Array.from({ length: count }, (_, index) => `${100_000_000_000 + index}`);
const approval = { by: text(500), at: '2026-12-01T00:00:00Z', ref: 'r' };
const ticket = (approvals: number) => ({
  system: 'Desk',
  id: 'T',
  approvals: Array.from({ length: approvals }, () => approval),
});

describe('bytes that DynamoDB counts', () => {
  it('decide what fits, to the byte, however the answer is found', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: -1, max: 1 }), (value, off) => {
        const bytes = itemBytes(value);
        expect(fitsItem(value, bytes + off)).toBe(off >= 0);
        expect(JSON.stringify(value).length * 4).toBeGreaterThanOrEqual(bytes);
      }),
    );
  });

  it.each<[unknown, number]>([
    ['', 0],
    ['aä漢', 6],
    [0, 4],
    [12345, 6],
    [-1.5, 4],
    [true, 1],
    [null, 1],
    [[], 3],
    [['a', 'bc'], 8],
    [{}, 3],
    [{ a: 'bc', d: undefined }, 7],
    [{ a: [true] }, 10],
  ])('of %j are %d', (value, bytes) => {
    expect(itemBytes(value)).toBe(bytes);
  });
});

describe('a record that does not fit', () => {
  const past = aRejected({ sentence: text(4 * KB), details: { list: text(4000) } });
  const effect = { groupId: '1', before: null, after: null, added: ids(9000), removed: [] };
  const of = (over: Partial<ChangeRecord>) => fitRecord(aChange(over));

  it('keeps all where it does', () => {
    const record = aChange({ history: [past], outcome: anApplied({ effect }), ticket: ticket(30) });
    expect(fitRecord(record)).toEqual(record);
    expect(fitRecord(aChange())).toEqual(aChange());
  });

  it('loses values of its past first, then ids, then the past, then approvals', () => {
    const history = Array.from({ length: 25 }, () => past);
    const first = of({ history, outcome: anApplied({ effect: { ...effect, added: ids(20_000) } }) });
    expect(first.history).toHaveLength(20);
    expect(first.history[0]).toMatchObject({ details: { cut: expect.any(String) } });
    expect(first.outcome).toMatchObject({ effect: { added: { length: 20_000 } } });
    const second = of({ history, outcome: anApplied({ effect: { ...effect, added: ids(30_000) } }) });
    expect(second.outcome).toMatchObject({ effect: { added: { length: 501 } } });
    expect(second.history).toHaveLength(20);
    const wide = (bytes: number) => ({ fingerprint: text(bytes) });
    const third = of({ history, ...wide(380 * KB) });
    expect(third.history).toHaveLength(5);
    const details = { a: text(3000), b: text(3000) };
    const fourth = of({ history, ...wide(386 * KB), outcome: aRejected({ details }) });
    expect(fourth).toMatchObject({ history: { length: 5 }, outcome: { details: { cut: expect.any(String) } } });
    const fifth = of({ history: [], ...wide(375 * KB), ticket: ticket(40) });
    expect(fifth.ticket.approvals).toHaveLength(20);
    const last = of({ history: [past], ...wide(389 * KB), ticket: ticket(40) });
    expect(last).toMatchObject({ history: [], ticket: { approvals: { length: 5 } } });
  });
});

describe('a lane that does not fit', () => {
  const { approved, reach } = anApplied();
  const effect = { groupId: '1', before: null, after: null, added: ids(600), removed: [] };
  const intent = (members: number, over: Partial<Intent> = {}): Intent => ({
    writeId: 'w',
    tenant: 'acme',
    writes: [],
    cursor: 0,
    sendBefore: 0,
    members: Array.from({ length: members }, (_, index) => ({
      ref: aRef(`K${index}`),
      generation: 1,
      sequence: index,
      ending: { kind: 'applied', effect, approved, reach },
    })),
    ...over,
  });
  const added = (one: Intent | undefined) => {
    const ending = one?.members[0]?.ending;
    return ending?.kind === 'applied' ? ending.effect.added.length : undefined;
  };

  it('keeps all where it does', () => {
    const lane = { ...newLane('L'), intent: intent(2), answered: [intent(1)] };
    expect(fitLane(lane)).toEqual(lane);
    expect(fitLane(newLane('L'))).toEqual(newLane('L'));
  });

  it('loses ids of endings, of the open intent and of those that lie aside', () => {
    expect(added(fitLane({ ...newLane('L'), intent: intent(50) }).intent)).toBe(501);
    expect(added(fitLane({ ...newLane('L'), intent: intent(100) }).intent)).toBe(51);
    const aside = fitLane({ ...newLane('L'), answered: [intent(50), intent(1)] });
    expect(aside.answered?.map(added)).toEqual([501, 501]);
    expect(aside).not.toHaveProperty('intent');
  });

  it('keeps what is written to ZPA', () => {
    const before = aGroup('1', { applicationIds: ids(1000) });
    const writes: Intent['writes'] = [{ before, write: { kind: 'delete', groupId: '1', microtenantId: '0' } }];
    expect(fitLane({ ...newLane('L'), intent: intent(100, { writes }) }).intent?.writes).toEqual(writes);
  });
});

describe('a message that does not fit', () => {
  const details = { a: text(3000), b: text(3000) };
  const failure = (bytes: number, approvals: number) =>
    fitFailure({
      ref: aRef(),
      ticket: ticket(approvals),
      rejection: aRejected({ details }),
      correlationId: text(bytes),
    } as unknown as FailureRecord);
  const notice = (outcome: OutcomeNotice['outcome'], bytes: number, approvals = 40): OutcomeNotice =>
    fitNotice({
      schemaVersion: 1,
      ref: aRef(),
      generation: 1,
      action: 'update',
      ticket: ticket(approvals),
      outcome,
      correlationId: text(bytes),
    });

  it('of a failure loses approvals, then details, then more approvals', () => {
    expect(failure(100, 40).ticket?.approvals).toHaveLength(40);
    expect(failure(230 * KB, 40)).toMatchObject({ ticket: { approvals: { length: 20 } }, rejection: { details } });
    expect(failure(243 * KB, 40)).toMatchObject({
      ticket: { approvals: { length: 20 } },
      rejection: { details: { cut: expect.any(String) } },
    });
    expect(failure(250 * KB, 40)).toMatchObject({ ticket: { approvals: { length: 5 } } });
    const none = fitFailure({ ...failure(250 * KB, 1), ticket: null } as unknown as FailureRecord);
    expect(none.ticket).toBeNull();
  });

  it('of an outcome loses ids, then approvals, then more ids, then more approvals', () => {
    const effect = { groupId: '1', before: null, after: null, added: ids(9000), removed: [] };
    const applied = anApplied({ effect });
    expect(notice(applied, 100).outcome).toMatchObject({ effect: { added: { length: 9000 } } });
    expect(notice(applied, 120 * KB)).toMatchObject({
      outcome: { effect: { added: { length: 501 } } },
      ticket: { approvals: { length: 40 } },
    });
    expect(notice(applied, 185 * KB)).toMatchObject({
      outcome: { effect: { added: { length: 501 } } },
      ticket: { approvals: { length: 20 } },
    });
    expect(notice(applied, 195 * KB)).toMatchObject({
      outcome: { effect: { added: { length: 51 } } },
      ticket: { approvals: { length: 20 } },
    });
    expect(notice(applied, 205 * KB)).toMatchObject({ ticket: { approvals: { length: 5 } } });
  });
});
