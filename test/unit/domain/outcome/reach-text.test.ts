import { describe, expect, it } from 'vitest';
import type { Certainty, ReachedApplications, RuleReach } from '../../../../shared/domain/outcome/outcome.ts';
import {
  accessWords,
  reachLines,
  reachSummary,
  ruleEffect,
  ruleTitle,
} from '../../../../shared/domain/outcome/reach-text.ts';

const none: ReachedApplications = { count: 0, sure: 'no', applications: [] };
const some = (count: number, sure: Certainty = 'yes', kept = count): ReachedApplications => ({
  count,
  sure,
  applications: Array.from({ length: kept }, (_, index) =>
    index === 0 ? { id: '11', name: 'Wiki' } : { id: `${11 + index}` },
  ),
});
const rule = (of: Partial<RuleReach> = {}): RuleReach => ({
  policyType: 'ACCESS_POLICY',
  ruleId: '1',
  ruleName: 'Sales',
  ruleOrder: '3',
  microtenantId: '0',
  action: 'ALLOW',
  disabled: false,
  gains: some(1),
  loses: none,
  exposes: 'no',
  interrupts: 'no',
  ...of,
});

describe('the sentence over all rules', () => {
  it.each<[RuleReach[], string]>([
    [[], 'No policy rule gains or loses an application segment.'],
    [
      [rule({ exposes: 'yes' })],
      '1 policy rule is affected: "Sales" (ACCESS_POLICY, order 3, ALLOW): it opens access.',
    ],
    [
      [rule({ exposes: 'may' })],
      '1 policy rule is affected: "Sales" (ACCESS_POLICY, order 3, ALLOW): it may open access.',
    ],
    [
      [rule({ exposes: 'yes', interrupts: 'may' })],
      '1 policy rule is affected: "Sales" (ACCESS_POLICY, order 3, ALLOW): it opens access, it may interrupt access.',
    ],
    [
      [rule({ interrupts: 'yes' }), rule({ interrupts: 'yes', ruleName: 'Other' }), rule(), rule({ disabled: true })],
      '4 policy rules are affected: 2 interrupt access, 1 is disabled, 1 applies to other application segments; most affected: "Sales" (ACCESS_POLICY, order 3, ALLOW).',
    ],
    [
      [rule({ interrupts: 'yes' }), rule({ exposes: 'may' }), rule({ exposes: 'may' })],
      '3 policy rules are affected: 2 may open access, 1 interrupts access; most affected: "Sales" (ACCESS_POLICY, order 3, ALLOW).',
    ],
    [
      [rule(), rule()],
      '2 policy rules are affected: 2 apply to other application segments; most affected: "Sales" (ACCESS_POLICY, order 3, ALLOW).',
    ],
  ])('of %o is %s', (rules, sentence) => {
    expect(reachSummary(rules)).toBe(sentence);
  });

  it('says when the rules were read', () => {
    expect(reachSummary([], Date.UTC(2026, 11, 1, 10, 20, 31))).toBe(
      'No policy rule gains or loses an application segment (rules as of 10:20:31 UTC).',
    );
  });
});

describe('a rule', () => {
  it('is called by its name, policy, and what else is known', () => {
    const { ruleOrder: _, action: __, ...bare } = rule();
    expect([ruleTitle(rule()), ruleTitle(bare)]).toEqual([
      '"Sales" (ACCESS_POLICY, order 3, ALLOW)',
      '"Sales" (ACCESS_POLICY)',
    ]);
  });

  it.each<[Partial<RuleReach>, string]>([
    [{ exposes: 'yes' }, 'gains 1 application segment (Wiki), which opens access'],
    [{ gains: some(3) }, 'gains 3 application segments (Wiki, 12, 13)'],
    [{ gains: some(9) }, 'gains 9 application segments (Wiki, 12, 13, 14, 15, 4 more)'],
    [{ gains: some(9, 'yes', 2) }, 'gains 9 application segments (Wiki, 12, 7 more)'],
    [{ gains: some(9, 'yes', 0) }, 'gains 9 application segments'],
    [{ gains: some(1, 'may'), exposes: 'may' }, 'may gain 1 application segment (Wiki), which may open access'],
    [{ gains: none, loses: some(1), interrupts: 'yes' }, 'loses 1 application segment (Wiki), which interrupts access'],
    [
      { loses: some(2, 'may'), exposes: 'yes', interrupts: 'may' },
      'gains 1 application segment (Wiki) and may lose 2 application segments (Wiki, 12), which opens access and may interrupt access',
    ],
    [
      { disabled: true, exposes: 'yes' },
      'gains 1 application segment (Wiki); the rule is disabled, so nothing changes while it is',
    ],
  ])('%o %s', (of, words) => {
    expect(ruleEffect(rule(of))).toBe(words);
  });

  it('that is switched off is said to be', () => {
    expect(accessWords(rule({ disabled: true, exposes: 'yes' }))).toBe('disabled');
  });
});

describe('the lines of a reach', () => {
  const reach = { status: 'checked', summary: 'Many.', ruleCount: 9, asOf: 1 } as const;

  it('are the sentence, some rules, and how many more there are', () => {
    expect(reachLines({ ...reach, rules: [rule(), rule(), rule()], skipped: [] }, 2)).toEqual([
      'Many.',
      '"Sales" (ACCESS_POLICY, order 3, ALLOW) gains 1 application segment (Wiki)',
      '"Sales" (ACCESS_POLICY, order 3, ALLOW) gains 1 application segment (Wiki)',
      'and 7 more',
    ]);
  });

  it('say what was not read', () => {
    expect(reachLines({ ...reach, ruleCount: 0, rules: [], skipped: ['A', 'B'] })).toEqual([
      'Many.',
      'not licensed, so not read: A, B',
    ]);
    expect(reachLines({ status: 'not-checked', reason: 'nobody looked' })).toEqual(['not checked: nobody looked']);
  });
});
