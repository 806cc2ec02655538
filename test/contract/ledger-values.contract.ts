import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Intent } from '../../shared/domain/records/intent.ts';
import { newLane } from '../../shared/domain/records/lane-record.ts';
import { ABSENT, type Ledger } from '../../shared/ports/ports.ts';
import { aChange, aDesired, anApplied, anApproved, anUpdate, aRef, aRejected } from '../fakes/records.ts';
import { largestApplied, largestRecord } from '../fakes/worst-case.ts';
import { all, type LedgerUnderTest, nextLane } from './ledger.contract.ts';

/** The promises of every `Ledger` about values: a written value comes back, also an odd, an unknown and the largest one. */
export function ledgerValuesContract(name: string, open: () => Promise<LedgerUnderTest>): void {
  describe(`ledger contract, values: ${name}`, () => {
    let under: LedgerUnderTest;
    let ledger: Ledger;
    beforeAll(async () => {
      under = await open();
      ledger = under.ledger;
    });
    afterAll(() => under.close());

    it('keeps every kind of outcome and request', async () => {
      const lane = nextLane();
      const ended = { generation: 1, at: 7, attempts: 1 };
      const group = { groupId: '9', before: null, after: null, added: ['1'], removed: [] };
      const outcomes = [
        anApplied({ overtaken: [{ field: 'name', expected: 'a', found: '' }] }),
        {
          ...ended,
          kind: 'unchanged' as const,
          effect: group,
          approved: anApproved({ members: { has: [], hasNot: [], exactly: [] } }),
          reach: { status: 'checked' as const, summary: 'none' },
        },
        aRejected({ details: { empty: '', none: null, nested: { list: [[], {}, [null]], flag: false, zero: 0 } } }),
        { ...ended, kind: 'cancelled' as const, by: 'ada', reason: '' },
        { ...ended, kind: 'superseded' as const, by: 'CHG9', reason: 'newer' },
      ];
      const common = { schemaVersion: 1 as const, idempotencyKey: 'k', tenant: 'acme-test' };
      const requests = [
        anUpdate({ applications: { replace: [] } }),
        anUpdate({ applications: { add: [{ id: '1' }], remove: [{ name: 'n' }] } }),
        {
          ...common,
          action: 'create' as const,
          group: { name: 'ä' },
          description: '',
          enabled: false,
          applications: [],
          configSpace: 'DEFAULT' as const,
          ifExists: 'reject' as const,
        },
        {
          ...common,
          action: 'create' as const,
          group: { name: 'what it leaves out stays left out' },
          applications: [],
          ifExists: 'update' as const,
        },
        { ...common, action: 'delete' as const, group: { id: '18446744073709551615' } },
      ];
      const records = [
        ...outcomes.map((outcome) =>
          aChange({ state: 'settled', outcome, history: [outcome], pending: ['desired', 'dlq', 'sns'] }),
        ),
        ...requests.map((change) => aChange({ change })),
      ];
      for (const [index, one] of records.entries()) {
        const record = { ...one, ref: aRef(`V${index}`, { lane }) };
        expect(await ledger.writeChange(record, ABSENT)).toEqual({ written: true });
        expect(await ledger.readChange(record.ref)).toEqual({ ...record, version: 1 });
      }
    });

    it('keeps a lane with an open intent, and absent values absent', async () => {
      const lane = nextLane();
      const record = { ...newLane(lane), ...busy(lane) };
      await ledger.writeLane(record, ABSENT);
      const read = await ledger.readLane(lane);
      expect(read).toEqual({ ...record, version: 1 });
      expect(read.intent?.writes[0]?.before?.modifiedBy).toBeUndefined();
      const { intent, working, ...idle } = read;
      await ledger.writeLane(idle, 1);
      expect(await ledger.readLane(lane)).toEqual({ ...idle, version: 2 });
      expect('intent' in (await ledger.readLane(lane))).toBe(false);
    });

    it('keeps attributes of a newer deployment through a rewrite', async () => {
      const lane = nextLane();
      const ref = aRef('CHG1/1', { lane });
      const newer = { colour: { of: ['later', ''] }, sentAt: 3 };
      const outcome = { ...aRejected(), weight: 3 };
      const change = { ...anUpdate(), wish: { deep: [1] } };
      await ledger.writeChange({ ...aChange({ ref, change, outcome, state: 'settled' }), ...newer }, ABSENT);
      const read = await ledger.readChange(ref);
      if (read === undefined) throw new Error('the change is gone');
      await ledger.writeChange({ ...read, attempts: 2 }, 1);
      expect(await ledger.readChange(ref)).toMatchObject({ ...newer, attempts: 2, version: 2, outcome, change });

      await ledger.writeLane({ ...newLane(lane), ...newer } as never, ABSENT);
      await ledger.writeLane({ ...(await ledger.readLane(lane)), fence: 1 }, 1);
      expect(await ledger.readLane(lane)).toMatchObject({ colour: newer.colour, fence: 1 });
      await ledger.writeDesired({ ...aDesired({ lane }), ...newer } as never, ABSENT);
      expect((await all(ledger.listDesired(lane)))[0]).toMatchObject({ colour: newer.colour });
    });

    it('stores which change approved what, of desired groups that know it', async () => {
      const lane = nextLane();
      const approvals = { 7: { key: 'CHG7', source: 'helpdesk', ticket: 'T-7', at: 1_764_000_000_000 } };
      const known = aDesired({ lane, groupId: '1', approvals, unfound: { exists: 7 } });
      for (const group of [known, aDesired({ lane, groupId: '2' })]) await ledger.writeDesired(group, ABSENT);
      expect(await ledger.readDesired(lane, '1')).toEqual({ ...known, version: 1 });
      expect(await ledger.readDesired(lane, '2')).not.toHaveProperty('approvals');
    });

    it('keeps no tie to what was passed in or handed out', async () => {
      const ref = aRef('CHG2/1', { lane: nextLane() });
      const record = aChange({ ref, history: [aRejected()] });
      await ledger.writeChange(record, ABSENT);
      record.history.length = 0;
      const read = await ledger.readChange(ref);
      if (read !== undefined) read.history.length = 0;
      expect((await ledger.readChange(ref))?.history).toHaveLength(1);
    });

    it('takes the largest change with the largest outcome, without loss to change or approval', async () => {
      const lane = nextLane();
      for (const outcome of [largestRecord().outcome, largestApplied()]) {
        const record = largestRecord(outcome);
        const ref = { ...record.ref, lane, source: record.outcome?.kind ?? 'none' };
        expect(await ledger.writeChange({ ...record, ref }, ABSENT)).toEqual({ written: true });
        const read = await ledger.readChange(ref);
        expect(read?.change).toEqual(record.change);
        expect(read?.outcome).toMatchObject({ kind: outcome?.kind });
        if (outcome?.kind === 'applied') expect(read?.outcome).toMatchObject({ approved: outcome.approved });
      }
      expect(await ledger.openChanges(lane, 10)).toHaveLength(2);
    });

    it('forgets old approvers of a desired group without room for all, and none of its members', async () => {
      const lane = nextLane();
      const members = Object.fromEntries(
        Array.from({ length: 8000 }, (_, index) => [
          `${72_057_594_037_930_000n + BigInt(index)}`,
          [1, 7] as [1, number],
        ]),
      );
      const approver = { key: 'K'.repeat(200), source: 'helpdesk', ticket: '漢'.repeat(200), at: 1_764_000_000_000 };
      const approvals = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`${index + 1}`, approver]));
      const group = aDesired({ lane, members, approvals });
      expect(await ledger.writeDesired(group, ABSENT)).toEqual({ written: true });
      const read = await ledger.readDesired(lane, group.groupId);
      expect(read?.members).toEqual(members);
      expect(Object.keys(read?.approvals ?? {})).toEqual(expect.arrayContaining(['1', '150', '200']));
      expect(read?.approvals).not.toHaveProperty('50');
    });

    it('refuses what no cut makes small enough, and stores nothing of it', async () => {
      const lane = nextLane();
      const members = Object.fromEntries(
        Array.from({ length: 30_000 }, (_, index) => [`7205759403793${index}`, [1, index] as [1, number]]),
      );
      const refused = ledger.writeDesired(aDesired({ lane, members }), ABSENT);
      await expect(refused).rejects.toMatchObject({ code: 'record-too-large', scope: 'platform' });
      expect(await ledger.readDesired(lane, aDesired().groupId)).toBeUndefined();
    });
  });
}

/** Everything a lane can hold at once. */
function busy(lane: string) {
  const member = { ref: aRef('CHG1/1', { lane }), generation: 1, sequence: 4 };
  const { effect, approved, reach } = anApplied();
  const fields = { name: 'Printers', description: '', enabled: true, configSpace: 'DEFAULT' };
  const before = {
    id: '9',
    ...fields,
    microtenantId: '0',
    applicationIds: [],
    readOnly: false,
    modifiedBy: undefined,
    modifiedTime: undefined,
    creationTime: 1_700_000_000,
  };
  const intent: Intent = {
    writeId: 'w',
    tenant: 'acme-test',
    members: [{ ...member, ending: { kind: 'applied', effect, approved, reach } }],
    writes: [
      {
        write: {
          kind: 'update',
          via: 'v2',
          groupId: '9',
          microtenantId: '0',
          fields,
          addedApps: ['1'],
          deletedApps: [],
        },
        before,
      },
      { write: { kind: 'create', ...fields, applicationIds: [], microtenantId: '0' }, before: null },
      { write: { kind: 'delete', groupId: '9', microtenantId: '0' }, before },
    ],
    cursor: 0,
    openSince: 1_796_000_000_001,
    sendBefore: 1_796_000_000_123.5,
  };
  return {
    fence: 3,
    lease: { owner: 'one', until: 1 },
    budget: { reads: [1.25, 2], writes: [], notBefore: 0 },
    through: 3,
    skipped: [1, 2],
    intent,
    working: { members: [member], strikes: 1, since: 0 },
    stopped: { code: 'unreachable', sentence: 's', since: 1, tries: 2, probeAt: 3, alarmed: false },
    trouble: { ref: member.ref, generation: 1, tries: 1, since: 0, retryAt: 5 },
    limited: { of: 'k', at: '', tries: 2, waitedMs: 1 },
    paused: { by: 'ada', reason: '', since: 1 },
    oneByOneUntil: 9,
    learned: { 'acme-test': { via: 'v1' as const, writer: '7' }, other: {} },
  };
}
