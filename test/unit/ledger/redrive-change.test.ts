import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { setKey } from '../../../shared/domain/ledger/change-set.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { UPDATE_ATTEMPTS } from '../../../shared/ledger/optimistic-update.ts';
import { previewRedrive, previewRedrives } from '../../../shared/ledger/preview-redrive.ts';
import {
  discardChange,
  findDependents,
  type RedrivePorts,
  redriveChange,
} from '../../../shared/ledger/redrive-change.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { interrupted } from '../../fakes/interrupted.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemoryFailureQueue, createMemoryQueue, createMemoryTopic } from '../../fakes/memory-queues.ts';
import { aChange, anApplied, anApproved, anUpdate, aRef, aRejected, TEST_LANE } from '../../fakes/records.ts';
import { spoil, spoilDesired } from '../../fakes/unreadable.ts';

const grant = { tenants: ['acme-test'], actions: ['update'], groups: ['Printers'] };
const configurationOf = (over: Record<string, unknown> = {}) =>
  configurationSchema.parse({
    name: 'test',
    tenants: { 'acme-test': { cloud: 'BETA', customerId: '72057594037927936', vanity: 'acme', ...over } },
    sources: { helpdesk: { system: 'Helpdesk', grants: [grant] } },
  });

const failure = (over: Partial<ChangeRecord> = {}) =>
  aChange({ state: 'settled', sequence: 5, outcome: aRejected(), failed: true, ...over });

async function desk(record = failure(), configuration = configurationOf()) {
  const ledger = createMemoryLedger();
  await ledger.takeSequences(TEST_LANE, 20);
  await ledger.writeChange(record, 0);
  const [queue, outcomes, failures] = [createMemoryQueue(), createMemoryTopic(), createMemoryFailureQueue()];
  const ports: RedrivePorts = { ledger, queue, outcomes, failures, clock: createFakeClock(), configuration };
  return { ports, ledger, queue };
}

describe('a redrive beside a record that cannot be read', () => {
  const change = anUpdate({ group: { id: '1' } });
  const decide = async (unread: string, over: Partial<ChangeRecord> = {}, acceptStale = false) => {
    const configuration = configurationOf();
    for (const one of configuration.sources.helpdesk?.grants ?? []) one.groups = ['*'];
    const { ports, ledger } = await desk(failure({ change, ...over }), configuration);
    spoilDesired(ledger, unread);
    const decision = await redriveChange(ports, aRef(), 1, { acceptStale });
    return decision.kind === 'refused' ? decision.refusal : decision.kind;
  };
  const unreadable = { code: 'record-unreadable', sentence: expect.stringContaining('desired#1') };

  it('is done if that is the desired state of another group', async () => {
    expect(await decide('2')).toBe('reopen');
  });

  it('is refused if that may say that the change is stale, unless a stale one is accepted', async () => {
    expect(await decide('1')).toMatchObject(unreadable);
    expect(await decide('1', { change: anUpdate({ group: { name: 'Printers' } }) })).toMatchObject(unreadable);
    const moving = { change: { ...change, applications: { add: [{ id: '7' }] } } };
    expect(await decide('2', moving)).toMatchObject({ code: 'record-unreadable' });
    expect(await decide('1', {}, true)).toBe('reopen');
  });

  it('ends as superseded also by a newer change that owes the desired state still', async () => {
    const configuration = configurationOf();
    for (const one of configuration.sources.helpdesk?.grants ?? []) one.groups = ['*'];
    const { ports, ledger } = await desk(failure({ change }), configuration);
    const outcome = anApplied({ approved: anApproved({ groupId: '1', fields: { enabled: true } }) });
    const newer = { ref: aRef('newer'), state: 'settled', sequence: 6, outcome } as const;
    await ledger.writeChange(aChange({ ...newer, pending: ['desired', 'sns'] }), 0);
    expect(await redriveChange(ports, aRef(), 1)).toMatchObject({ kind: 'supersede', staleness: { by: 'newer' } });
  });

  it('is refused if that is a rejected member of its set, or the list of them, and others are redriven', async () => {
    const member = (index: number) => {
      const changeSet = { id: 'S', index, size: 2, onReject: 'stop' as const };
      return failure({ ref: aRef(`S/${index}`), change: anUpdate({ idempotencyKey: `S/${index}`, changeSet }) });
    };
    const [first, second] = [member(1), member(2)];
    const { ports, ledger } = await desk(first);
    await ledger.writeChange(second, 0);
    await ledger.writeChange(failure({ ref: aRef('other') }), 0);
    await ledger.putRejectedMember({ set: setKey(first) ?? '', ref: first.ref, expiresAt: 9e12 });
    spoil(ledger, 'S/1', { request: true });
    const preview = async () => {
      const failures = await findDependents(ledger, [second], () => undefined);
      const other = await ledger.readChange(aRef('other'));
      const rows = await previewRedrives(ports, [...failures, ...(other ? [other] : [])]);
      return rows.map(({ decision }) => (decision.kind === 'refused' ? decision.refusal.code : decision.kind));
    };
    expect(await preview()).toEqual(['record-unreadable', 'reopen']);
    const malformed = Object.assign(new Error('set'), { code: 'record-malformed', scope: 'platform' });
    ledger.rejectedMembers = () => Promise.reject(malformed);
    expect(await preview()).toEqual(['record-unreadable', 'reopen']);
  });
});

describe('a redrive is refused', () => {
  const refusalOf = async (record: ChangeRecord, configuration = configurationOf()) => {
    const { ports } = await desk(record, configuration);
    const decision = await redriveChange(ports, record.ref, 1);
    return decision.kind === 'refused' ? decision.refusal : decision.kind;
  };

  it('to a source that is not configured any more, or to a tenant or microtenant', async () => {
    const said = (what: string) => ({
      code: 'not-permitted',
      sentence: expect.stringContaining(what),
      remedy: expect.stringContaining('settings'),
    });
    expect(await refusalOf(failure({ ref: aRef('K', { source: 'gone' }) }))).toMatchObject(said('Source "gone"'));
    expect(await refusalOf(failure({ change: anUpdate({ tenant: 'gone' }) }))).toMatchObject(said('tenant "gone"'));
    const far = failure({ change: anUpdate({ microtenant: 'rome' }) });
    expect(await refusalOf(far, configurationOf({ microtenants: { berlin: '77', paris: '78' } }))).toMatchObject(
      said('microtenant "rome" of tenant "acme-test"'),
    );
  });

  it('to a source that has no grant any more, with what it may ask for', async () => {
    expect(await refusalOf(failure({ change: anUpdate({ group: { name: 'Finance' } }) }))).toMatchObject({
      code: 'not-permitted',
      sentence: expect.stringContaining('"Finance"'),
      remedy: expect.stringContaining('grant'),
    });
    expect(await refusalOf(failure())).toBe('reopen');
  });

  it('for what the ledger does not hold', async () => {
    const { ports } = await desk();
    const unknown = { kind: 'refused', refusal: { code: 'not-accepted' } };
    expect(await redriveChange(ports, aRef('other'), 1)).toMatchObject(unknown);
    expect(await previewRedrive(ports, aRef('other'), 1)).toMatchObject(unknown);
  });
});

describe('a redrive', () => {
  it('that is only looked at writes nothing', async () => {
    const { ports, ledger, queue } = await desk();
    expect(await previewRedrive(ports, aRef(), 1)).toMatchObject({ kind: 'reopen', record: { generation: 2 } });
    expect(await ledger.readChange(aRef())).toMatchObject({ generation: 1, state: 'settled' });
    expect(queue.sent).toEqual([]);
  });

  it('answers the record as it stands, marked as sent', async () => {
    const { ports, ledger } = await desk();
    const decision = await redriveChange(ports, aRef(), 1);
    expect(decision).toMatchObject({
      kind: 'reopen',
      record: { state: 'queued', version: 3, sentAt: ports.clock.now() },
    });
    expect(decision.kind === 'reopen' && decision.record).toEqual(await ledger.readChange(aRef()));
  });

  it('is given up when somebody else writes the change each time', async () => {
    const { ports, ledger } = await desk();
    let tries = 0;
    const contested = interrupted(ledger, 'ledger', async ({ method, phase }) => {
      if (method !== 'writeChange' || phase !== 'before') return;
      tries += 1;
      const now = await ledger.readChange(aRef());
      if (now !== undefined) await ledger.writeChange({ ...now, attempts: tries }, now.version);
    });
    await expect(redriveChange({ ...ports, ledger: contested }, aRef(), 1)).rejects.toMatchObject({
      name: 'ContentionError',
      code: 'ledger-contention',
    });
    expect(tries).toBe(UPDATE_ATTEMPTS);
  });

  it('of a change of a microtenant is stale by groups of that one', async () => {
    const record = failure({ change: anUpdate({ group: { name: 'Printers' } }) });
    const only = configurationOf({ microtenants: { berlin: '77' } });
    const { ports, ledger } = await desk(record, only);
    const last = { key: 'CHG9', source: 's', ticket: 't', at: 1, sequence: 9 };
    const group = { version: 0, lane: TEST_LANE, tenant: 'acme-test', groupId: '1', members: {}, last };
    const seenName = { value: 'Printers', sequence: 9, key: 'CHG9' };
    await ledger.writeDesired({ ...group, microtenantId: '0', seenName }, 0);
    expect(await previewRedrive(ports, aRef(), 1)).toMatchObject({ kind: 'reopen' });
    await ledger.writeDesired({ ...group, groupId: '2', microtenantId: '77', seenName }, 0);
    expect(await previewRedrive(ports, aRef(), 1)).toMatchObject({ kind: 'supersede', staleness: { by: 'CHG9' } });
  });
});

describe('failures that follow from the chosen ones', () => {
  it('are found in their lanes', async () => {
    const changeSet = (index: number) => ({ id: 'S', index, size: 2, onReject: 'stop' }) as const;
    const first = failure({ ref: aRef('S/1'), change: anUpdate({ changeSet: changeSet(1) }) });
    const details = { causedBy: { idempotencyKey: 'S/1', code: 'group-not-found', sentence: 's' } };
    const outcome = aRejected({ code: 'not-attempted', details });
    const second = failure({ ref: aRef('S/2'), change: anUpdate({ changeSet: changeSet(2) }), outcome });
    const { ledger } = await desk(first);
    await ledger.writeChange(second, 0);
    expect((await findDependents(ledger, [first])).map(({ ref }) => ref.idempotencyKey)).toEqual(['S/1', 'S/2']);
  });
});

describe('putting a failure aside', () => {
  it('is nothing where there is none', async () => {
    const { ports } = await desk();
    expect(await discardChange(ports, aRef('other'), 1, { by: 'lena', reason: 'sent anew' })).toEqual({
      record: undefined,
      changed: false,
    });
    expect(await discardChange(ports, aRef(), 1, { by: 'lena', reason: 'sent anew' })).toMatchObject({
      changed: true,
      record: { failed: false },
    });
  });
});
