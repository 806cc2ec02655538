import { describe, expect, it } from 'vitest';
import {
  cancelUnfinished,
  hasUnfinishedChanges,
  supersedeEarlier,
} from '../../../../shared/accept/tickets/ticket-revisions.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import type { OutcomeNotice } from '../../../../shared/domain/ledger/message.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { cancelChange } from '../../../../shared/ledger/cancel-change.ts';
import { finishOutbox } from '../../../../shared/ledger/outbox.ts';
import { createFakeClock } from '../../../fakes/fake-clock.ts';
import { createMemoryKnownLanes } from '../../../fakes/memory-known-lanes.ts';
import { createMemoryLedger } from '../../../fakes/memory-ledger.ts';
import { createRecordingMeter } from '../../../fakes/recording.ts';
import { aChange, aRef, aRejected, TEST_LANE } from '../../../fakes/records.ts';

const APPROVAL = { by: 'david', at: '2026-11-02T02:00:00Z', ref: 'A2' };
const EARLIER = { by: 'david', at: '2026-11-02T01:00:00Z', ref: 'A1' };
const [lane, customerId = ''] = [TEST_LANE, TEST_LANE.split(':')[1]];

/** The ledger holds these changes of CHG0000001, in the lane of `acme-test`. */
async function holding(...records: Partial<ChangeRecord>[]) {
  const ledger = createMemoryLedger();
  const stored: ChangeRecord[] = [];
  for (const [index, over] of records.entries()) {
    const record = aChange({
      ref: aRef(`CHG0000001/${index + 1}@A1`, { lane }),
      ticket: { system: 'Helpdesk', id: 'CHG0000001', approvals: [EARLIER] },
      ...over,
    });
    await ledger.writeChange(record, 0);
    stored.push({ ...record, version: 1 });
  }
  const meter = createRecordingMeter();
  const tenants = { 'acme-test': { customerId, vanity: 'acme', cloud: 'BETA' } };
  const configuration = configurationSchema.parse({ name: 'test', tenants, sources: { helpdesk: { system: 'H' } } });
  const ports = { ledger, knownLanes: createMemoryKnownLanes(), clock: createFakeClock(), meter, configuration };
  const read = async (index: number) => await ledger.readChange(aRef(`CHG0000001/${index}@A1`, { lane }));
  return { ports, stored, meter, read };
}

const rejected = (over: Partial<ChangeRecord> = {}): Partial<ChangeRecord> => ({
  state: 'settled',
  outcome: aRejected(),
  failed: true,
  ...over,
});

const isPresent = <T>(one: T | undefined): one is T => one !== undefined;

/** Makes the sends that the change owes, as the worker and the sweeper do; answers what was sent. */
async function finishSends({ ledger }: Awaited<ReturnType<typeof holding>>['ports'], record: ChangeRecord | undefined) {
  if (record === undefined) throw new Error('it is stored');
  const sent: string[] = [];
  const failures = { send: async () => void sent.push('dlq') };
  const outcomes = { publish: async ({ outcome }: OutcomeNotice) => void sent.push(outcome.kind) };
  await finishOutbox({ ledger, failures, outcomes }, record);
  return { sent };
}

/** A lane with an intent that names the change: ZPA may be carrying it out. */
async function underWay({ ports, stored: [record] }: Awaited<ReturnType<typeof holding>>) {
  if (record === undefined) throw new Error('one is stored');
  const readLane = async () => ({
    ...(await ports.ledger.readLane(lane)),
    intent: { members: [{ ref: record.ref, generation: record.generation }] },
  });
  return { ...ports, ledger: { ...ports.ledger, readLane } } as unknown as typeof ports;
}

describe('changes of a ticket that was withdrawn', () => {
  it('are cancelled and counted as far as they are open or rejected', async () => {
    const applied = rejected({ failed: false });
    const { ports, stored, meter, read } = await holding({}, { state: 'scheduled' }, rejected(), applied);
    const by = { by: 'helpdesk', reason: 'approval withdrawn' };
    expect(await cancelUnfinished(ports, stored, by)).toEqual({ ended: 3, underWay: 0 });
    expect(meter.counts).toEqual([{ name: 'ChangesCancelled', value: 3, dimensions: { source: 'helpdesk' } }]);
    for (const index of [1, 3]) expect((await read(index))?.outcome).toMatchObject({ kind: 'cancelled', ...by });
    expect((await read(4))?.outcome).toMatchObject({ kind: 'rejected' });
    expect(await hasUnfinishedChanges(ports, 'helpdesk', 'CHG0000001')).toBe(false);
  });

  it('are none where all have ended, and nothing is counted', async () => {
    const { ports, stored, meter } = await holding(rejected({ failed: false }));
    expect(await cancelUnfinished(ports, stored, { by: 'helpdesk', reason: 'gone' })).toEqual({
      ended: 0,
      underWay: 0,
    });
    expect(meter.counts).toEqual([]);
  });

  it('are counted as under way where ZPA may be carrying them out', async () => {
    const held = await holding({});
    const ports = await underWay(held);
    const by = { by: 'helpdesk', reason: 'approval withdrawn' };
    expect(await cancelUnfinished(ports, held.stored, by)).toEqual({ ended: 0, underWay: 1 });
    expect(held.meter.counts).toEqual([]);
    expect(await hasUnfinishedChanges(ports, 'helpdesk', 'CHG0000001')).toBe(true);
    expect(await hasUnfinishedChanges(ports, 'helpdesk', 'CHG0000002')).toBe(false);
  });
});

describe('a rejected change of a ticket that was withdrawn', () => {
  const by = { by: 'helpdesk', reason: 'approval withdrawn' };

  it('is cancelled too where it was redriven meanwhile', async () => {
    const { ports, stored, read } = await holding(rejected());
    const [record] = stored;
    if (record === undefined) throw new Error('one is stored');
    await ports.ledger.writeChange({ ...record, state: 'queued', generation: 2, failed: false }, 1);
    expect(await cancelUnfinished(ports, stored, by)).toEqual({ ended: 1, underWay: 0 });
    expect((await read(1))?.outcome).toMatchObject({ kind: 'cancelled', generation: 2 });
  });

  it('ends once it owes its sends no more, whoever makes them, and without another call', async () => {
    const { ports, stored, read } = await holding(rejected({ pending: ['dlq', 'sns'] }));
    expect(await cancelUnfinished(ports, stored, by)).toEqual({ ended: 1, underWay: 0 });
    expect(await cancelUnfinished(ports, [await read(1)].filter(isPresent), by)).toEqual({ ended: 0, underWay: 0 });
    expect(await read(1)).toMatchObject({ failed: true, pending: ['dlq', 'sns'], outcome: { kind: 'rejected' } });
    const { sent } = await finishSends(ports, await read(1));
    expect(sent).toEqual(['dlq', 'rejected']);
    expect(await read(1)).toMatchObject({
      ...{ failed: false, generation: 2, pending: ['sns'], history: [{ kind: 'rejected' }] },
      outcome: { kind: 'cancelled', ...by },
    });
    expect((await finishSends(ports, await read(1))).sent).toEqual(['cancelled']);
    expect(await hasUnfinishedChanges(ports, 'helpdesk', 'CHG0000001')).toBe(false);
  });

  it('ends too where ZPA was carrying it out at the moment of the withdrawal, and it was rejected then', async () => {
    const held = await holding({});
    await cancelUnfinished(await underWay(held), held.stored, by);
    const asked = await held.read(1);
    if (asked === undefined) throw new Error('one is stored');
    await held.ports.ledger.writeChange({ ...asked, ...rejected({ pending: ['dlq'] }) }, asked.version);
    await finishSends(held.ports, await held.read(1));
    expect(await held.read(1)).toMatchObject({ failed: false, outcome: { kind: 'cancelled', ...by } });
  });

  it('ends too where it was rejected while the withdrawal looked for it', async () => {
    const { ports, stored, read } = await holding({}, {});
    const [owing, done] = stored;
    if (owing === undefined || done === undefined) throw new Error('two are stored');
    await ports.ledger.writeChange({ ...owing, ...rejected({ pending: ['dlq'] }) }, 1);
    await ports.ledger.writeChange({ ...done, ...rejected() }, 1);
    expect(await cancelUnfinished(ports, stored, by)).toEqual({ ended: 2, underWay: 0 });
    await finishSends(ports, await read(1));
    for (const index of [1, 2]) expect(await read(index)).toMatchObject({ outcome: { kind: 'cancelled', ...by } });
  });

  it('stays rejected where only its source asked it back while ZPA was carrying it out', async () => {
    const held = await holding({});
    const [record] = held.stored;
    if (record === undefined) throw new Error('one is stored');
    await cancelChange(await underWay(held), record.ref, by);
    const asked = await held.read(1);
    if (asked === undefined) throw new Error('one is stored');
    await held.ports.ledger.writeChange({ ...asked, ...rejected({ pending: ['dlq'] }) }, asked.version);
    await finishSends(held.ports, await held.read(1));
    expect(await held.read(1)).toMatchObject({ failed: true, pending: [], outcome: { kind: 'rejected' } });
  });
});

describe('changes of an earlier approval', () => {
  it('end as superseded, open or failed; what took effect, and the approval’s own, stay', async () => {
    const own = { ref: aRef('CHG0000001/9@A2', { lane }) };
    const settled = rejected({ failed: false });
    const { ports, stored, read } = await holding({}, rejected(), settled, own);
    expect(await supersedeEarlier(ports, stored, APPROVAL)).toEqual({ ended: 2, underWay: 0 });
    for (const index of [1, 2]) {
      const { outcome } = (await read(index)) ?? {};
      expect(outcome).toMatchObject({ kind: 'superseded', by: 'A2', reason: 'The ticket was approved again.' });
    }
    expect((await read(2))?.sequence).toBeGreaterThan(0);
    expect((await read(3))?.outcome).toMatchObject({ kind: 'rejected' });
    expect(await ports.ledger.readChange(own.ref)).toMatchObject({ state: 'accepted' });
  });

  it('that were redriven meanwhile are left for the next call; those that still owe their sends end after them', async () => {
    const { ports, stored, read } = await holding(rejected({ pending: ['sns'] }), rejected());
    const [, second] = stored;
    if (second === undefined) throw new Error('two are stored');
    await ports.ledger.writeChange({ ...second, generation: 2 }, 1);
    expect(await supersedeEarlier(ports, stored, APPROVAL)).toEqual({ ended: 1, underWay: 0 });
    for (const index of [1, 2]) expect((await read(index))?.outcome).toMatchObject({ kind: 'rejected' });
    await finishSends(ports, await read(1));
    expect(await read(1)).toMatchObject({ failed: false, outcome: { kind: 'superseded', by: 'A2' } });
  });

  it('that were rejected meanwhile end too', async () => {
    const { ports, stored, read } = await holding({});
    const [record] = stored;
    if (record === undefined) throw new Error('one is stored');
    await ports.ledger.writeChange({ ...record, ...rejected() }, 1);
    expect(await supersedeEarlier(ports, stored, APPROVAL)).toEqual({ ended: 1, underWay: 0 });
    expect(await read(1)).toMatchObject({ failed: false, outcome: { kind: 'superseded', by: 'A2' } });
  });

  it('that ZPA may be carrying out go on, and are counted', async () => {
    const held = await holding({});
    expect(await supersedeEarlier(await underWay(held), held.stored, APPROVAL)).toEqual({ ended: 0, underWay: 1 });
    expect(await held.read(1)).toMatchObject({ state: 'accepted' });
  });
});
