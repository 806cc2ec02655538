import { describe, expect, it } from 'vitest';
import { MAX_CHANGE_BYTES } from '../../../../shared/domain/change/change.ts';
import {
  fitFailure,
  fitLane,
  fitNotice,
  fitRecord,
  hasIntentRoom,
  itemBytes,
  MAX_ITEM_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_NOTICE_BYTES,
} from '../../../../shared/domain/ledger/size-limits.ts';
import type { ReachedApplications } from '../../../../shared/domain/outcome/outcome.ts';
import type { Intent, PlannedWrite } from '../../../../shared/domain/records/intent.ts';
import { type LaneRecord, newLane } from '../../../../shared/domain/records/lane-record.ts';
import { jsonBytes, toJson } from '../../../../shared/domain/text/truncate-text.ts';
import { aChange, anApplied, anUpdate, aRef, aRejected, TEST_LANE } from '../../../fakes/records.ts';
import {
  largestApplied,
  largestChange,
  largestFailure,
  largestNotice,
  largestRecord,
  largestRejection,
} from '../../../fakes/worst-case.ts';

function anUpdateOf(applicationIds: string[]): PlannedWrite {
  const fields = { name: 'Printers', description: '', enabled: true, configSpace: 'DEFAULT' };
  const server = { readOnly: false, modifiedBy: undefined, modifiedTime: undefined, creationTime: undefined };
  const none = { addedApps: [], deletedApps: [] };
  return {
    before: { id: '9', ...fields, microtenantId: '0', applicationIds, ...server },
    write: { kind: 'update', via: 'v2', groupId: '9', microtenantId: '0', fields, ...none },
  };
}

describe('the worst case', () => {
  it('is as large as the contract allows', () => {
    const bytes = jsonBytes(largestChange());
    expect(bytes).toBeLessThanOrEqual(MAX_CHANGE_BYTES);
    expect(bytes).toBeGreaterThan(MAX_CHANGE_BYTES - 2);
    expect(itemBytes(largestRecord())).toBeGreaterThan(MAX_ITEM_BYTES);
    expect(jsonBytes(largestFailure())).toBeGreaterThan(MAX_MESSAGE_BYTES);
  });

  it('fits an item of the ledger, rejected or applied, change and approval whole', () => {
    for (const outcome of [largestRejection(), largestApplied()]) {
      const record = largestRecord(outcome);
      const bounded = fitRecord(record);
      expect(itemBytes(bounded)).toBeLessThanOrEqual(MAX_ITEM_BYTES - 8 * 1024);
      expect(bounded.change).toEqual(record.change);
      expect(bounded.ref).toEqual(record.ref);
      expect(bounded.pending).toEqual(record.pending);
      expect(bounded.outcome?.kind).toBe(outcome.kind);
      if (outcome.kind === 'applied') expect(bounded.outcome).toMatchObject({ approved: outcome.approved });
    }
  });

  it('fits the dead-letter queue, the change whole', () => {
    const failure = largestFailure();
    const bounded = fitFailure(failure);
    expect(jsonBytes(bounded)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(bounded.change).toEqual(failure.change);
    expect(bounded.rejection).toMatchObject({ kind: 'rejected', code: failure.rejection.code });
    expect(bounded.ticket?.approvals.length).toBeGreaterThanOrEqual(5);
  });

  it('fits the topic inside two layers of JSON', () => {
    for (const outcome of [largestRejection(), largestApplied()]) {
      const bounded = fitNotice(largestNotice(outcome));
      const message = toJson({ default: 'x'.repeat(8 * 1024), sqs: toJson(bounded) });
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(MAX_NOTICE_BYTES);
      expect(bounded.outcome.kind).toBe(outcome.kind);
    }
  });
});

describe('what fits', () => {
  it('is left as it is', () => {
    const record = aChange({ outcome: anApplied(), history: [aRejected({ details: { found: ['a'] } })] });
    expect(fitRecord(record)).toEqual(record);
    const { ref, change, ticket, correlationId } = record;
    const common = { schemaVersion: 1 as const, ref, generation: 1, ticket, correlationId };
    const failure = { ...common, rejection: aRejected(), change, attempts: 1, acceptedAt: 1, failedAt: 2 };
    expect(fitFailure(failure)).toEqual(failure);
    const notice = { ...common, action: 'update' as const, outcome: anApplied() };
    expect(fitNotice(notice)).toEqual(notice);
    expect(fitLane(newLane(TEST_LANE))).toEqual(newLane(TEST_LANE));
  });

  it('keeps attributes nobody knows', () => {
    const record = { ...aChange({ outcome: aRejected() }), later: { a: 1 } };
    expect(fitRecord(record)).toMatchObject({ later: { a: 1 } });
  });

  it('keeps the newest twenty outcomes of the past', () => {
    const history = Array.from({ length: 25 }, (_, index) => aRejected({ generation: index + 1 }));
    const kept = fitRecord(aChange({ history })).history.map((one) => one.generation);
    expect(kept).toEqual(Array.from({ length: 20 }, (_, index) => index + 6));
  });
});

describe('what does not fit', () => {
  it('is told of: lists end with how many more there were, texts with a mark', () => {
    const applied = anApplied();
    const removed = Array.from({ length: 25_000 }, (_, index) => String(72057594037930000n + BigInt(index)));
    const { outcome } = fitRecord(aChange({ outcome: { ...applied, effect: { ...applied.effect, removed } } }));
    expect(outcome).toMatchObject({ effect: { added: [], removed: [...removed.slice(0, 500), '(24500 more)'] } });
    const rejected = fitRecord(largestRecord()).outcome;
    expect(rejected).toMatchObject({ sentence: expect.stringMatching(/… \(cut\)$/) });
  });

  it('loses the details of the past before anything of the present', () => {
    const details = {
      candidates: Array.from({ length: 100 }, (_, index) => ({ id: `${index}`, name: 'n'.repeat(100) })),
    };
    const record = aChange({
      change: largestChange(),
      outcome: aRejected({ details }),
      history: Array.from({ length: 20 }, () => aRejected({ details: { text: 'd'.repeat(15_000), more: details } })),
      ticket: {
        system: 's',
        id: 'i',
        approvals: Array.from({ length: 50 }, () => ({ by: '漢'.repeat(320), at: 'x', ref: 'r' })),
      },
    });
    const bounded = fitRecord(record);
    expect(itemBytes(bounded)).toBeLessThanOrEqual(MAX_ITEM_BYTES);
    expect(bounded.outcome).toEqual(fitRecord({ ...record, history: [] }).outcome);
    expect(bounded.ticket).toEqual(record.ticket);
    expect(bounded.history).toHaveLength(20);
    expect(bounded.history.map((one) => one.kind === 'rejected' && one.details)).toEqual(
      record.history.map(() => ({ cut: 'The details did not fit.' })),
    );
  });

  it('of an open intent is what its endings say, not what is written or approved', () => {
    const applied = largestApplied();
    const member = { ref: aRef(), generation: 1, sequence: 1 };
    const { effect, approved, reach } = applied;
    const intent: Intent = {
      writeId: 'w',
      tenant: 'acme-test',
      members: [
        { ...member, ending: { kind: 'applied', effect, approved, reach } },
        { ...member, ending: { kind: 'applied', effect, approved, reach } },
        { ...member, ending: largestRejection() },
      ],
      writes: [{ write: { kind: 'delete', groupId: '9', microtenantId: '0' }, before: null }],
      cursor: 0,
      sendBefore: 1,
    };
    const lane = { ...newLane(TEST_LANE), intent };
    expect(itemBytes(lane)).toBeGreaterThan(MAX_ITEM_BYTES);
    const bounded = fitLane(lane);
    expect(itemBytes(bounded)).toBeLessThanOrEqual(MAX_ITEM_BYTES);
    expect(bounded.intent?.writes).toEqual(intent.writes);
    expect(bounded.intent?.members[0]?.ending).toMatchObject({ approved });
    expect(bounded.intent?.members[2]?.ending).toMatchObject({ kind: 'rejected' });
  });

  it('of the reach is rules beyond the weightiest and all but a few applications, counts kept', () => {
    const { reach } = largestApplied();
    if (reach.status !== 'checked') throw new Error('the largest reach is a checked one');
    const six = (of: ReachedApplications) => ({ ...of, applications: of.applications.slice(0, 6) });
    const rules = (reach.rules ?? [])
      .slice(0, 25)
      .map((one) => ({ ...one, gains: six(one.gains), loses: six(one.loses) }));
    const few = { ...reach, summary: 'many', rules, ruleCount: 25 };
    expect(itemBytes(few)).toBeLessThan(MAX_ITEM_BYTES - 16 * 1024);
    const outcome = fitRecord(aChange({ outcome: anApplied({ reach: few }) })).outcome;
    const kept = outcome?.kind === 'applied' && outcome.reach.status === 'checked' ? outcome.reach : undefined;
    expect(kept).toMatchObject({ ruleCount: 25, asOf: reach.asOf });
    expect(kept?.rules).toHaveLength(20);
    const gains = kept?.rules?.[0]?.gains;
    expect(gains?.count).toBe(1000);
    expect(gains?.applications).toHaveLength(5);
    expect(itemBytes(kept?.rules)).toBeLessThan(64 * 1024);
  });

  it('of two hundred changes of one group folded into one intent fits, whatever the group is described as', () => {
    const group = { name: 'Printers', description: '漢'.repeat(4000), enabled: true, applicationCount: 2 };
    const { approved } = anApplied();
    const { reach } = largestApplied();
    const members = Array.from({ length: 200 }, (_, index) => {
      const id = String(72057594037930000n + BigInt(index));
      const effect = { groupId: '9', before: group, after: group, added: [id], removed: [] };
      const ending = { kind: 'applied' as const, effect, approved, reach };
      return { ref: aRef(`CHG${index}/1@A1`), generation: 1, sequence: index, ending };
    });
    const fixed = { writeId: 'w', tenant: 'acme-test', writes: [], cursor: 0, before: null, sendBefore: 1 };
    const bounded = fitLane({ ...newLane(TEST_LANE), intent: { ...fixed, members } });
    expect(itemBytes(bounded)).toBeLessThanOrEqual(MAX_ITEM_BYTES);
    expect(hasIntentRoom({ ...newLane(TEST_LANE), intent: { ...fixed, members } })).toBe(true);
    expect(bounded.intent?.members[199]?.ending).toMatchObject({
      approved,
      effect: { added: members[199]?.ending.effect.added },
      reach: { status: 'checked', ruleCount: 500, rules: [] },
    });
  });
});

describe('an intent with room in its lane', () => {
  const applicationIds = (count: number) =>
    Array.from({ length: count }, (_, n) => `${72057594038000000n + BigInt(n)}`);
  const laneWith = (count: number, over: Partial<Intent> = {}): LaneRecord => {
    const { write, before } = anUpdateOf(applicationIds(count));
    const members = [{ ref: aRef(), generation: 1, sequence: 1, ending: anApplied() }];
    const fixed = { writeId: 'w', tenant: 'acme-test', members, writes: [{ write, before }], cursor: 0, sendBefore: 1 };
    return { ...newLane(TEST_LANE), intent: { ...fixed, ...over } };
  };
  const most = 20_000;

  it('fits with all that later saves add, and what the lane has seen is dropped before that', () => {
    let count = most;
    while (!hasIntentRoom(laneWith(count))) count -= 100;
    expect(count).toBeGreaterThan(most / 2);
    const seen = Array.from({ length: 40 }, (_, n) => ({
      ...{
        groupId: `${n}`,
        microtenantId: '0',
        at: 1,
        name: 'n'.repeat(255),
        joined: applicationIds(n === 0 ? 300 : 0),
      },
    }));
    const full = {
      ...laneWith(count, { takingBack: largestRejection(), released: largestRejection(), unanswered: 'timeout' }),
      ...{ seen, paused: { by: 'o'.repeat(320), reason: 'r'.repeat(2000), since: 1 }, lease: { owner: 'w', until: 1 } },
    };
    expect(itemBytes(full)).toBeGreaterThan(MAX_ITEM_BYTES);
    const bounded = fitLane(full);
    expect(itemBytes(bounded)).toBeLessThanOrEqual(MAX_ITEM_BYTES);
    expect(bounded).not.toHaveProperty('seen');
    expect(bounded.intent?.writes).toEqual(full.intent?.writes);
    expect(fitLane({ ...laneWith(1000), seen })).toMatchObject({ seen });
  });
});

describe('itemBytes', () => {
  it('counts as DynamoDB documents it, never less', () => {
    expect(itemBytes('ä€')).toBe(5);
    expect(itemBytes({ ab: 'cd' })).toBe(3 + 1 + 2 + 2);
    expect(itemBytes({ list: ['a', 'b'], gone: undefined, no: null, yes: true })).toBe(
      3 + (1 + 4 + (3 + 2 * 2)) + (1 + 2 + 1) + (1 + 3 + 1),
    );
    expect(itemBytes(1_796_000_000_123)).toBeGreaterThanOrEqual(1 + 7);
    expect(itemBytes(-0.5)).toBeGreaterThanOrEqual(3);
    expect(itemBytes(anUpdate())).toBeLessThan(jsonBytes(anUpdate()) + 60);
  });
});
