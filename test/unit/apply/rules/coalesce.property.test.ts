import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseStep, lateComers, placesPassed, shares } from '../../../../functions/apply/rules/choose-step.ts';
import { type ChangeToDecide, type FoldedStep, foldStep } from '../../../../functions/apply/rules/fold-step.ts';
import { type ChangeRequest, changeSchema, referenceKey } from '../../../../shared/domain/change/change.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { decide } from '../../../../shared/domain/decide/decide.ts';
import type { Transition } from '../../../../shared/domain/decide/decision.ts';
import { NEW_GROUP } from '../../../../shared/domain/decide/group-content.ts';
import type { Application, SegmentGroup } from '../../../../shared/domain/group/group.ts';
import { applicationReferences, type Found, type LiveView } from '../../../../shared/domain/group/live-view.ts';
import { groupAfterWrite } from '../../../../shared/domain/intent/intent-writes.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { newLane } from '../../../../shared/domain/records/lane-record.ts';
import { aChange, aRef } from '../../../fakes/records.ts';

/** A small tenant: three groups and eight applications, each in one group or none. */
type Tenant = { groups: SegmentGroup[]; homes: (string | undefined)[] };
const GROUPS = ['1', '2', '3'];
const APPLICATIONS = ['11', '12', '13', '14', '15', '16', '17', '18'];

const all = { minLength: APPLICATIONS.length, maxLength: APPLICATIONS.length };
const membersOf = (homes: Tenant['homes'], id: string) => APPLICATIONS.filter((_, index) => homes[index] === id);
const tenants: fc.Arbitrary<Tenant> = fc
  .array(fc.constantFrom<string | undefined>(undefined, undefined, ...GROUPS), all)
  .map((homes) => ({ homes, groups: GROUPS.map((id) => groupOf(id, membersOf(homes, id))) }));

function groupOf(id: string, applicationIds: string[]): SegmentGroup {
  const content = { name: `group-${id}`, description: '', enabled: true, configSpace: 'DEFAULT', microtenantId: '0' };
  const server = { readOnly: false, modifiedBy: undefined, modifiedTime: undefined, creationTime: undefined };
  return { id, ...content, applicationIds, ...server };
}

const group = fc.constantFrom(...GROUPS).chain((id) => fc.constantFrom({ id }, { name: `group-${id}` }));
const application = fc
  .constantFrom(...APPLICATIONS, '404')
  .chain((id) => fc.constantFrom({ id }, { id }, { name: `app-${id}` }));
const lists = fc.record({
  add: fc.array(application, { maxLength: 3 }),
  remove: fc.array(application, { maxLength: 2 }),
});
const changes: fc.Arbitrary<ChangeRequest> = fc
  .oneof(
    { weight: 6, arbitrary: fc.record({ group, applications: lists, leaveUngrouped: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ group, set: fc.constant({ enabled: false }) }) },
    { weight: 1, arbitrary: fc.record({ group, applications: fc.record({ replace: fc.array(application) }) }) },
  )
  .map((some) =>
    changeSchema.parse({ schemaVersion: 1, idempotencyKey: 'K', tenant: 'acme-test', action: 'update', ...some }),
  );

const toRecords = (list: ChangeRequest[]): ChangeRecord[] =>
  list.map((change, index) => aChange({ ref: aRef(`K-${index}`), change, sequence: index + 1 }));

/** Reads the tenant as the worker does. */
function viewOf(tenant: Tenant, list: readonly ChangeRequest[]): LiveView {
  const applications = new Map<string, Found<Application>>();
  for (const reference of list.flatMap(applicationReferences)) {
    const id = APPLICATIONS.find((one) => ('id' in reference ? reference.id === one : reference.name === `app-${one}`));
    const segmentGroupId = tenant.groups.find((g) => id !== undefined && g.applicationIds.includes(id))?.id;
    const found = { name: `app-${id}`, enabled: true, microtenantId: '0', segmentGroupId, segmentGroupName: undefined };
    applications.set(
      referenceKey(reference),
      id === undefined ? { kind: 'missing' } : { kind: 'found', value: { id, ...found } },
    );
  }
  const reference = list[0]?.group ?? { id: '' };
  const match = tenant.groups.find((g) => ('id' in reference ? g.id === reference.id : g.name === reference.name));
  const live: Found<SegmentGroup> = match === undefined ? { kind: 'missing' } : { kind: 'found', value: match };
  const unknown = { memberNames: new Map(), nameTakenBy: [], rules: undefined, sources: new Map() };
  return { group: live, applications, reading, destination: undefined, ...unknown };
}

function apply(tenant: Tenant, after: SegmentGroup | null): Tenant {
  return after === null ? tenant : { ...tenant, groups: tenant.groups.map((g) => (g.id === after.id ? after : g)) };
}

/** The tenant after a decision was carried out. */
function carryOut(tenant: Tenant, { transitions }: { transitions: Transition[] }): Tenant {
  return transitions.reduce((state, { after }) => apply(state, after), tenant);
}

const allowed = () => undefined;
const reading = { status: 'unread', reason: 'of no interest here' } as const;
const configuration = configurationSchema.parse({
  name: 'unit',
  tenants: { 'acme-test': { customerId: '1', vanity: 'acme' } },
  sources: {},
});
const ticket = { system: 'Desk', id: 'T', approvals: [] };
function judged(change: ChangeRequest): ChangeToDecide {
  const tenant = configuration.tenants['acme-test'];
  if (tenant === undefined) throw new Error('configured above');
  return { change, permit: allowed, tenant, ticket };
}
const verdictOf = (ending: { kind: string; code?: string }) => `${ending.kind} ${ending.code ?? ''}`;

function oneByOne(tenant: Tenant, records: readonly ChangeRecord[]) {
  const verdicts = new Map<number, string>();
  let state = tenant;
  for (const { change, sequence } of records) {
    const decision = decide(change, viewOf(state, [change]), '0', allowed);
    verdicts.set(sequence, decision.kind === 'write' ? 'applied ' : verdictOf(decision));
    if (decision.kind === 'write') state = carryOut(state, decision);
  }
  return { state, verdicts };
}

function coalesced(tenant: Tenant, records: readonly ChangeRecord[]) {
  const verdicts = new Map<number, string>();
  let state = tenant;
  let open = [...records];
  let lane = newLane('L');
  let writes = 0;
  while (open.length > 0) {
    expect(lateComers(open, lane)).toEqual([]);
    const step = chooseStep(open, lane);
    const list = step.map((r) => r.change);
    const folded = foldStep(list.map(judged), viewOf(state, list), '0', 'v2');
    for (const [index, { sequence }] of step.entries())
      verdicts.set(sequence, verdictOf(folded.endings[index] ?? { kind: '?' }));
    expectCarriedOut(folded);
    for (const planned of folded.writes) {
      writes += 1;
      state = apply(state, groupAfterWrite(planned));
    }
    const taken = new Set(step.map((r) => r.sequence));
    const skipped = placesPassed(step, open, lane).filter((sequence) => !taken.has(sequence));
    open = open.filter((r) => !taken.has(r.sequence));
    lane = { ...lane, skipped, through: Math.max(lane.through, ...taken) };
  }
  return { state, verdicts, writes };
}

/** Each effect that a change reports is part of the write: no effects cancel each other out unnoticed. */
function expectCarriedOut({ endings, writes }: FoldedStep): void {
  const write = writes[0]?.write;
  const [added, removed] = write?.kind === 'update' ? [write.addedApps, write.deletedApps] : [[], []];
  for (const ending of endings) {
    if (ending.kind !== 'applied') continue;
    expect(write).toBeDefined();
    expect(added).toEqual(expect.arrayContaining(ending.effect.added));
    expect(removed).toEqual(expect.arrayContaining(ending.effect.removed));
  }
}

describe('coalescing', () => {
  it('equals carrying changes out one by one, outcomes included', () => {
    fc.assert(
      fc.property(tenants, fc.array(changes, { minLength: 1, maxLength: 14 }), (tenant, list) => {
        const records = toRecords(list);
        const single = oneByOne(tenant, records);
        const folded = coalesced(tenant, records);
        expect(folded.state).toEqual(single.state);
        expect([...folded.verdicts].sort(([a], [b]) => a - b)).toEqual([...single.verdicts]);
      }),
      { numRuns: 1500 },
    );
  });

  it('never lets a change pass one that shares a group, a name or an application with it', () => {
    fc.assert(
      fc.property(fc.array(changes, { minLength: 1, maxLength: 14 }), (list) => {
        const records = toRecords(list);
        const step = chooseStep(records, newLane('L'));
        const taken = new Set(step);
        for (const later of step.slice(1)) {
          const passed = records.filter((r) => r.sequence < later.sequence && !taken.has(r));
          expect(passed.filter((r) => shares(r, later))).toEqual([]);
        }
      }),
    );
  });

  it('carries adds to five groups out with five writes, in runs as well as round-robin', () => {
    const groups = ['1', '2', '3', '4', '5'];
    const adds = groups.flatMap((id, g) =>
      Array.from({ length: 10 }, (_, n) => ({ id, application: `${100 + g * 10 + n}`, turn: n * 5 + g })),
    );
    for (const order of [adds, [...adds].sort((a, b) => a.turn - b.turn)]) {
      const list = order.map(({ id, application: one }) =>
        changeSchema.parse({
          ...{ schemaVersion: 1, idempotencyKey: 'K', tenant: 'acme-test', action: 'update' },
          ...{ group: { id }, applications: { add: [{ id: one }] } },
        }),
      );
      let open = toRecords(list);
      let steps = 0;
      while (open.length > 0) {
        const taken = new Set(chooseStep(open, newLane('L')));
        open = open.filter((r) => !taken.has(r));
        steps += 1;
      }
      expect(steps).toBe(groups.length);
    }
  });
});

describe('a plan', () => {
  it('applied twice does nothing the second time', () => {
    fc.assert(
      fc.property(tenants, changes, (tenant, change) => {
        const first = decide(change, viewOf(tenant, [change]), '0', allowed);
        if (first.kind !== 'write') return;
        const again = decide(change, viewOf(carryOut(tenant, first), [change]), '0', allowed);
        expect(again.kind).toBe('unchanged');
      }),
    );
  });

  it('of a create holds every application asked for, once', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...APPLICATIONS), { maxLength: 5 }), (ids) => {
        const applications = [...ids, ...ids].map((id) => ({ id }));
        const asked = { action: 'create', group: { name: 'New' }, applications };
        const change = changeSchema.parse({ schemaVersion: 1, idempotencyKey: 'K', tenant: 'acme-test', ...asked });
        const free: Tenant = { homes: [], groups: [] };
        const decision = decide(change, viewOf(free, [change]), '0', allowed);
        const after = { id: NEW_GROUP, applicationIds: [...ids].sort() };
        expect(decision).toMatchObject({ kind: 'write', transitions: [{ before: null, after }] });
      }),
    );
  });
});
