import { describe, expect, it } from 'vitest';
import { clearPending, markSent, moveToSequence, settle } from '../../../../shared/domain/ledger/settlement.ts';
import type { UnstampedOutcome } from '../../../../shared/domain/outcome/outcome.ts';
import { aChange, anApplied, anUpdate } from '../../../fakes/records.ts';

const open = aChange({ state: 'queued', generation: 2, sequence: 4, attempts: 3 });
const done = aChange({ state: 'settled', generation: 2, outcome: anApplied(), pending: ['sns'] });
const { generation: _generation, at: _at, attempts: _attempts, ...applied } = anApplied();
const rejected: UnstampedOutcome = { kind: 'rejected', code: 'group-in-use', sentence: 's', remedy: 'r' };
const cancelled: UnstampedOutcome = { kind: 'cancelled', by: 'lena', reason: 'withdrawn' };

describe('settling', () => {
  it('stamps the outcome with generation, time and attempts', () => {
    expect(settle(open, 2, applied, 99)).toEqual({
      ...open,
      state: 'settled',
      outcome: { ...applied, generation: 2, at: 99, attempts: 4 },
      pending: ['desired', 'sns'],
      failed: false,
    });
  });

  it.each<[string, UnstampedOutcome, string[], boolean]>([
    ['a rejection goes to the failures, and is one', rejected, ['dlq', 'sns'], true],
    ['a cancellation is announced', cancelled, ['sns'], false],
    ['a superseded change is announced', { ...cancelled, kind: 'superseded' }, ['sns'], false],
    ['what was applied is remembered as approved', applied, ['desired', 'sns'], false],
  ])('%s', (_, ended, pending, failed) => {
    expect(settle(open, 2, ended, 99)).toMatchObject({ pending, failed });
  });

  it('of a member of a set that is rejected tells the set first', () => {
    const changeSet = { id: 'S', index: 1, size: 2, onReject: 'stop' } as const;
    const member = { ...open, change: anUpdate({ changeSet }) };
    expect(settle(member, 2, rejected, 99)?.pending).toEqual(['set', 'dlq', 'sns']);
    expect(settle(member, 2, cancelled, 99)?.pending).toEqual(['sns']);
  });

  it('names the settings that were in force, if they played a part', () => {
    expect(settle(open, 2, rejected, 99, 7)?.outcome).toMatchObject({ settingsVersion: 7 });
    expect(settle(open, 2, cancelled, 99)?.outcome).not.toHaveProperty('settingsVersion');
  });

  it('happens once per generation', () => {
    expect(settle(done, 2, rejected, 99)).toBeUndefined();
    expect(settle(open, 1, rejected, 99)).toBeUndefined();
  });
});

describe('the outbox', () => {
  it('is cleared once, of the generation that owed it', () => {
    expect(clearPending(done, 2)).toEqual({ ...done, pending: [] });
    expect(clearPending(done, 1)).toBeUndefined();
    expect(clearPending({ ...done, pending: [] }, 2)).toBeUndefined();
  });
});

describe('a message', () => {
  it('queues what was accepted, and is noted for all that is open', () => {
    expect(markSent({ ...open, state: 'accepted' }, 2, 99)).toEqual({ ...open, state: 'queued', sentAt: 99 });
    expect(markSent(open, 2, 99)).toEqual({ ...open, sentAt: 99 });
    expect(markSent({ ...open, state: 'scheduled' }, 2, 99)).toMatchObject({ state: 'scheduled', sentAt: 99 });
  });

  it('is not noted for another generation, nor for what is settled', () => {
    expect(markSent(open, 1, 99)).toBeUndefined();
    expect(markSent(done, 2, 99)).toBeUndefined();
  });
});

describe('a late-comer', () => {
  it('gets a new place while it stands where it was judged to be late', () => {
    expect(moveToSequence(open, open, 9)).toEqual({ ...open, sequence: 9 });
    expect(moveToSequence(open, { ...open, sequence: 3 }, 9)).toBeUndefined();
    expect(moveToSequence(open, { ...open, generation: 1 }, 9)).toBeUndefined();
    expect(moveToSequence({ ...done, sequence: 4 }, open, 9)).toBeUndefined();
  });
});
