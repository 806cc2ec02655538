import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangeRequest } from '../../../shared/domain/change/change.ts';
import { decide } from '../../../shared/domain/decide/decide.ts';
import type { LiveView } from '../../../shared/domain/group/live-view.ts';
import type { PolicyRule } from '../../../shared/domain/group/policy-rule.ts';
import {
  bindPlan,
  contentFingerprint,
  type DecidedChange,
  type PlanBinding,
  planBindingSchema,
} from '../../../shared/domain/plan/plan-binding.ts';
import { planDifference } from '../../../shared/domain/plan/plan-difference.ts';
import { aRule, rulesRead } from '../../fakes/rules.ts';
import { parsed, rawCreate, rawUpdate } from '../domain/sample-changes.ts';
import { aGroup, anApplication, asApplications, aView, found, MISSING } from '../domain/sample-live.ts';

const GROUP = aGroup('11', { name: 'Web', enabled: true });
const [A, B] = [anApplication('21'), anApplication('22')];
const ADD = parsed(
  rawUpdate({ group: { name: 'Web' }, applications: { add: [{ name: 'app-21' }, { name: 'app-22' }] } }),
);
const ALLOWS = aRule({ groupIds: ['11'] });

type Live = { rules?: PolicyRule[] } & Omit<Partial<LiveView>, 'rules'>;

function decided(change: ChangeRequest, { rules = [ALLOWS], ...over }: Live = {}): DecidedChange {
  const live = aView(found(GROUP), { applications: asApplications(A, B), reading: rulesRead(rules), ...over });
  return { change, live, decision: decide(change, live, '0', () => undefined) };
}
const HERE = { lane: 'PRODUCTION:72057594037927936', microtenantId: '0' };
const bound = (one: DecidedChange, scope = HERE) => bindPlan(one, { kind: 'wanted' }, scope);

describe('a plan', () => {
  it('holds where each name led and what access it opens', () => {
    const plan = bound(decided(ADD));
    expect(plan).toEqual({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      ...HERE,
      resolved: ['21', '22', '11'],
      exposes: [{ rule: 'ACCESS_POLICY/216196257331400501', sure: 'yes', applications: ['21', '22'] }],
    });
    expect(planBindingSchema.parse(plan)).toEqual(plan);
  });

  it('of a change that would be rejected showed no access, so whatever it opens later is more', () => {
    const plan = bound(decided(ADD, { applications: asApplications(A) }));
    expect(plan.exposes).toEqual([]);
    expect(planDifference(plan, decided(ADD))).toMatchObject({ details: { rules: [{ applications: ['21', '22'] }] } });
    expect(planDifference(plan, decided(ADD, { rules: [] }))).toBeUndefined();
    const unread = decided(ADD, { reading: { status: 'unread', reason: 'no time' } });
    expect(planDifference(plan, unread)?.sentence).toContain('the policy rules were not read');
  });

  it('says nothing of access where the worker will not look', () => {
    expect(bindPlan(decided(ADD), { kind: 'none', reason: 'configured so' }, HERE).exposes).toBeNull();
    expect(bound(decided(ADD, { reading: { status: 'unread', reason: 'no time' } })).exposes).toBeNull();
  });

  it('has another hash for another customer or microtenant', () => {
    const hashes = [HERE, { ...HERE, lane: 'PRODUCTION:9' }, { ...HERE, microtenantId: '111' }].map(
      (scope) => bound(decided(ADD), scope).hash,
    );
    expect(new Set(hashes).size).toBe(3);
  });

  it('has another name where a name leads elsewhere or another rule opens', () => {
    const hashes = [
      decided(ADD),
      decided(ADD, { rules: [] }),
      decided(ADD, { applications: asApplications(A, { ...B, id: '23' }) }),
    ].map((one) => bound(one).hash);
    expect(new Set(hashes).size).toBe(3);
    expect(bound(decided(ADD)).hash).toBe(hashes[0]);
  });

  it('stays small however much access is opened', () => {
    const ids = Array.from({ length: 300 }, (_, i) => String(1000 + i));
    const change = parsed(rawUpdate({ group: { name: 'Web' }, applications: { add: ids.map((id) => ({ id })) } }));
    const rules = Array.from({ length: 40 }, (_, i) => aRule({ groupIds: ['11'] }, { ruleId: String(i + 1) }));
    const one = decided(change, { applications: asApplications(...ids.map((id) => anApplication(id))), rules });
    const plan = bound(one);
    expect(JSON.stringify(plan).length).toBeLessThan(8000);
    expect(planDifference(plan, one)).toBeUndefined();
    const { applications } = one.live;
    const grown = decided(change, { applications, rules: [...rules, aRule({ groupIds: ['11'] }, { ruleId: '77' })] });
    expect(planDifference(plan, grown)?.details.rules.map(({ ruleId }) => ruleId)).toContain('77');
  });
});

describe('an approved change is held against its plan', () => {
  const plan = bound(decided(ADD));

  it('and passes where nothing that matters has changed', () => {
    const edited = aGroup('11', { name: 'Web', enabled: true, description: 'edited by somebody' });
    expect(planDifference(plan, decided(ADD))).toBeUndefined();
    expect(planDifference(plan, decided(ADD, { group: found(edited) }))).toBeUndefined();
    expect(planDifference(plan, decided(ADD, { rules: [] }))).toBeUndefined();
    const member = aGroup('11', { name: 'Web', enabled: true, applicationIds: ['21'] });
    expect(planDifference(plan, decided(ADD, { group: found(member) }))).toBeUndefined();
  });

  it('and not where a name leads to something else', () => {
    const other = planDifference(plan, decided(ADD, { applications: asApplications(A, { ...B, id: '23' }) }));
    expect(other?.sentence).toBe(
      `This is not what was approved as plan ${plan.hash.slice(0, 12)}: application segment "app-22" was 22 and is 23 now; ` +
        'policy rule "Engineering" would open access that the plan did not have',
    );
    expect(other?.details.names).toEqual([{ kind: 'application', name: 'app-22', planned: '22', now: '23' }]);
    const renamed = planDifference(plan, decided(ADD, { group: found({ ...GROUP, id: '99' }), rules: [] }));
    expect(renamed?.sentence).toContain('segment group "Web" was 11 and is 99 now');
  });

  it('and not where another rule, or a rule that was only possible, opens access by now', () => {
    const more = decided(ADD, { rules: [ALLOWS, aRule({ groupIds: ['11'] }, { ruleId: '5', ruleName: 'Guests' })] });
    expect(planDifference(plan, more)?.details.rules).toEqual([
      { policyType: 'ACCESS_POLICY', ruleId: '5', ruleName: 'Guests', applications: ['21', '22'] },
    ]);
    const unclear = bound(decided(ADD, { rules: [aRule({ groupIds: ['11'] }, { operator: 'unknown' })] }));
    expect(unclear.exposes?.[0]?.sure).toBe('may');
    expect(planDifference(unclear, decided(ADD))?.details.rules).toHaveLength(1);
    const disabled = bound(decided(ADD, { rules: [aRule({ groupIds: ['11'] }, { disabled: true })] }));
    expect(planDifference(disabled, decided(ADD))?.details.rules).toHaveLength(1);
  });

  it('and not where it opened only a part of it', () => {
    const member = aGroup('11', { name: 'Web', enabled: true, applicationIds: ['21'] });
    const part = bound(decided(ADD, { group: found(member) }));
    expect(planDifference(part, decided(ADD))?.details.rules[0]?.applications).toEqual(['21']);
  });

  it('and not where the rules cannot be told any more', () => {
    const unread = decided(ADD, { reading: { status: 'unread', reason: 'no time' } });
    expect(planDifference(plan, unread)?.sentence).toContain('it is unknown whether it opens more access');
    const silent = bindPlan(decided(ADD), { kind: 'none', reason: 'configured so' }, HERE);
    expect(planDifference(silent, unread)).toBeUndefined();
  });

  it('a name that led nowhere may have been made since, but a group that was to be made may not be there', () => {
    const early = bound(decided(ADD, { group: MISSING }));
    expect(early.resolved).toEqual(['21', '22', '']);
    expect(planDifference(early, decided(ADD, { rules: [] }))).toBeUndefined();
    const create = parsed(rawCreate({ group: { name: 'Web' } }));
    const made = bound(decided(create, { group: MISSING }));
    expect(planDifference(made, decided(create))?.sentence).toContain('segment group "Web" exists by now (11)');
    expect(planDifference(made, decided(create, { group: MISSING }))).toBeUndefined();
  });
});

describe('more access is always a difference, less never is', () => {
  const ids = ['21', '22', '23', '24'];
  const opened = fc.dictionary(fc.constantFrom('1', '2', '3'), fc.subarray(ids, { minLength: 1 }), {
    noNullPrototype: true,
  });
  const all = ids.map((id) => anApplication(id));
  const change = parsed(rawUpdate({ group: { id: '11' }, applications: { add: ids.map((id) => ({ id })) } }));
  const world = (rules: Record<string, string[]>) =>
    decided(change, {
      applications: asApplications(...all),
      rules: Object.entries(rules).flatMap(([rule, applicationIds]) =>
        applicationIds.map((id) => aRule({ groupIds: ['11'] }, { ruleId: `${rule}${id}`, ruleName: rule })),
      ),
    });

  it('for any two sets of rules', () => {
    fc.assert(
      fc.property(opened, opened, (before, after) => {
        const plan: PlanBinding = bound(world(before));
        const was = new Set(Object.entries(before).flatMap(([rule, list]) => list.map((id) => rule + id)));
        const is = Object.entries(after).flatMap(([rule, list]) => list.map((id) => rule + id));
        const grew = is.some((one) => !was.has(one));
        expect(planDifference(plan, world(after)) !== undefined).toBe(grew);
      }),
      { numRuns: 200 },
    );
  });
});

describe('an approved change finds its plan', () => {
  it('by what it asks for: key, window, set and order aside', () => {
    const raw = { group: { name: 'Web' }, applications: { add: [{ name: 'app-22' }, { name: 'app-21' }] } };
    const later = parsed(
      rawUpdate({
        ...raw,
        idempotencyKey: 'CHG1/1@A7',
        notBefore: '2027-01-01T00:00:00Z',
        changeSet: { id: 'CHG1', index: 1, size: 2 },
      }),
    );
    expect(contentFingerprint(later)).toBe(contentFingerprint(ADD));
    expect(contentFingerprint(parsed(rawUpdate({ ...raw, group: { name: 'Web 2' } })))).not.toBe(
      contentFingerprint(ADD),
    );
    expect(bound(decided(later)).hash).toBe(bound(decided(ADD)).hash);
  });
});

describe('the plan of a create that updates what exists', () => {
  const change = parsed(rawCreate({ group: { name: 'Web' }, ifExists: 'update', description: 'asked' }));
  const plannedOn = (group: LiveView['group']) => bound(decided(change, { group }));
  const nowOn = (plan: PlanBinding, group: LiveView['group']) => planDifference(plan, decided(change, { group }));
  const toCome = found({ ...GROUP, id: 'new-1' });

  it('is held to whether the group was there', () => {
    expect(nowOn(plannedOn(MISSING), MISSING)).toBeUndefined();
    expect(nowOn(plannedOn(MISSING), found(GROUP))?.sentence).toContain('segment group "Web" exists by now (11)');
    expect(nowOn(plannedOn(found(GROUP)), found(GROUP))).toBeUndefined();
    expect(nowOn(plannedOn(found(GROUP)), MISSING)).toMatchObject({
      sentence: expect.stringContaining('segment group "Web" was 11 and is gone'),
      details: { names: [{ kind: 'group', name: 'Web', planned: '11', now: '' }] },
    });
    expect(nowOn(plannedOn(found(GROUP)), found({ ...GROUP, id: '99' }))?.sentence).toContain('was 11 and is 99 now');
  });

  it('passes where an earlier change of the ticket has made the group', () => {
    expect(nowOn(plannedOn(toCome), found(GROUP))).toBeUndefined();
    expect(nowOn(plannedOn(toCome), MISSING)).toBeUndefined();
  });
});
