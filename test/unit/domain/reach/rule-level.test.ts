import { describe, expect, it } from 'vitest';
import type { PolicyRule, RuleCondition } from '../../../../shared/domain/group/policy-rule.ts';
import {
  asksForApplications,
  criteriaMet,
  exceeds,
  isSimple,
  type Level,
  levelIfDisabledHides,
  levelOf,
  type Place,
} from '../../../../shared/domain/reach/rule-level.ts';
import { aCondition, aRule } from '../../../fakes/rules.ts';

const IN = { groupId: '1', groupDisabled: false };
const OUT: Place = { groupId: undefined, groupDisabled: false };
const rule = (operator: PolicyRule['operator'], ...conditions: Partial<RuleCondition>[]) =>
  aRule(undefined, { operator, conditions: conditions.map(aCondition) });
/** Conditions about application 11 in group 1. */
const level = (of: PolicyRule, place: Place = IN) => levelOf(of, '11', place);

/** Conditions that name it, that name another one, and that have criteria not known here. */
const YES = { groupIds: ['1'] };
const NO = { groupIds: ['2'] };
const UNKNOWN = { others: true };

describe('a condition', () => {
  it.each<[string, Partial<RuleCondition>, Level]>([
    ['that names its group', YES, 'always'],
    ['that names it', { applicationIds: ['11'] }, 'always'],
    ['that names another group', NO, 'never'],
    ['that names another application', { applicationIds: ['12'] }, 'never'],
    ['that asks for nothing', {}, 'always'],
    ['that asks for people', UNKNOWN, 'sometimes'],
    ['of a form nobody knows', { plain: false }, 'sometimes'],
    ['that names any of several', { groupIds: ['2', '1'], applicationIds: ['12'] }, 'always'],
    [
      'that wants all of several, of which one fits',
      { operator: 'AND', groupIds: ['1'], applicationIds: ['12'] },
      'never',
    ],
    ['that wants all of several, which fit', { operator: 'AND', groupIds: ['1'], applicationIds: ['11'] }, 'always'],
    ['that names it or asks for people', { ...YES, others: true }, 'always'],
    ['that names another one or asks for people', { ...NO, others: true }, 'sometimes'],
    ['that names it and asks for people', { ...YES, operator: 'AND', others: true }, 'sometimes'],
    ['that names another one and asks for people', { ...NO, operator: 'AND', others: true }, 'never'],
    ['that does not want it', { ...YES, negated: true }, 'never'],
    ['that does not want another one', { ...NO, negated: true }, 'always'],
    ['that does not want another one nor some people', { ...NO, others: true, negated: true }, 'sometimes'],
  ])('%s matches an application: %o, %s', (_, condition, expected) => {
    expect(level(rule('AND', condition))).toBe(expected);
  });

  it('of a group never matches what is in none', () => {
    expect(level(rule('AND', YES), OUT)).toBe('never');
  });
});

describe('a rule', () => {
  it('without conditions matches everything', () => {
    expect(level(rule('AND'))).toBe('always');
  });

  it.each<[Partial<RuleCondition>[], Level, Level]>([
    [[YES, YES], 'always', 'always'],
    [[YES, UNKNOWN], 'sometimes', 'always'],
    [[UNKNOWN, YES], 'sometimes', 'always'],
    [[YES, NO], 'never', 'always'],
    [[NO, UNKNOWN], 'never', 'sometimes'],
    [[NO, NO], 'never', 'never'],
  ])(
    'of %o matches as its weakest where all are wanted, %s, and as its strongest where one is enough, %s',
    (conditions, all, any) => {
      expect(level(rule('AND', ...conditions))).toBe(all);
      expect(level(rule('OR', ...conditions))).toBe(any);
    },
  );

  it('may be blind to what is in a group that is switched off', () => {
    const inDisabledGroup = { groupId: '1', groupDisabled: true };
    expect(levelIfDisabledHides(rule('AND', YES), '11', inDisabledGroup)).toBe('never');
    expect(levelIfDisabledHides(rule('AND', YES), '11', IN)).toBe('always');
    expect(level(rule('AND', YES), inDisabledGroup)).toBe('always');
  });

  it('has as many criteria that fit as name the application or its group', () => {
    const both = rule('AND', { groupIds: ['1', '2'], applicationIds: ['11', '12'] }, YES, UNKNOWN);
    expect(criteriaMet(both, '11', IN)).toBe(3);
    expect(criteriaMet(both, '11', OUT)).toBe(1);
    expect(criteriaMet(both, '13', OUT)).toBe(0);
  });

  it('reaches further the surer it matches', () => {
    const all: Level[] = ['never', 'sometimes', 'always'];
    expect(all.map((one) => all.filter((other) => exceeds(one, other)).length)).toEqual([0, 1, 2]);
  });
});

describe('the form that the console makes', () => {
  it.each<[string, PolicyRule, boolean]>([
    ['one list joined by OR', rule('AND', { groupIds: ['1', '2'], applicationIds: ['11'] }), true],
    ['one list beside people', rule('AND', YES, UNKNOWN), true],
    ['one list that nothing is joined to', rule('OR', YES), true],
    ['one criterion, whatever joins it', rule('AND', { ...YES, operator: 'AND' }), true],
    ['one application, whatever joins it', rule('AND', { applicationIds: ['11'], operator: 'AND' }), true],
    [
      'several criteria joined by AND',
      rule('AND', { groupIds: ['1'], applicationIds: ['11'], operator: 'AND' }),
      false,
    ],
    ['two criteria of a kind joined by AND', rule('AND', { groupIds: ['1', '2'], operator: 'AND' }), false],
    ['no list', rule('AND', UNKNOWN), false],
    ['two lists', rule('AND', YES, { applicationIds: ['11'] }), false],
    ['conditions joined by OR', rule('OR', YES, UNKNOWN), false],
    ['a list that is negated', rule('AND', { ...YES, negated: true }), false],
    ['a list that asks for people too', rule('AND', { ...YES, others: true }), false],
    ['a list of a form nobody knows', rule('AND', { ...YES, plain: false }), false],
    ['anything else of a form nobody knows', rule('AND', YES, { others: true, plain: false }), false],
  ])('is %s: %o, %s', (_, of, expected) => {
    expect(isSimple(of)).toBe(expected);
  });

  it('asks for applications by group or by id', () => {
    expect([YES, { applicationIds: ['11'] }, UNKNOWN].map((one) => asksForApplications(aCondition(one)))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
