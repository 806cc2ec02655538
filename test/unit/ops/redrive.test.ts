import { describe, expect, it } from 'vitest';
import type { UpdateRequest } from '../../../shared/domain/change/change.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { decideRedrive, discard, type RedriveFacts } from '../../../shared/domain/ledger/redrive-decision.ts';
import { stalenessOf } from '../../../shared/domain/ledger/shared-objects.ts';
import type { Outcome } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../../shared/domain/records/desired-group.ts';
import { previewRedrive } from '../../../shared/ledger/preview-redrive.ts';
import { discardChange, type RedrivePorts, redriveChange } from '../../../shared/ledger/redrive-change.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemoryFailureQueue, createMemoryQueue, createMemoryTopic } from '../../fakes/memory-queues.ts';
import { aChange, anUpdate, aRef, TEST_LANE } from '../../fakes/records.ts';
import { approvedFor, desiredFrom, settledWith } from '../domain/ledger-items.ts';

const rejected: Outcome = {
  kind: 'rejected',
  code: 'group-in-use',
  sentence: 'Two rules name it.',
  remedy: 'Change the rules.',
  generation: 1,
  at: 1,
  attempts: 1,
};

const failure = (over: Partial<ChangeRecord> = {}) =>
  aChange({ state: 'settled', sequence: 5, outcome: rejected, failed: true, attempts: 3, sentAt: 9, ...over });

const LENA = { by: 'lena', reason: 'sent anew' };
const FACTS: RedriveFacts = {
  generation: 1,
  sequence: 12,
  now: 1000,
  acceptStale: false,
  staleness: undefined,
  heldBy: undefined,
  notPermitted: undefined,
};
const STALE = { by: 'CHG9', sequence: 7, what: 'segment group 11' };

describe('the decision to redrive', () => {
  it('re-opens a rejected change as its next generation, at a new place, from the body of the ledger', () => {
    const decision = decideRedrive(failure(), FACTS);
    expect(decision).toEqual({
      kind: 'reopen',
      record: {
        ...aChange(),
        sequence: 12,
        generation: 2,
        acceptedAt: 1000,
        firstAcceptedAt: aChange().acceptedAt,
        history: [rejected],
      },
    });
  });

  it('keeps the last twenty outcomes', () => {
    const history = Array.from({ length: 20 }, (_, index) => ({ ...rejected, at: index }));
    const decision = decideRedrive(failure({ history }), FACTS);
    expect(decision.kind === 'reopen' && decision.record.history.map(({ at }) => at)).toEqual([
      ...Array.from({ length: 19 }, (_, index) => index + 1),
      1,
    ]);
  });

  it.each<[string, Partial<ChangeRecord>, Partial<RedriveFacts>]>([
    ['other-generation', {}, { generation: 2 }],
    ['still-open', { state: 'queued' }, {}],
    ['discarded', { discarded: { by: 'lena', at: 3 } }, {}],
    ['not-rejected', { outcome: { ...rejected, kind: 'cancelled', by: 'x', reason: 'y' } }, {}],
    ['outbox-owing', { pending: ['dlq', 'sns'] }, {}],
    ['earlier-member', {}, { heldBy: failure() }],
    ['earlier-member', {}, { heldBy: failure({ state: 'scheduled', failed: false }) }],
    ['window-closed', { change: anUpdate({ notAfter: '1970-01-01T00:00:01Z' }) }, {}],
    ['not-permitted', {}, { notPermitted: { sentence: 'May not.', remedy: 'Ask.' } }],
  ])('refuses with %s', (code, record, facts) => {
    const decision = decideRedrive(failure(record), { ...FACTS, ...facts });
    expect(decision).toMatchObject({ kind: 'refused', refusal: { code } });
  });

  it('answers "already" for a generation that somebody re-opened', () => {
    expect(decideRedrive(failure({ generation: 2, state: 'queued' }), FACTS).kind).toBe('already');
  });

  it('ends a stale change as superseded for good, or re-opens it where that is accepted', () => {
    const stale = { ...FACTS, staleness: STALE };
    const decision = decideRedrive(failure(), stale);
    expect(decision).toMatchObject({
      kind: 'supersede',
      record: {
        state: 'settled',
        generation: 2,
        sequence: 12,
        failed: false,
        pending: ['sns'],
        outcome: { kind: 'superseded', by: 'CHG9', generation: 2, at: 1000 },
        history: [rejected],
      },
    });
    if (decision.kind !== 'supersede') throw new Error('not superseded');
    const again = { ...decision.record, pending: [] };
    const accepting = { ...stale, acceptStale: true };
    expect(decideRedrive(again, { ...accepting, generation: 2 })).toMatchObject({ refusal: { code: 'not-rejected' } });
    expect(decideRedrive(failure(), accepting)).toMatchObject({
      kind: 'reopen',
      record: { generation: 2, acceptStale: true },
    });
  });

  it('discards exactly the generation it saw, once', () => {
    const dismissal = { by: 'lena', reason: 'sent anew', at: 7 };
    expect(discard(failure(), 1, dismissal)).toMatchObject({ failed: false, discarded: dismissal });
    expect(discard(failure(), 2, dismissal)).toBeUndefined();
    expect(discard(failure({ failed: false }), 1, dismissal)).toBeUndefined();
  });
});

describe('staleness', () => {
  const about = (over: Partial<UpdateRequest>) => {
    const { set: _, ...change } = anUpdate(over);
    return failure({ change: { ...change, ...over } });
  };
  const desired = desiredFrom([
    settledWith(4, approvedFor('11', { fields: { name: 'Web' }, members: { has: ['101'], hasNot: [] } })),
    settledWith(6, approvedFor('12', { fields: { name: 'Mail' }, members: { has: ['102'], hasNot: [] } })),
    settledWith(7, approvedFor('13', { microtenantId: '9', fields: { name: 'Printers' } })),
  ]);

  it.each([
    ['a group by id', about({ group: { id: '12' } }), 'segment group "Mail" (12)'],
    ['a group by name', about({ group: { name: 'Mail' } }), 'segment group "Mail" (12)'],
    ['a name it would take', about({ group: { id: '11' }, set: { name: 'Mail' } }), 'segment group "Mail" (12)'],
    [
      'an application',
      about({ group: { id: '11' }, applications: { add: [{ id: '102' }] } }),
      'application segment 102',
    ],
  ])('a newer approval touched %s', (_, record, what) => {
    expect(stalenessOf(record, '0', desired)).toEqual({ by: 'CHG6', sequence: 6, what });
  });

  it.each([
    ['older approvals', about({ group: { id: '11' }, applications: { remove: [{ id: '101' }] } })],
    ['a group of this name in another microtenant', about({ group: { name: 'Printers' } })],
  ])('%s do not count', (_, record) => {
    expect(stalenessOf(record, '0', desired)).toBeUndefined();
  });
});

const configuration = configurationSchema.parse({
  name: 'test',
  tenants: { 'acme-test': { cloud: 'BETA', customerId: '72057594037927936', vanity: 'acme' } },
  sources: {
    helpdesk: { system: 'Helpdesk', grants: [{ tenants: ['acme-test'], actions: ['update'], groups: ['*'] }] },
    stranger: { system: 'Stranger' },
  },
});

async function setUp(record = failure(), desired: DesiredGroup[] = []) {
  const ledger = createMemoryLedger();
  await ledger.takeSequences(TEST_LANE, 20);
  await ledger.writeChange(record, 0);
  for (const group of desired) await ledger.writeDesired({ ...group, lane: TEST_LANE }, 0);
  const [queue, outcomes, failures] = [createMemoryQueue(), createMemoryTopic(), createMemoryFailureQueue()];
  const ports: RedrivePorts = { ledger, queue, outcomes, failures, clock: createFakeClock(), configuration };
  return { ledger, queue, outcomes, ports };
}

describe('redrive over the ledger and the queue', () => {
  it('re-opens, rings once and marks; asked again it does nothing', async () => {
    const { ports, queue, ledger } = await setUp();
    expect((await redriveChange(ports, aRef(), 1)).kind).toBe('reopen');
    expect((await redriveChange(ports, aRef(), 1)).kind).toBe('already');
    expect(queue.sent).toMatchObject([{ ref: aRef(), generation: 2, reason: 'redrive', fingerprint: 'f'.repeat(64) }]);
    expect(await ledger.readChange(aRef())).toMatchObject({
      state: 'queued',
      generation: 2,
      sequence: 21,
      failed: false,
    });
  });

  it('two at once re-open it once', async () => {
    const { ports, queue } = await setUp();
    const both = await Promise.all([redriveChange(ports, aRef(), 1), redriveChange(ports, aRef(), 1)]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['already', 'reopen']);
    expect(new Set(queue.sent.map(({ generation }) => generation))).toEqual(new Set([2]));
  });

  it('is completed by the next call, wherever it was cut off', async () => {
    for (let cut = 1; cut < 12; cut += 1) {
      for (const phase of ['before', 'after'] as const) {
        const { ports, queue, ledger } = await setUp();
        const counter = { calls: 0 };
        const crash = (call: { phase: string; index: number }) => {
          if (call.index === cut && call.phase === phase) throw new Error('crash');
        };
        const cutOff = {
          ...ports,
          ledger: interrupted(ports.ledger, 'ledger', crash, counter),
          queue: interrupted(ports.queue, 'queue', crash, counter),
        };
        await redriveChange(cutOff, aRef(), 1).catch(() => undefined);
        await redriveChange(ports, aRef(), 1);
        const record = await ledger.readChange(aRef());
        expect(record).toMatchObject({ state: 'queued', generation: 2, history: [rejected] });
        expect(queue.sent.length).toBeGreaterThan(0);
        expect(queue.sent.every(({ generation }) => generation === 2)).toBe(true);
      }
    }
  });

  it('announces a superseded change and owes nothing afterwards', async () => {
    const newer = desiredFrom([settledWith(8, approvedFor('11', { fields: { name: 'Printers' } }))]);
    const { ports, queue, outcomes, ledger } = await setUp(failure(), newer);
    expect(await previewRedrive(ports, aRef(), 1)).toMatchObject({ kind: 'supersede' });
    expect(await redriveChange(ports, aRef(), 1)).toMatchObject({ kind: 'supersede', staleness: { by: 'CHG8' } });
    expect(queue.sent).toEqual([]);
    expect(outcomes.published).toMatchObject([{ generation: 2, outcome: { kind: 'superseded', by: 'CHG8' } }]);
    expect(await ledger.readChange(aRef())).toMatchObject({ state: 'settled', pending: [], failed: false });
    expect((await redriveChange(ports, aRef(), 2, { acceptStale: true })).kind).toBe('refused');
  });

  it('asks the grants of today', async () => {
    const ref = aRef('CHG1', { source: 'stranger' });
    const { ports } = await setUp(failure({ ref }));
    expect(await redriveChange(ports, ref, 1)).toMatchObject({ kind: 'refused', refusal: { code: 'not-permitted' } });
    const gone = aRef('CHG1', { source: 'nobody' });
    const other = await setUp(failure({ ref: gone }));
    expect(await redriveChange(other.ports, gone, 1)).toMatchObject({ refusal: { code: 'not-permitted' } });
    expect(await redriveChange(ports, aRef('unknown'), 1)).toMatchObject({ refusal: { code: 'not-accepted' } });
  });

  it('discards once, and what is discarded is not redriven', async () => {
    const { ports } = await setUp();
    expect((await discardChange(ports, aRef(), 1, LENA)).changed).toBe(true);
    expect((await discardChange(ports, aRef(), 1, LENA)).changed).toBe(false);
    expect(await redriveChange(ports, aRef(), 1)).toMatchObject({ refusal: { code: 'discarded' } });
  });
});
