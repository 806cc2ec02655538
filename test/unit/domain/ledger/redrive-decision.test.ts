import { describe, expect, it } from 'vitest';
import { decideRedrive, type RedriveFacts } from '../../../../shared/domain/ledger/redrive-decision.ts';
import { stalenessOf } from '../../../../shared/domain/ledger/shared-objects.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { aChange, aDesired, anApplied, anUpdate, aRejected } from '../../../fakes/records.ts';

const failure = (over: Partial<ChangeRecord> = {}) =>
  aChange({ state: 'settled', sequence: 5, outcome: aRejected(), failed: true, ...over });
const facts: RedriveFacts = {
  generation: 1,
  sequence: 12,
  now: Date.parse('2026-12-01T10:00:00Z'),
  acceptStale: false,
  staleness: undefined,
  heldBy: undefined,
  notPermitted: undefined,
};
const decided = (over: Partial<ChangeRecord>, more: Partial<RedriveFacts> = {}) =>
  decideRedrive(failure(over), { ...facts, ...more });

describe('the window of a change that is redriven', () => {
  const until = (notAfter: string) => decided({ change: anUpdate({ notAfter }) });

  it('must be open', () => {
    expect(until('2026-12-01T10:00:00Z')).toMatchObject({ refusal: { code: 'window-closed' } });
    expect(until('2026-12-01T10:00:01Z').kind).toBe('reopen');
  });
});

it('what is redriven twice still says when it was accepted first', () => {
  const first = failure().acceptedAt;
  const once = decided({});
  expect(once).toMatchObject({ kind: 'reopen', record: { acceptedAt: facts.now, firstAcceptedAt: first } });
  const twice = decided({ acceptedAt: facts.now, firstAcceptedAt: first });
  expect(twice).toMatchObject({ record: { firstAcceptedAt: first } });
});

describe('what is no rejection', () => {
  it('is not redriven, stale or not', () => {
    for (const acceptStale of [true, false]) {
      expect(decided({ outcome: anApplied() }, { acceptStale })).toMatchObject({ refusal: { code: 'not-rejected' } });
    }
    const { outcome: _, ...lost } = failure();
    expect(decideRedrive(lost, facts)).toMatchObject({ refusal: { code: 'not-rejected' } });
  });

  it.each(['superseded', 'cancelled'] as const)('but %s is not either, and is to be approved or sent anew', (kind) => {
    const outcome = { kind, by: 'CHG9', reason: 'newer', generation: 1, at: 1, attempts: 0 };
    for (const acceptStale of [true, false]) {
      expect(decided({ outcome }, { acceptStale })).toMatchObject({
        refusal: { code: 'not-rejected', remedy: expect.stringContaining('again') },
      });
    }
  });
});

describe('a newer change makes it stale', () => {
  const touched = (groupId: string, sequence: number, members: Record<string, [0 | 1, number]> = {}) =>
    aDesired({ groupId, members, last: { key: `CHG${sequence}`, source: 's', ticket: 't', at: 1, sequence } });
  const adding = (...references: ({ id: string } | { name: string })[]) =>
    failure({ change: anUpdate({ group: { id: '7' }, applications: { add: references } }) });

  it('only if it is newer', () => {
    expect(stalenessOf(adding(), '0', [touched('7', 5)])).toBeUndefined();
    expect(stalenessOf(adding(), '0', [touched('7', 6)])).toMatchObject({ sequence: 6 });
    expect(stalenessOf(adding({ id: '11' }), '0', [touched('8', 9, { '11': [1, 5] })])).toBeUndefined();
  });

  it('also where ZPA shows the name of its group in another Unicode form', () => {
    const seenName = { value: 'Zürich'.normalize('NFD'), key: 'CHG9', sequence: 9 };
    const record = failure({ change: anUpdate({ group: { name: 'Zürich' } }) });
    expect(stalenessOf(record, '0', [{ ...touched('7', 9), seenName }])).toMatchObject({ by: 'CHG9' });
  });

  it('and is named, the newest of several', () => {
    expect(stalenessOf(adding({ id: '11' }), '0', [touched('7', 6), touched('8', 9, { '11': [1, 9] })])).toEqual({
      by: 'CHG9',
      sequence: 9,
      what: 'application segment 11',
    });
    expect(stalenessOf(adding({ id: '11' }), '0', [touched('7', 8), touched('8', 9, { '11': [1, 7] })])).toMatchObject({
      by: 'CHG8',
    });
  });

  it('by its place, where only the membership tells of it', () => {
    expect(stalenessOf(adding({ id: '11' }), '0', [touched('8', 9, { '11': [0, 7] })])).toMatchObject({
      by: 'sequence 7',
    });
  });

  it('not by an application that it names by name: the desired state knows ids', () => {
    expect(stalenessOf(adding({ name: '11' }), '0', [touched('8', 9, { '11': [1, 9] })])).toBeUndefined();
  });

  it('by the name its group was seen with', () => {
    const seen = { ...touched('8', 9), seenName: { value: 'Printers', sequence: 9, key: 'CHG9' } };
    expect(stalenessOf(failure(), '0', [seen])).toMatchObject({ what: 'segment group "Printers" (8)' });
    expect(stalenessOf(failure(), '77', [seen])).toBeUndefined();
  });
});

describe('a new lane', () => {
  it('has spent nothing, settled nothing and learned nothing', () => {
    expect(newLane('L')).toEqual({
      lane: 'L',
      version: 0,
      fence: 0,
      budget: { reads: [], writes: [], notBefore: 0 },
      through: 0,
      skipped: [],
      unclassifiedInARow: 0,
      learned: {},
    });
  });
});
