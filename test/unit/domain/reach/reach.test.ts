import { describe, expect, it } from 'vitest';
import type { SegmentGroup } from '../../../../shared/domain/group/group.ts';
import type { PolicyRule } from '../../../../shared/domain/group/policy-rule.ts';
import type { Reach, RuleReach } from '../../../../shared/domain/outcome/outcome.ts';
import { reachLines } from '../../../../shared/domain/outcome/reach-text.ts';
import {
  altersReach,
  computeReach,
  type ReachTransition,
  truncateReach,
} from '../../../../shared/domain/reach/reach.ts';
import { aCondition, aRule, aSeenGroup, membership, PEOPLE, READ_AT, rulesRead } from '../../../fakes/rules.ts';

const JOINS = [membership('1', ['11'], ['11', '12'])];
const LEAVES = [membership('1', ['11', '12'], ['11'])];
const MOVES = [membership('1', ['11', '12'], ['11']), membership('2', [], ['12'])];

function rulesOf(reach: Reach): RuleReach[] {
  if (reach.status !== 'checked' || reach.rules === undefined) throw new Error('reach was not computed');
  return reach.rules;
}
const reachOf = (transitions: ReachTransition[], ...rules: PolicyRule[]) =>
  rulesOf(computeReach(transitions, rulesRead(rules)));
const ids = (rule: RuleReach | undefined) => ({
  gains: rule?.gains.applications.map((one) => one.id) ?? [],
  loses: rule?.loses.applications.map((one) => one.id) ?? [],
});
const effects = (rules: RuleReach[]) => rules.map(({ exposes, interrupts }) => `${exposes}/${interrupts}`);

const onGroup = (of: Partial<PolicyRule> = {}) => aRule({ groupIds: ['1'] }, of);

describe('a new group', () => {
  const created = (of: Partial<SegmentGroup>): ReachTransition[] => [
    { before: null, after: { ...aSeenGroup('new', ['12']), ...of } },
  ];
  const naming = aRule({ groupIds: ['new'], applicationIds: ['12'] });

  it('is named by no rule, so none need be read', () => {
    const unread = { status: 'unread', reason: 'any' } as const;
    expect(computeReach(created({ enabled: true }), unread)).toMatchObject({ status: 'checked', rules: [] });
    expect(altersReach(created({ enabled: true }))).toBe(false);
  });

  it('that is disabled may hide its applications from the rules that name these', () => {
    expect(computeReach(created({ enabled: false }), { status: 'unread', reason: 'any' }).status).toBe('not-checked');
    expect(effects(reachOf(created({ enabled: false }), naming))).toEqual(['no/may']);
  });
});

describe('what a rule gains and loses', () => {
  it('an application that joins a group joins the rules that name it', () => {
    const [rule] = reachOf(JOINS, onGroup());
    expect(rule).toMatchObject({ ruleName: 'Engineering', ruleOrder: '3', action: 'ALLOW', disabled: false });
    expect(ids(rule)).toEqual({ gains: ['12'], loses: [] });
    expect(rule?.gains.sure).toBe('yes');
  });

  it('and leaves them with the group', () => {
    expect(ids(reachOf(LEAVES, onGroup())[0])).toEqual({ gains: [], loses: ['12'] });
  });

  it('a move is a loss here and a gain there', () => {
    const rules = reachOf(MOVES, onGroup({ ruleId: '1' }), aRule({ groupIds: ['2'] }, { ruleId: '2' }));
    expect(rules.map((rule) => [rule.ruleId, ids(rule)])).toEqual([
      ['1', { gains: [], loses: ['12'] }],
      ['2', { gains: ['12'], loses: [] }],
    ]);
  });

  it.each<[string, PolicyRule]>([
    ['names another group', aRule({ groupIds: ['9'] })],
    ['asks for no application', aRule(undefined)],
    ['has no condition', aRule(undefined, { conditions: [] })],
    ['names the application itself too', aRule({ groupIds: ['1'], applicationIds: ['12'] })],
  ])('nothing where the rule %s', (_, rule) => {
    expect(reachOf(JOINS, rule)).toEqual([]);
  });

  it('nothing by a move between two groups that the rule names', () => {
    expect(reachOf(MOVES, aRule({ groupIds: ['1', '2'] }))).toEqual([]);
  });

  it('a group written twice counts from its first state to its last', () => {
    const emptied = aSeenGroup('1', []);
    const transitions: ReachTransition[] = [
      { before: aSeenGroup('1', ['11']), after: emptied },
      membership('2', [], ['11']),
      { before: emptied, after: null },
    ];
    expect(reachOf(transitions, aRule({ groupIds: ['2'] })).map(ids)).toEqual([{ gains: ['11'], loses: [] }]);
    expect(reachOf(transitions, aRule({ groupIds: ['1'] })).map(ids)).toEqual([{ gains: [], loses: ['11'] }]);
    expect(reachOf(transitions, aRule({ groupIds: ['1', '2'] }))).toEqual([]);
  });
});

describe('what that does to access', () => {
  it.each<[string, ReachTransition[], Partial<PolicyRule>, string]>([
    ['a rule that allows gains', JOINS, {}, 'yes/no'],
    ['a rule that allows loses', LEAVES, {}, 'no/yes'],
    ['a rule that denies gains', JOINS, { action: 'DENY' }, 'no/yes'],
    ['a rule that denies loses', LEAVES, { action: 'DENY' }, 'yes/no'],
    ['a rule that asks for approval gains', JOINS, { action: 'REQUIRE_APPROVAL' }, 'may/may'],
    ['a rule with an action nobody knows', LEAVES, { action: 'PONDER' }, 'may/may'],
    ['a timeout', JOINS, { policyType: 'TIMEOUT_POLICY', action: 'RE_AUTH' }, 'no/no'],
    ['a bypass', JOINS, { policyType: 'CLIENT_FORWARDING_POLICY', action: 'BYPASS' }, 'no/no'],
    ['a disabled rule', JOINS, { disabled: true }, 'no/no'],
  ])('%s', (_, transitions, of, expected) => {
    expect(effects(reachOf(transitions, onGroup(of)))).toEqual([expected]);
  });
});

describe('only perhaps', () => {
  const about = aCondition({ groupIds: ['1'] });

  it.each<[string, PolicyRule, string]>([
    ['negated: joining takes it out', aRule({ groupIds: ['1'], negated: true }), 'no/may'],
    ['a rule joined by OR', aRule(undefined, { operator: 'OR', conditions: [PEOPLE, about] }), 'may/no'],
    ['two criteria joined by AND', aRule({ groupIds: ['1', '7'], operator: 'AND' }), 'may/may'],
    ['people and groups in one condition', aRule({ groupIds: ['1'], others: true }), 'may/may'],
    [
      'two conditions about applications',
      aRule(undefined, { conditions: [about, aCondition({ groupIds: ['7'] })] }),
      'may/may',
    ],
    ['a form nobody described', aRule({ groupIds: ['1'], plain: false }), 'may/no'],
  ])('%s', (_, rule, expected) => {
    expect(effects(reachOf(JOINS, rule))).toEqual([expected]);
  });

  it('switching a group touches its applications, wherever rules name them', () => {
    const transition = { before: aSeenGroup('1', ['11']), after: aSeenGroup('1', ['11'], { enabled: false }) };
    const rules = reachOf([transition], onGroup({ ruleId: '1' }), aRule({ applicationIds: ['11'] }, { ruleId: '2' }));
    expect(effects(rules)).toEqual(['no/may', 'no/may']);
    expect(reachOf([{ before: transition.after, after: transition.before }], onGroup()).map(ids)).toEqual([
      { gains: ['11'], loses: [] },
    ]);
  });

  it.each(['11', '12', '13'])('switching a group of several touches the rule that names only %s of them', (named) => {
    const all = ['11', '12', '13'];
    const transition = { before: aSeenGroup('1', all), after: aSeenGroup('1', all, { enabled: false }) };
    expect(reachOf([transition], aRule({ applicationIds: [named] })).map(ids)).toEqual([{ gains: [], loses: [named] }]);
  });

  it('joining a disabled group', () => {
    const transition = {
      before: aSeenGroup('1', [], { enabled: false }),
      after: aSeenGroup('1', ['11'], { enabled: false }),
    };
    expect(effects(reachOf([transition], onGroup()))).toEqual(['may/no']);
  });
});

describe('the answer', () => {
  it('needs no rules where no application changes place', () => {
    const renamed = { before: aSeenGroup('1', ['11']), after: aSeenGroup('1', ['11'], { name: 'New' }) };
    expect(altersReach([renamed])).toBe(false);
    expect(computeReach([renamed], { status: 'unread', reason: 'nobody looked' })).toMatchObject({
      status: 'checked',
      rules: [],
    });
  });

  it('says why it is none where rules were not read', () => {
    expect(computeReach(JOINS, { status: 'unread', reason: 'nobody looked' })).toEqual({
      status: 'not-checked',
      reason: 'nobody looked',
    });
  });

  it('tells the weightiest rule first, names applications, and says as of when', () => {
    const reach = computeReach(
      JOINS,
      rulesRead([
        onGroup({ ruleId: '5', ruleName: 'Off', disabled: true }),
        onGroup({ ruleId: '4', ruleName: 'Timeout', policyType: 'TIMEOUT_POLICY', action: 'RE_AUTH' }),
        aRule({ groupIds: ['1'], negated: true }, { ruleId: '3', ruleName: 'Not those' }),
        onGroup({ ruleId: '2', ruleName: 'Late', ruleOrder: '12' }),
        onGroup({ ruleId: '1', ruleName: 'Early', ruleOrder: '4' }),
      ]),
      new Map([['12', 'Wiki']]),
    );
    expect(reachLines(reach)).toEqual([
      '5 policy rules are affected: 2 open access, 1 may interrupt access, 1 is disabled, 1 applies to other application segments; most affected: "Early" (ACCESS_POLICY, order 4, ALLOW) (rules as of 10:20:31 UTC).',
      '"Early" (ACCESS_POLICY, order 4, ALLOW) gains 1 application segment (Wiki), which opens access',
      '"Late" (ACCESS_POLICY, order 12, ALLOW) gains 1 application segment (Wiki), which opens access',
      '"Not those" (ACCESS_POLICY, order 3, ALLOW) may lose 1 application segment (Wiki), which may interrupt access',
      '"Timeout" (TIMEOUT_POLICY, order 3, RE_AUTH) gains 1 application segment (Wiki)',
      '"Off" (ACCESS_POLICY, order 3, ALLOW) gains 1 application segment (Wiki); the rule is disabled, so nothing changes while it is',
    ]);
    expect(reach).toMatchObject({ asOf: READ_AT, ruleCount: 5 });
  });

  it('tells rules of one weight by policy, then by order, those without one last', () => {
    const named = (ruleId: string, of: Partial<PolicyRule>) => onGroup({ ruleId, action: 'REQUIRE_APPROVAL', ...of });
    const later = { policyType: 'TIMEOUT_POLICY', action: 'ALLOW' };
    const rules = [
      named('4', { ruleOrder: undefined }),
      named('5', { ruleOrder: '12' }),
      named('7', { ruleOrder: '4' }),
      named('6', { ruleOrder: '4' }),
      named('3', { ...later, ruleOrder: '2' }),
      named('2', { ...later, ruleOrder: '1' }),
      named('1', { ...later, disabled: true }),
      named('0', { action: 'ALLOW', ruleOrder: '99' }),
    ];
    const order = (list: PolicyRule[]) => reachOf(JOINS, ...list).map((rule) => rule.ruleId);
    expect(order(rules)).toEqual(['0', '2', '3', '6', '7', '5', '4', '1']);
    expect(order(rules.toReversed())).toEqual(order(rules));
  });

  it('says which policy types were not read, each once', () => {
    const skipped = ['B', 'A', 'B'].map((policyType) => ({ policyType, reason: 'not licensed' }));
    const reading = rulesRead([onGroup()]);
    expect(computeReach(JOINS, { ...reading, ...(reading.status === 'read' && { skipped }) })).toMatchObject({
      skipped: ['B', 'A'],
    });
  });

  it('says of a rule only what is known of it', () => {
    const [rule] = reachOf(JOINS, onGroup({ ruleOrder: undefined, action: undefined }));
    expect(rule).not.toHaveProperty('ruleOrder');
    expect(rule).not.toHaveProperty('action');
    expect(rule?.gains.applications).toEqual([{ id: '12' }]);
  });

  it('of a group that goes is that of its applications', () => {
    const group = aSeenGroup('1', ['11']);
    expect(reachOf([{ before: group, after: null }], onGroup()).map(ids)).toEqual([{ gains: [], loses: ['11'] }]);
  });

  it('that nobody computed is not cut', () => {
    const unread: Reach = { status: 'not-checked', reason: 'nobody looked' };
    expect(truncateReach(unread)).toEqual(unread);
  });

  it('is cut with its counts kept', () => {
    const many = Array.from({ length: 30 }, (_, i) => String(100 + i));
    const rules = Array.from({ length: 30 }, (_, i) => onGroup({ ruleId: String(i) }));
    const cut = truncateReach(computeReach([membership('1', [], many)], rulesRead(rules)), 20, 5);
    expect(cut).toMatchObject({ ruleCount: 30 });
    expect(rulesOf(cut)).toHaveLength(20);
    expect(rulesOf(cut)[0]?.gains).toMatchObject({ count: 30, applications: [{ id: '100' }, {}, {}, {}, {}] });
    expect(reachLines(cut).at(-1)).toBe('and 20 more');
  });

  it('of an older version is its sentence', () => {
    const old: Reach = { status: 'checked', summary: 'no policy rule named the group in 14 policy types' };
    expect(truncateReach(old)).toEqual(old);
    expect(reachLines(old)).toEqual([old.summary]);
  });
});
