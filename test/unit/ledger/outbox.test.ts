import { describe, expect, it } from 'vitest';
import { setKey } from '../../../shared/domain/ledger/change-set.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { UPDATE_ATTEMPTS } from '../../../shared/ledger/optimistic-update.ts';
import { finishOutbox, finishOutboxes, tryOutboxes } from '../../../shared/ledger/outbox.ts';
import { updateChange } from '../../../shared/ledger/update-change.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemoryFailureQueue, createMemoryTopic } from '../../fakes/memory-queues.ts';
import { aChange, aDesired, anApplied, anApproved, anUpdate, aRef, aRejected, TEST_LANE } from '../../fakes/records.ts';

async function setUp(...records: ChangeRecord[]) {
  const ports = { ledger: createMemoryLedger(), failures: createMemoryFailureQueue(), outcomes: createMemoryTopic() };
  for (const record of records) await ports.ledger.writeChange(record, 0);
  const stored = records.map((record) => ({ ...record, version: 1 }));
  const read = async ({ ref }: ChangeRecord) => await ports.ledger.readChange(ref);
  return { ports, stored, read };
}
const settled = (key: string, over: Partial<ChangeRecord>) => aChange({ ref: aRef(key), state: 'settled', ...over });
const applied = (key: string, sequence: number, enabled: boolean, over: Partial<ChangeRecord> = {}) =>
  settled(key, {
    sequence,
    outcome: anApplied({ approved: anApproved({ groupId: '1', fields: { enabled } }) }),
    pending: ['desired', 'sns'],
    ...over,
  });

describe('the sends that a settled change owes', () => {
  it('of a rejection are the failure, with all that explains it, and the outcome', async () => {
    const outcome = aRejected({ attempts: 3, generation: 2, at: 77 });
    const record = settled('K', {
      outcome,
      generation: 2,
      attempts: 9,
      acceptedAt: 5,
      failed: true,
      pending: ['dlq', 'sns'],
    });
    const { ports, stored, read } = await setUp(record);
    const [one] = stored;
    const finished = one && (await finishOutbox(ports, one));
    const { at: _, attempts: __, generation: ___, ...rejection } = outcome;
    const common = {
      schemaVersion: 1,
      ref: record.ref,
      generation: 2,
      ticket: record.ticket,
      correlationId: 'correlation-1',
    };
    expect(ports.failures.sent).toEqual([
      { ...common, rejection, change: record.change, attempts: 3, acceptedAt: 5, failedAt: 77 },
    ]);
    expect(ports.outcomes.published).toEqual([{ ...common, action: 'update', outcome }]);
    expect(finished).toMatchObject({ pending: [], version: 2 });
    expect(await read(record)).toMatchObject({ pending: [] });
  });

  it('announce no rejection before its failure is in the dead-letter queue', async () => {
    const records = ['A', 'B'].map((key) => settled(key, { outcome: aRejected(), pending: ['dlq', 'sns'] }));
    const { ports, stored } = await setUp(...records);
    const failuresAtAnnouncement: number[] = [];
    const outcomes = {
      publish: async () => void failuresAtAnnouncement.push(ports.failures.sent.length),
    };
    await finishOutboxes({ ...ports, outcomes }, stored);
    expect(failuresAtAnnouncement).toEqual([2, 2]);
  });

  it('are only those it owes', async () => {
    const { ports, stored } = await setUp(settled('K', { outcome: aRejected(), pending: ['sns'] }));
    await finishOutboxes(ports, stored);
    expect([ports.failures.sent.length, ports.outcomes.published.length]).toEqual([0, 1]);
    const nothing = await setUp(settled('K', { outcome: aRejected(), pending: [] }));
    expect(await finishOutboxes(nothing.ports, nothing.stored)).toEqual(nothing.stored);
    expect(nothing.ports.outcomes.published).toEqual([]);
  });

  it('let later members of a set find a rejected one, as long as it is kept', async () => {
    const changeSet = { id: 'S', index: 1, size: 2, onReject: 'stop' } as const;
    const record = settled('K', {
      change: anUpdate({ changeSet }),
      outcome: aRejected({ at: 77 }),
      pending: ['set', 'sns'],
    });
    const { ports, stored } = await setUp(record);
    const remembered: unknown[] = [];
    const ledger = { ...ports.ledger, putRejectedMember: async (member: unknown) => void remembered.push(member) };
    await finishOutboxes({ ...ports, ledger }, stored);
    expect(remembered).toEqual([{ set: setKey(record), ref: record.ref, expiresAt: 77 + TIMING.settledKeptMs }]);
  });

  it('write what was approved of one group once for several changes, and of every group they name', async () => {
    const others = [anApproved({ groupId: '2', fields: {}, members: { has: ['11'], hasNot: [] } })];
    const approved = anApproved({ groupId: '1', fields: { enabled: true }, others });
    const { effect, reach, kind: _, overtaken: __, writeId: ___, ...ended } = anApplied({ approved });
    const unchanged = settled('U', {
      sequence: 3,
      outcome: { kind: 'unchanged', effect, reach, ...ended },
      pending: ['desired', 'sns'],
    });
    const { ports, stored } = await setUp(applied('A', 1, true), applied('B', 2, false), unchanged);
    const writes: string[] = [];
    const ledger = interrupted(
      ports.ledger,
      'ledger',
      ({ method, phase }) => void (phase === 'after' && writes.push(method)),
    );
    const finished = await finishOutboxes({ ...ports, ledger }, stored);
    expect(finished).toMatchObject([{ pending: [] }, { pending: [] }, { pending: [] }]);
    expect(writes.filter((method) => method === 'writeDesired')).toHaveLength(2);
    expect(await ports.ledger.readDesired(TEST_LANE, '1')).toMatchObject({
      enabled: { value: true, sequence: 3, key: 'U' },
    });
    expect(await ports.ledger.readDesired(TEST_LANE, '2')).toMatchObject({ members: { 11: [1, 3] } });
  });

  it.each([
    ['by id', { id: '1' }],
    ['by name', { name: 'Web' }],
  ])('note a deletion that did not find its group, named %s, in what was approved of it', async (_, group) => {
    const change = { schemaVersion: 1, idempotencyKey: 'D', tenant: 'acme-test', action: 'delete', group } as const;
    const record = settled('D', {
      sequence: 9,
      change,
      outcome: aRejected({ path: 'group' }),
      pending: ['desired', 'dlq', 'sns'],
    });
    const { ports, stored } = await setUp(record);
    const name = { value: 'Web', sequence: 1, key: 'K' };
    for (const one of [aDesired({ groupId: '1', name }), aDesired({ groupId: '2' })])
      await ports.ledger.writeDesired(one, 0);
    expect(await finishOutboxes(ports, stored)).toMatchObject([{ pending: [] }]);
    expect(await ports.ledger.readDesired(TEST_LANE, '1')).toMatchObject({ unfound: { exists: 9 }, version: 2 });
    expect(await ports.ledger.readDesired(TEST_LANE, '2')).toMatchObject({ version: 1 });
    expect([ports.failures.sent.length, ports.outcomes.published.length]).toEqual([1, 1]);
  });

  it('note it later where the groups cannot be searched, and hold up no other change', async () => {
    const change = { schemaVersion: 1, idempotencyKey: 'D', tenant: 'acme-test', action: 'delete' } as const;
    const record = settled('D', {
      change: { ...change, group: { name: 'Web' } },
      outcome: aRejected({ path: 'group' }),
      pending: ['desired', 'dlq', 'sns'],
    });
    const { ports, stored } = await setUp(record, applied('A', 2, true));
    const listDesired = () => {
      throw new Error('no table');
    };
    const { finished, owing } = await tryOutboxes({ ...ports, ledger: { ...ports.ledger, listDesired } }, stored);
    expect([finished.map(({ ref }) => ref.idempotencyKey), owing.length]).toEqual([['A'], 1]);
    expect(ports.failures.sent).toEqual([]);
  });

  it('keep what was approved before, also by somebody in between', async () => {
    const { ports, stored } = await setUp(applied('A', 2, true), applied('B', 1, false, { pending: ['desired'] }));
    const [newer, older] = stored;
    if (newer === undefined || older === undefined) throw new Error('two were written');
    let raced = false;
    const ledger = interrupted(ports.ledger, 'ledger', async ({ method, phase }) => {
      if (method !== 'writeDesired' || phase !== 'before' || raced) return;
      raced = true;
      await finishOutbox(ports, newer);
    });
    await finishOutbox({ ...ports, ledger }, older);
    expect(await ports.ledger.readDesired(TEST_LANE, '1')).toMatchObject({
      enabled: { value: true, sequence: 2 },
      version: 2,
    });
  });

  it('write what is known already on top of it, in one write', async () => {
    const { ports, stored } = await setUp(applied('A', 1, true), applied('B', 2, false));
    const [first, second] = stored;
    if (first === undefined || second === undefined) throw new Error('two were written');
    await finishOutbox(ports, first);
    let writes = 0;
    const ledger = interrupted(ports.ledger, 'ledger', ({ method, phase }) => {
      if (method === 'writeDesired' && phase === 'before') writes += 1;
    });
    await finishOutbox({ ...ports, ledger }, second);
    expect(writes).toBe(1);
    expect(await ports.ledger.readDesired(TEST_LANE, '1')).toMatchObject({ enabled: { value: false }, version: 2 });
  });

  it('of a change that approved nothing leave the desired state alone', async () => {
    const outcome = anApplied({ approved: anApproved({ groupId: '' }) });
    const { ports, stored } = await setUp(applied('A', 1, true, { outcome }));
    await finishOutboxes(ports, stored);
    expect(await ports.ledger.readDesired(TEST_LANE, '1')).toBeUndefined();
    expect(ports.outcomes.published).toHaveLength(1);
  });

  it('mark nothing before all of them were tried', async () => {
    const { ports, stored, read } = await setUp(applied('A', 1, true), applied('B', 2, false));
    const marked: unknown[] = [];
    const outcomes = {
      publish: async () => void marked.push(...(await Promise.all(stored.map(read))).map((one) => one?.pending)),
    };
    await finishOutboxes({ ...ports, outcomes }, stored);
    expect(marked).toEqual(Array.from({ length: 4 }, () => ['desired', 'sns']));
  });

  it('of one change that cannot go out keep no other from being finished', async () => {
    const rejections = ['A', 'B'].map((key) => settled(key, { outcome: aRejected(), pending: ['dlq', 'sns'] }));
    const { ports, stored, read } = await setUp(...rejections, applied('C', 1, true), applied('D', 2, true));
    const refusing = (key: string) => async (sent: { ref: { idempotencyKey: string } | null }) => {
      if (sent.ref?.idempotencyKey === key) throw new Error(`no ${key}`);
    };
    const broken = { ...ports, failures: { send: refusing('A') }, outcomes: { publish: refusing('C') } };
    const { finished, owing } = await tryOutboxes(broken, stored);
    expect(finished.map(({ ref }) => ref.idempotencyKey)).toEqual(['B', 'D']);
    expect(owing.map(({ error }) => String(error))).toEqual(['Error: no A', 'Error: no C']);
    const owed = await Promise.all(stored.map(async (record) => (await read(record))?.pending));
    expect(owed).toEqual([['dlq', 'sns'], [], ['sns'], []]);
    const [first] = stored;
    if (first === undefined) throw new Error('four were written');
    await expect(finishOutbox(broken, first)).rejects.toThrow('no A');
  });

  it('of a change whose last one fails again and again go out once', async () => {
    const record = settled('A', { outcome: aRejected(), pending: ['dlq', 'sns'] });
    const { ports, read } = await setUp(record);
    const outcomes = { publish: () => Promise.reject(new Error('no topic')) };
    for (let round = 0; round < 3; round += 1)
      await tryOutboxes({ ...ports, outcomes }, [(await read(record)) ?? record]);
    expect(ports.failures.sent).toHaveLength(1);
    expect(await read(record)).toMatchObject({ pending: ['sns'] });
  });

  it.each(['readDesired', 'writeDesired'])(
    'of one group whose desired state fails at %s keep no other',
    async (failing) => {
      const elsewhere = anApplied({ approved: anApproved({ groupId: '2', fields: { enabled: true } }) });
      const records = [applied('A', 1, true), applied('B', 2, true), applied('C', 3, true, { outcome: elsewhere })];
      const { ports, stored, read } = await setUp(...records);
      const of: Record<string, (argument: unknown, group: string) => boolean> = {
        readDesired: (_lane, group) => group === '1',
        writeDesired: (record) => (record as { groupId: string }).groupId === '1',
      };
      const refused = async (...[argument, group]: [unknown, string]) => {
        if (of[failing]?.(argument, group)) throw new Error('no table');
      };
      const ledger = {
        ...ports.ledger,
        [failing]: async (...args: [never, never]) => {
          await refused(...args);
          return ports.ledger[failing as 'readDesired'](...args);
        },
      };
      const { finished, owing } = await tryOutboxes({ ...ports, ledger }, stored);
      expect(finished.map(({ ref }) => ref.idempotencyKey)).toEqual(['C']);
      expect(owing.map(({ record }) => record.ref.idempotencyKey)).toEqual(['A', 'B']);
      expect(ports.outcomes.published.map(({ ref }) => ref.idempotencyKey)).toEqual(['C']);
      for (const record of stored.slice(0, 2))
        expect(await read(record)).toMatchObject({ pending: ['desired', 'sns'] });
      await finishOutboxes(ports, stored.slice(0, 2));
      expect(ports.outcomes.published).toHaveLength(3);
    },
  );

  it('of four groups whose desired states fail are no single group’s: all stay owed', async () => {
    const groups = ['1', '2', '3', '4'];
    const of = (groupId: string) => anApplied({ approved: anApproved({ groupId, fields: { enabled: true } }) });
    const { ports, stored } = await setUp(...groups.map((id) => applied(id, Number(id), true, { outcome: of(id) })));
    const ledger = { ...ports.ledger, writeDesired: () => Promise.reject(new Error('no table')) };
    expect((await tryOutboxes({ ...ports, ledger }, stored.slice(1))).owing).toHaveLength(3);
    await expect(tryOutboxes({ ...ports, ledger }, stored)).rejects.toThrow('no table');
    expect(ports.outcomes.published).toEqual([]);
  });

  it('of many changes of one group whose desired state fails are one failure beside another', async () => {
    const ofGroup = ['A', 'B', 'C', 'D'].map((key, index) => applied(key, index + 1, true));
    const other = settled('E', { sequence: 5, outcome: aRejected(), pending: ['sns'] });
    const last = settled('F', { sequence: 6, outcome: aRejected(), pending: ['dlq'] });
    const { ports, stored } = await setUp(...ofGroup, other, last);
    const ledger = { ...ports.ledger, writeDesired: () => Promise.reject(new Error('no table')) };
    const outcomes = { publish: () => Promise.reject(new Error('no topic')) };
    const { finished, owing } = await tryOutboxes({ ...ports, ledger, outcomes }, stored);
    expect(owing.map(({ record }) => record.ref.idempotencyKey)).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(finished.map(({ ref }) => ref.idempotencyKey)).toEqual(['F']);
  });

  it('reject where no single change can be at fault, and then all of them stay owed', async () => {
    const records = ['A', 'B', 'C', 'D', 'E'].map((key, index) => applied(key, index + 1, true));
    const { ports, stored, read } = await setUp(...records);
    const outcomes = { publish: () => Promise.reject(new Error('no topic')) };
    expect((await tryOutboxes({ ...ports, outcomes }, stored.slice(0, 3))).owing).toHaveLength(3);
    await expect(tryOutboxes({ ...ports, outcomes }, stored)).rejects.toThrow('no topic');
    for (const record of stored.slice(3)) expect(await read(record)).toMatchObject({ pending: ['desired', 'sns'] });
  });
});

describe('a record that others write too', () => {
  const next = (record: ChangeRecord) => ({ ...record, attempts: record.attempts + 1 });

  it('is written on top of what they wrote, and answered as it stands', async () => {
    const { ports, stored } = await setUp(aChange());
    const [known] = stored;
    if (known === undefined) throw new Error('one was written');
    const first = await updateChange(ports.ledger, known, next);
    expect(first).toMatchObject({ changed: true, record: { attempts: 1, version: 2 } });
    expect(await updateChange(ports.ledger, known, next)).toMatchObject({
      changed: true,
      record: { attempts: 2, version: 3 },
    });
    expect(await updateChange(ports.ledger, known, () => undefined)).toEqual({ changed: false, record: known });
  });

  it('is given up after conflicts in a row, or when it left the ledger', async () => {
    const { stored } = await setUp(aChange());
    const [known] = stored;
    if (known === undefined) throw new Error('one was written');
    let asked = 0;
    const contested = async () => {
      asked += 1;
      return { written: false as const, found: known };
    };
    await expect(updateChange({ writeChange: contested }, known, next)).rejects.toMatchObject({
      code: 'ledger-contention',
    });
    expect(asked).toBe(UPDATE_ATTEMPTS);
    const gone = async () => ({ written: false as const, found: undefined });
    await expect(updateChange({ writeChange: gone }, known, next)).rejects.toThrow('left the ledger');
  });
});
