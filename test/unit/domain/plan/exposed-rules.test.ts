import { describe, expect, it } from 'vitest';
import { exposedRules } from '../../../../shared/domain/plan/exposed-rules.ts';
import { computeReach } from '../../../../shared/domain/reach/reach.ts';
import { aRule, membership, rulesRead } from '../../../fakes/rules.ts';

type Rules = Parameters<typeof rulesRead>[0];

/** The rules that the move of applications into group 11 opens, as a plan has them. */
function opened(rules: Rules, after: string[], before: string[] = []) {
  const reach = computeReach([membership('11', before, after)], rulesRead(rules));
  return exposedRules(reach.status === 'checked' ? (reach.rules ?? []) : []);
}
const rule = (action: string, ruleId = '1') =>
  aRule({ groupIds: ['11'] }, { action, ruleId, ruleName: `Rule ${ruleId}` });

describe('a rule opens', () => {
  it.each([
    ['what it gains, where it allows', 'ALLOW', ['21', '22'], [], [['21', '22']]],
    ['nothing that it loses, where it allows', 'ALLOW', [], ['21'], []],
    ['only what it gains, where it loses something else', 'ALLOW', ['22'], ['21'], [['22']]],
    ['what it loses, where it denies', 'DENY', [], ['21'], [['21']]],
    ['nothing that it gains, where it denies', 'DENY', ['21'], [], []],
    ['only what it loses, where it gains something else', 'DENY', ['22'], ['21'], [['21']]],
    ['maybe both, where it does something else', 'REQUIRE_APPROVAL', ['22'], ['21'], [['21', '22']]],
  ])('%s', (_, action, after, before, applications) => {
    expect(opened([rule(action)], after, before).map((one) => one.applications)).toEqual(applications);
  });
});

it('the list is in one order, whatever the order of rules and applications', () => {
  const ids = ['3', '1', '2'];
  const list = opened(
    ids.map((id) => rule('ALLOW', id)),
    ['22', '21'],
  );
  expect(list.map((one) => [one.rule, one.ruleName, one.applications])).toEqual(
    ['1', '2', '3'].map((id) => [`ACCESS_POLICY/${id}`, `Rule ${id}`, ['21', '22']]),
  );
});

it('up to a thousand applications are listed; of more there is their number and a digest, which tells lists apart', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => String(1000 + i));
  const shown = (ids: string[]) => opened([rule('ALLOW')], ids)[0]?.applications;
  expect(shown(many(1000))).toEqual(many(1000));
  const digest = { count: 1001, digest: expect.stringMatching(/^[\w-]{22}$/) };
  expect(shown(many(1001))).toEqual(digest);
  expect(shown(['7', ...many(1000)])).toEqual(digest);
  expect(shown(['7', ...many(1000)])).not.toEqual(shown(many(1001)));
});
