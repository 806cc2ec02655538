import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import type { PolicyRule } from '../../../../shared/domain/group/policy-rule.ts';
import type { GuardedChange } from '../../../../shared/domain/guard/guards.ts';
import { approversOf, guardRejection } from '../../../../shared/domain/guard/guards.ts';
import { computeReach, type ReachTransition } from '../../../../shared/domain/reach/reach.ts';
import { anApplied, anUpdate } from '../../../fakes/records.ts';
import { aRule, aSeenGroup, membership, rulesRead } from '../../../fakes/rules.ts';
import { parsed as asChange, rawCreate, rawDelete } from '../sample-changes.ts';

const parsed = (tenant: Record<string, unknown>) =>
  configurationSchema.safeParse({
    name: 'zc',
    tenants: { acme: { customerId: '216196257331281920', vanity: 'acme', ...tenant } },
    sources: {},
  });
function tenantOf(tenant: Record<string, unknown>) {
  const acme = parsed(tenant).data?.tenants.acme;
  if (acme === undefined) throw new Error('the configuration is not one');
  return acme;
}

const EFFECT = anApplied().effect;
const JOINS = [membership('1', ['11'], ['11', '12'])];
const LEAVES = [membership('1', ['11', '12', '13'], ['11'])];
const DELETED: ReachTransition[] = [{ before: aSeenGroup('1', []), after: null }];
const CREATED: ReachTransition[] = [{ before: null, after: aSeenGroup('new', []) }];
const RENAMED: ReachTransition[] = [
  { before: aSeenGroup('1', ['11']), after: aSeenGroup('1', ['11'], { name: 'Crown Jewels' }) },
];

const approval = (by: string) => ({ by, at: '2026-12-01T08:00:00Z', ref: 'APPR0007' });
const ticket = (...approvers: string[]): GuardedChange['ticket'] => ({
  system: 'servicenow',
  id: 'CHG0031337',
  requestedBy: 'Ada@example.com',
  approvals: approvers.map(approval),
});

function guarded(
  transitions: ReachTransition[],
  of: Partial<GuardedChange> = {},
  ...rules: PolicyRule[]
): GuardedChange {
  const reach = computeReach(transitions, rulesRead(rules));
  return { change: anUpdate(), transitions, effect: EFFECT, reach, ticket: ticket(), ...of };
}
const judge = (tenant: Record<string, unknown>, ...how: Parameters<typeof guarded>) =>
  guardRejection(tenantOf(tenant), guarded(...how));

describe('without guards', () => {
  it.each([
    ['joins', JOINS],
    ['leaves', LEAVES],
    ['deleted', DELETED],
    ['created', CREATED],
  ])('%s passes', (_, transitions) => {
    expect(judge({}, transitions, {}, aRule({ groupIds: ['1'] }))).toBeUndefined();
  });
});

describe('protected groups', () => {
  const protect = (...refuse: string[]) => ({
    guards: { protectedGroups: [{ groups: ['Group 1', 'Crown *'], ...(refuse.length > 0 && { refuse }) }] },
  });

  it.each<[string, string[], ReachTransition[], boolean]>([
    ['any change, unless told', [], JOINS, true],
    ['another group', [], [membership('2', [], ['12'])], false],
    ['a rename to a protected name', [], RENAMED, true],
    ['the other end of a move', [], [membership('2', ['11'], []), membership('1', [], ['11'])], true],
    ['joining, where removals are refused', ['removals'], JOINS, false],
    ['leaving, where removals are refused', ['removals'], LEAVES, true],
    ['leaving, where deletes are refused', ['deletes'], LEAVES, false],
    ['deleting, where deletes are refused', ['removals', 'deletes'], DELETED, true],
  ])('%s', (_, refuse, transitions, refused) => {
    const rejection = judge(protect(...refuse), transitions);
    expect(rejection?.code).toBe(refused ? 'guarded' : undefined);
    if (refused) expect(rejection?.sentence).toMatch(/"(Group 1|Crown Jewels)" is a protected segment group/);
  });
});

const renamed = (from: string, to: string, applicationIds: string[] = ['11']): ReachTransition[] => [
  { before: aSeenGroup('1', applicationIds, { name: from }), after: aSeenGroup('1', applicationIds, { name: to }) },
];

describe('a rename across the patterns of a guard', () => {
  const groups = ['Engineering', 'PCI *', 'Bu\u0308ro'];
  const across: [string, string, boolean][] = [
    ['Engineering', 'Eng tmp', true],
    ['Eng tmp', 'Engineering', true],
    ['Engineering', 'engineering', true],
    ['PCI cards', 'PCI', true],
    ['PCI cards', 'PCI other', false],
    ['Engineering', 'PCI other', false],
    ['Bu\u0308ro', 'Büro', false],
    ['Web', 'Mail', false],
  ];

  it.each(across)('%s to %s, whatever the protection refuses: %s', (from, to, refused) => {
    for (const refuse of ['deletes', 'removals']) {
      const rejection = judge({ guards: { protectedGroups: [{ groups, refuse: [refuse] }] } }, renamed(from, to));
      expect(rejection?.code).toBe(refused ? 'guarded' : undefined);
    }
  });

  it('is judged for each protection by itself, and says which', () => {
    const protectedGroups = [['PCI *'], ['PCI cards']].map((of) => ({ groups: of, refuse: ['deletes'] }));
    const judged = (from: string, to: string) => judge({ guards: { protectedGroups } }, renamed(from, to));
    expect(judged('PCI cards', 'PCI other')).toMatchObject({
      path: 'set.name',
      sentence: 'renaming segment group "PCI cards" to "PCI other" would take it out of the protection of "PCI cards"',
      details: { guard: 'protectedGroups', groups: ['PCI cards'], refuse: ['deletes'] },
    });
    expect(judged('Web', 'PCI other')?.sentence).toMatch(/would put it under the protection of "PCI \*"$/);
  });

  it('leaves a creation or deletion to what the protection refuses', () => {
    const guards = { protectedGroups: [{ groups: ['Group *'], refuse: ['removals'] }] };
    expect(judge({ guards }, CREATED)).toBeUndefined();
    expect(judge({ guards }, DELETED)).toBeUndefined();
  });

  it.each(across)('%s to %s is refused by a rule guard of these groups: %s', (from, to, refused) => {
    const unread = { status: 'not-checked', reason: 'nobody looked' } as const;
    const guards = (response: string) => ({ guards: { rules: [{ rules: ['Finance*'], groups, response }] } });
    const two = { reach: unread, ticket: ticket('b', 'c') };
    expect(judge(guards('refuse'), renamed(from, to), two)?.code).toBe(refused ? 'guarded' : undefined);
    expect(judge(guards('second-approver'), renamed(from, to), two)).toBeUndefined();
    const one = { reach: unread, ticket: ticket('b') };
    expect(judge(guards('second-approver'), renamed(from, to), one)?.path).toBe(
      refused ? 'ticket.approvals' : undefined,
    );
  });

  it('is told by the rule guard with its names', () => {
    const guards = (response: string) => ({ guards: { rules: [{ rules: ['*'], groups: ['PCI *'], response }] } });
    expect(judge(guards('refuse'), renamed('PCI 1', 'Old'))).toMatchObject({
      sentence: 'renaming segment group "PCI 1" to "Old" would take it out of the guard of policy rules for "PCI *"',
      path: 'set.name',
      details: { guard: 'rules', response: 'refuse', groups: ['PCI *'] },
    });
    expect(judge(guards('second-approver'), renamed('Old', 'PCI 1'), { ticket: ticket('lena') })).toMatchObject({
      sentence: expect.stringMatching(
        /^two people must approve this, and only lena has: renaming .* would put it under the guard of policy rules/,
      ),
      details: { guard: 'rules', response: 'second-approver', approvedBy: ['lena'], groups: ['PCI *'] },
    });
  });
});

describe('a guarded rule', () => {
  const guards = (response: string) => ({ guards: { rules: [{ rules: ['Finance*'], response }] } });
  const finance = (ruleId = '1') => aRule({ groupIds: ['1'] }, { ruleName: 'Finance staff', ruleId });

  it('refuses what nobody could judge, and says why', () => {
    const unread = { status: 'not-checked', reason: 'ZPA did not answer' } as const;
    const old = { status: 'checked', summary: 'none' } as const;
    expect(judge(guards('refuse'), JOINS, { reach: unread })).toMatchObject({
      sentence: expect.stringContaining('ZPA did not answer'),
      remedy: expect.stringContaining('retry'),
      details: { guard: 'rules' },
    });
    expect(judge(guards('refuse'), JOINS, { reach: old })).toMatchObject({
      sentence: expect.stringContaining('no rule was checked'),
    });
    expect(judge(guards('refuse'), RENAMED, { reach: unread })).toBeUndefined();
  });

  it('says which guard it was, and how many more rules are guarded', () => {
    const refused = judge(guards('refuse'), JOINS, {}, finance(), finance('2'), finance('3'));
    expect(refused).toMatchObject({
      sentence: expect.stringMatching(/; 2 more guarded$/),
      details: { guard: 'rules', response: 'refuse' },
    });
    expect(judge(guards('refuse'), JOINS, {}, finance())?.sentence).not.toContain('more guarded');
    const many = Array.from({ length: 60 }, (_, index) => finance(`${index}`));
    expect(judge(guards('refuse'), JOINS, {}, ...many)?.details?.rules).toHaveLength(50);
  });

  it('asks for a second person, and says who has approved', () => {
    const asked = (...approvers: string[]) =>
      judge(guards('second-approver'), JOINS, { ticket: ticket(...approvers) }, finance());
    expect(asked()).toMatchObject({
      sentence: expect.stringContaining('nobody besides the requester has'),
      path: 'ticket.approvals',
      details: { guard: 'rules', response: 'second-approver', approvedBy: [], rules: [{ ruleName: 'Finance staff' }] },
    });
    expect(asked('lena')).toMatchObject({
      sentence: expect.stringContaining('only lena has'),
      details: { approvedBy: ['lena'] },
    });
    expect(asked('lena', 'max')).toBeUndefined();
  });
});

describe('a guard that refuses', () => {
  it('says which guard of the configuration it was', () => {
    const protectedGroups = [{ groups: ['Group 1'], refuse: ['removals'] }];
    expect(judge({ guards: { protectedGroups } }, LEAVES)).toMatchObject({
      path: 'group',
      details: { guard: 'protectedGroups', groups: ['Group 1'], refuse: ['removals'] },
    });
    expect(judge({ guards: { deletes: 'refused' } }, DELETED)).toMatchObject({ details: { guard: 'deletes' } });
    expect(judge({ guards: { mostRemovals: 1 } }, LEAVES)).toMatchObject({ path: 'applications' });
  });

  it('lists at most a hundred applications that leave', () => {
    const many = Array.from({ length: 120 }, (_, index) => `${1000 + index}`);
    const rejection = judge({ guards: { mostRemovals: 1 } }, [membership('1', many, [])]);
    expect(rejection?.details?.applications).toHaveLength(100);
  });

  it('a removal does not care about a group that is new', () => {
    const protectedGroups = [{ groups: ['Group new'], refuse: ['removals'] }];
    expect(judge({ guards: { protectedGroups } }, CREATED)).toBeUndefined();
    expect(judge({ guards: { mostRemovals: 0 } }, CREATED)).toBeUndefined();
  });
});

describe('deletes and removals', () => {
  it('deletes are refused where the tenant says so', () => {
    const tenant = { guards: { deletes: 'refused' } };
    expect(judge(tenant, DELETED, { change: asChange(rawDelete()) })).toMatchObject({
      code: 'guarded',
      path: 'action',
    });
    expect(judge(tenant, LEAVES)).toBeUndefined();
    expect(judge(tenant, CREATED, { change: asChange(rawCreate()) })).toBeUndefined();
  });

  it.each([
    [2, false],
    [1, true],
    [0, true],
  ])('at most %d of the two that leave', (mostRemovals, refused) => {
    const rejection = judge({ guards: { mostRemovals } }, LEAVES);
    expect(rejection?.details).toEqual(refused ? { guard: 'mostRemovals', applications: ['12', '13'] } : undefined);
  });
});

describe('guarded rules', () => {
  const guard = (response: string, of: Record<string, unknown> = {}) => ({
    guards: { rules: [{ rules: ['Finance*'], response, ...of }] },
  });
  const finance = aRule({ groupIds: ['1'] }, { ruleName: 'Finance staff' });

  it('refuse what would open access', () => {
    expect(judge(guard('refuse'), JOINS, { ticket: ticket('b', 'c', 'd') }, finance)).toMatchObject({
      code: 'guarded',
      sentence: expect.stringContaining('"Finance staff" (ACCESS_POLICY, order 3, ALLOW) gains 1 application segment'),
      details: { rules: [{ ruleName: 'Finance staff', exposes: 'yes' }] },
    });
  });

  it.each<[string, Record<string, unknown>, ReachTransition[], PolicyRule, boolean]>([
    ['another rule', {}, JOINS, aRule({ groupIds: ['1'] }), false],
    ['a group the guard is not about', { groups: ['Group 2'] }, JOINS, finance, false],
    ['another policy type', { policyTypes: ['TIMEOUT_POLICY'] }, JOINS, finance, false],
    ['the policy type', { policyTypes: ['ACCESS_POLICY'] }, JOINS, finance, true],
    ['what interrupts, guarded against exposing', { when: ['exposes'] }, LEAVES, finance, false],
    ['what interrupts', { when: ['interrupts'] }, LEAVES, finance, true],
    [
      'what may expose',
      { when: ['exposes'] },
      LEAVES,
      { ...finance, conditions: finance.conditions.map((c) => ({ ...c, negated: true })) },
      true,
    ],
    ['a disabled rule', {}, JOINS, { ...finance, disabled: true }, false],
    ['a disabled rule, guarded against any change', { when: ['applies'] }, JOINS, { ...finance, disabled: true }, true],
    ['a rename', { when: ['applies'] }, RENAMED, finance, false],
  ])('%s', (_, of, transitions, rule, refused) => {
    expect(judge(guard('refuse', of), transitions, {}, rule)?.code).toBe(refused ? 'guarded' : undefined);
  });

  it.each<[string, string[], boolean]>([
    ['nobody', [], true],
    ['one', ['grace@example.com'], true],
    ['one twice', ['grace@example.com', 'Grace@Example.com '], true],
    ['one and the requester', ['grace@example.com', 'ada@example.com'], true],
    ['two', ['grace@example.com', 'joan@example.com'], false],
    ['a blank', ['grace@example.com', '  '], true],
  ])('two people approve: %s', (_, approvers, refused) => {
    const rejection = judge(guard('second-approver'), JOINS, { ticket: ticket(...approvers) }, finance);
    expect(rejection?.path).toBe(refused ? 'ticket.approvals' : undefined);
  });

  it('a guard that refuses is not overruled by one that asks for approval', () => {
    const rules = ['second-approver', 'refuse'].map((response) => ({ rules: ['Finance*'], response }));
    const rejection = judge({ guards: { rules } }, JOINS, { ticket: ticket('b', 'c') }, finance);
    expect(rejection?.details?.response).toBe('refuse');
  });

  it('what is not known is refused', () => {
    const reach = { status: 'not-checked', reason: 'ZPA said no' } as const;
    expect(judge(guard('second-approver'), JOINS, { reach, ticket: ticket('b', 'c') })?.sentence).toContain(
      'ZPA said no',
    );
    expect(judge(guard('refuse'), DELETED, { reach: { status: 'checked', summary: 'none' } })).toBeUndefined();
  });
});

it('plan-only rejects with the plan, after all other guards', () => {
  const tenant = { mode: 'plan-only', guards: { deletes: 'refused' } };
  expect(judge(tenant, DELETED)?.details?.guard).toBe('deletes');
  expect(judge(tenant, JOINS, {}, aRule({ groupIds: ['1'] }))).toMatchObject({
    code: 'guarded',
    details: { guard: 'mode', effect: EFFECT, reach: { status: 'checked', ruleCount: 1 } },
  });
});

it('people are told apart by name, without the requester', () => {
  expect(
    approversOf(ticket('grace@example.com', 'GRACE@example.com', 'ada@example.com', 'joan@example.com')),
  ).toHaveLength(2);
  expect(approversOf(ticket('grace', 'gra\u200bce', 'ｇｒａｃｅ', 'ada@exam\u00adple.com', '\u200b'))).toHaveLength(1);
});

it('an app is nobody’s second approver', () => {
  expect(approversOf(ticket('grace', 'merge[bot]'))).toEqual(['grace']);
});

it('nobody who stands for the request is an approver', () => {
  const opened = { ...ticket('ada@example.com', 'Öney', 'grace'), requestedWith: ['öney', 'kim'] };
  expect(approversOf(opened)).toEqual(['grace']);
});

describe('the configuration', () => {
  const rules = [{ rules: ['*'], response: 'refuse' }];

  it.each<[Record<string, unknown>, string | undefined]>([
    [{ reach: 'guarded', guards: { rules } }, undefined],
    [{ reach: 'deletes' }, undefined],
    [{ reach: 'deletes', guards: { rules } }, 'tenants.acme.reach'],
    [{ budget: { reads: 8 }, guards: { rules } }, 'tenants.acme.budget.reads'],
    [{ guards: { rules: [{ rules: [], response: 'refuse' }] } }, 'tenants.acme.guards.rules.0.rules'],
    [{ mode: 'sometimes' }, 'tenants.acme.mode'],
  ])('%j', (tenant, fault) => {
    expect(parsed(tenant).error?.issues[0]?.path.join('.')).toBe(fault);
  });

  it('applies, reads rules always and guards nothing unless told', () => {
    expect(tenantOf({})).toMatchObject({ mode: 'apply', reach: 'always', guards: { deletes: 'allowed', rules: [] } });
  });
});
