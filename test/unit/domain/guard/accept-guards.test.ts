import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { decide } from '../../../../shared/domain/decide/decide.ts';
import type { ApprovedBefore, LiveView } from '../../../../shared/domain/group/live-view.ts';
import { guardedDecision } from '../../../../shared/domain/guard/guarded-decision.ts';
import { reachNeed } from '../../../../shared/domain/reach/reach-need.ts';
import { parsed, rawAccept } from '../sample-changes.ts';
import { aGroup, aView, found, MISSING } from '../sample-live.ts';

const known = (name: string, dropped: string[] = []): ApprovedBefore => ({
  group: { name, microtenantId: '0' },
  dropped,
  others: [],
});
const group = aGroup('7', { name: 'Web', applicationIds: ['11'] });
const web = aView(found(group), { approvedBefore: known('Web') });
const everyPart = { name: 'Web', enabled: false, applications: { exactly: [{ id: '11' }] } };

function tenantWith(guards: object, mode = 'apply') {
  const tenants = { acme: { customerId: '216196257331281920', vanity: 'acme', guards, mode } };
  const { acme } = configurationSchema.parse({ name: 'unit', tenants, sources: {} }).tenants;
  if (acme === undefined) throw new Error('acme is configured');
  return acme;
}

function judged(guards: object, state: unknown = everyPart, view: LiveView = web, approvers = 1, mode = 'apply') {
  const change = parsed(rawAccept(state, { id: '7' }));
  const approvals = ['ann', 'bob'].slice(0, approvers).map((by) => ({ by, at: '2026-12-01T00:00:00Z', ref: by }));
  return guardedDecision(
    decide(change, view, '0', () => undefined),
    change,
    view,
    {
      tenant: tenantWith(guards, mode),
      ticket: { system: 'Desk', id: 'T-1', approvals },
      reading: { status: 'unread', reason: 'not needed' },
    },
  );
}

const protecting = (groups: string[], ...refuse: string[]) => ({
  protectedGroups: [{ groups, ...(refuse.length > 0 && { refuse }) }],
});
const guarded = { code: 'guarded' };
const passes = { kind: 'unchanged' };

describe('a protected group', () => {
  it('is not accepted, whatever of it', () => {
    for (const state of [everyPart, { name: 'Web' }]) {
      expect(judged(protecting(['W*']), state)).toMatchObject(guarded);
      expect(judged(protecting(['X*']), state)).toMatchObject(passes);
    }
  });

  it('is protected by the name that tickets know, and no console rename takes it out of its protection', () => {
    const renamed = { ...web, approvedBefore: known('PCI 1') };
    expect(judged(protecting(['PCI *'], 'deletes'), { name: 'Web' }, renamed)).toMatchObject(guarded);
    expect(judged(protecting(['PCI *']), { enabled: false }, renamed)).toMatchObject(guarded);
  });

  it('keeps its members and its life, where these are protected', () => {
    const dropping = { ...web, approvedBefore: known('Web', ['12']) };
    expect(judged(protecting(['Web'], 'removals'), everyPart, dropping)).toMatchObject(guarded);
    expect(judged(protecting(['Web'], 'removals'))).toMatchObject(passes);
    const gone = aView(MISSING, { approvedBefore: known('Web') });
    expect(judged(protecting(['Web'], 'deletes'), 'absent', gone)).toMatchObject(guarded);
    expect(judged(protecting(['Web'], 'deletes'))).toMatchObject(passes);
  });
});

describe('a group of which an accept takes approved members', () => {
  it('is protected as if they were taken out of it', () => {
    const others = [{ id: '8', name: 'PCI 1', applicationIds: ['11'] }];
    const taking = { ...web, approvedBefore: { ...known('Web'), others } };
    for (const refuse of ['changes', 'removals'])
      expect(judged(protecting(['PCI *'], refuse), everyPart, taking)).toMatchObject(guarded);
    expect(judged(protecting(['PCI *'], 'deletes'), everyPart, taking)).toMatchObject(passes);
    const rules = [{ rules: ['*'], groups: ['PCI *'], response: 'second-approver' }];
    expect(judged({ rules }, everyPart, taking)).toMatchObject(guarded);
  });
});

it('a group of which nobody knows the name may be a guarded one', () => {
  const others = [{ id: '8', name: undefined, applicationIds: [] }];
  const unread = { ...web, approvedBefore: { ...known('Web'), others } };
  const rules = [{ rules: ['*'], groups: ['PCI *'], response: 'second-approver' }];
  expect(judged(protecting(['PCI *']), everyPart, unread, 2)).toMatchObject(guarded);
  expect(judged({ rules }, everyPart, unread)).toMatchObject(guarded);
  expect(judged({ rules }, everyPart, unread, 2)).toMatchObject(passes);
  expect(judged({}, everyPart, unread)).toMatchObject(passes);
});

describe('a guard of policy rules', () => {
  const rules = (response: string, groups = ['*']) => ({ rules: [{ rules: ['*'], groups, response }] });

  it('lets two people accept what may alter access, and one person anything else', () => {
    for (const response of ['refuse', 'second-approver']) {
      for (const state of [{ enabled: false }, { applications: { has: [{ id: '11' }] } }]) {
        expect(judged(rules(response), state)).toMatchObject({ ...guarded, path: 'ticket.approvals' });
        expect(judged(rules(response), state, web, 2)).toMatchObject(passes);
        expect(judged(rules(response, ['Finance']), state)).toMatchObject(passes);
      }
      expect(judged(rules(response), { name: 'Web', description: 'before' })).toMatchObject(passes);
    }
    const gone = aView(MISSING, { approvedBefore: known('Web') });
    expect(judged(rules('second-approver'), 'absent', gone)).toMatchObject(guarded);
  });

  it.each([
    ['out of it', 'PCI 1', ['PCI *']],
    ['into it', 'Office', ['W*']],
  ])('needs two people for a console rename %s, whatever the accept names', (_, approved, groups) => {
    const renamed = { ...web, approvedBefore: known(approved) };
    for (const response of ['refuse', 'second-approver']) {
      for (const state of [{ name: 'Web' }, { description: 'before' }]) {
        expect(judged(rules(response, groups), state, renamed)).toMatchObject({ ...guarded, path: 'ticket.approvals' });
        expect(judged(rules(response, groups), state, renamed, 2)).toMatchObject(passes);
      }
    }
    expect(judged(rules('refuse', ['*']), { name: 'Web' }, renamed)).toMatchObject(passes);
  });

  it('needs no rules read', () => {
    const tenant = tenantWith(rules('refuse'));
    expect(reachNeed(tenant, parsed(rawAccept(everyPart)))).toMatchObject({ kind: 'none' });
  });
});

describe('guards of what is written', () => {
  it('do not hold an accept, which is the way to record what the console did', () => {
    const gone = aView(MISSING, { approvedBefore: known('Web') });
    expect(judged({ deletes: 'refused' }, 'absent', gone)).toMatchObject(passes);
    const dropping = { ...web, approvedBefore: known('Web', ['12']) };
    expect(judged({ mostRemovals: 0 }, everyPart, dropping)).toMatchObject(passes);
    expect(judged({}, everyPart, web, 1, 'plan-only')).toMatchObject(passes);
  });

  it('leave a rejection as it is', () => {
    expect(judged(protecting(['*']), { enabled: true })).toMatchObject({ code: 'precondition-failed' });
  });
});
