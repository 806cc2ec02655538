import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyRule } from '../../../../shared/domain/group/policy-rule.ts';
import { computeReach, type ReachTransition } from '../../../../shared/domain/reach/reach.ts';
import { aRule, aSeenGroup, rulesRead } from '../../../fakes/rules.ts';

const GROUPS = ['1', '2', '3'];
const APPLICATIONS = ['11', '12', '13', '14'];

/** Each application is in at most one group, as in ZPA. */
const tenant = fc
  .record({
    homes: fc.array(fc.constantFrom(undefined, ...GROUPS), { minLength: 4, maxLength: 4 }),
    enabled: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  })
  .map(({ homes, enabled }) =>
    GROUPS.map((id, i) =>
      aSeenGroup(
        id,
        APPLICATIONS.filter((_, at) => homes[at] === id),
        { enabled: enabled[i] ?? true },
      ),
    ),
  );

const change = fc
  .tuple(tenant, tenant)
  .map(([before, after]): ReachTransition[] => before.map((group, i) => ({ before: group, after: after[i] ?? null })));

const condition = fc.record({
  operator: fc.constantFrom('AND' as const, 'OR' as const, 'unknown' as const),
  negated: fc.boolean(),
  groupIds: fc.subarray([...GROUPS, '9']),
  applicationIds: fc.subarray(APPLICATIONS),
  others: fc.boolean(),
  plain: fc.boolean(),
});
const rule = fc
  .record({
    operator: fc.constantFrom('AND' as const, 'OR' as const, 'unknown' as const),
    action: fc.constantFrom('ALLOW', 'DENY', 'REQUIRE_APPROVAL', 'RE_AUTH'),
    policyType: fc.constantFrom('ACCESS_POLICY', 'TIMEOUT_POLICY'),
    disabled: fc.boolean(),
    conditions: fc.array(condition, { maxLength: 3 }),
  })
  .map((of) => aRule(undefined, of));
/** Rules of the form that the console makes. */
const plainRule = fc
  .record({ groupIds: fc.subarray(GROUPS, { minLength: 1 }), action: fc.constantFrom('ALLOW', 'DENY') })
  .map(({ groupIds, action }) => aRule({ groupIds }, { action }));
const rules = fc
  .array(fc.oneof(rule, plainRule), { maxLength: 6 })
  .map((list) => list.map((one, i): PolicyRule => ({ ...one, ruleId: String(i) })));

function rulesOf(transitions: ReachTransition[], list: PolicyRule[]) {
  const reach = computeReach(transitions, rulesRead(list));
  if (reach.status !== 'checked') throw new Error('the rules were read');
  return reach.rules ?? [];
}
const sorted = <T extends { ruleId: string }>(list: T[]) =>
  list.toSorted((a, b) => Number(a.ruleId) - Number(b.ruleId));

describe('the reach of a change', () => {
  it('turns around with the change', () => {
    fc.assert(
      fc.property(change, rules, (transitions, list) => {
        const back = transitions.map(({ before, after }) => ({ before: after, after: before }));
        const turned = sorted(rulesOf(back, list)).map((one) => ({
          ...one,
          gains: { ...one.loses, applications: one.loses.applications.toSorted((a, b) => Number(a.id) - Number(b.id)) },
          loses: { ...one.gains, applications: one.gains.applications.toSorted((a, b) => Number(a.id) - Number(b.id)) },
          exposes: one.interrupts,
          interrupts: one.exposes,
        }));
        const straight = sorted(rulesOf(transitions, list)).map((one) => ({
          ...one,
          gains: { ...one.gains, applications: one.gains.applications.toSorted((a, b) => Number(a.id) - Number(b.id)) },
          loses: { ...one.loses, applications: one.loses.applications.toSorted((a, b) => Number(a.id) - Number(b.id)) },
        }));
        expect(turned).toEqual(straight);
      }),
    );
  });

  it('of what changes nothing is empty', () => {
    fc.assert(
      fc.property(tenant, rules, (groups, list) => {
        expect(
          rulesOf(
            groups.map((group) => ({ before: group, after: group })),
            list,
          ),
        ).toEqual([]);
      }),
    );
  });

  it('loses no criterion: whatever a rule asked and no longer finds fulfilled, or now does, is listed', () => {
    fc.assert(
      fc.property(change, rules, (transitions, list) => {
        const home = (side: 'before' | 'after', id: string) =>
          transitions.find((transition) => transition[side]?.applicationIds.includes(id))?.[side]?.id;
        const told = new Map(
          rulesOf(transitions, list).map((one) => [one.ruleId, [...one.gains.applications, ...one.loses.applications]]),
        );
        for (const one of list) {
          // The only criterion about applications, alone in its condition: no other criterion can compensate for it.
          const asking = one.conditions.filter((c) => c.groupIds.length + c.applicationIds.length > 0);
          const [only] = asking;
          if (asking.length !== 1 || only === undefined || only.applicationIds.length > 0 || only.operator !== 'OR')
            continue;
          for (const id of APPLICATIONS) {
            const fits = (group: string | undefined) => group !== undefined && only.groupIds.includes(group);
            if (fits(home('before', id)) === fits(home('after', id))) continue;
            expect(told.get(one.ruleId)?.map((a) => a.id) ?? []).toContain(id);
          }
        }
      }),
    );
  });

  it('of several applications is that of each alone', () => {
    fc.assert(
      fc.property(change, rules, (transitions, list) => {
        const told = (of: typeof transitions, id: string) =>
          sorted(rulesOf(of, list)).flatMap(({ ruleId, gains, loses }) =>
            Object.entries({ gains, loses }).flatMap(([kind, { applications }]) =>
              applications.some((one) => one.id === id) ? [`rule ${ruleId} ${kind} it`] : [],
            ),
          );
        const only = (id: string, group: ReachTransition['before']) =>
          group && { ...group, applicationIds: group.applicationIds.filter((one) => one === id) };
        for (const id of APPLICATIONS) {
          const alone = transitions.map(({ before, after }) => ({ before: only(id, before), after: only(id, after) }));
          expect(told(transitions, id)).toEqual(told(alone, id));
        }
      }),
    );
  });

  it('is certain of enabled groups and rules as the console makes them', () => {
    const enabled = change.map((transitions) =>
      transitions.map(({ before, after }) => ({
        before: before && { ...before, enabled: true },
        after: after && { ...after, enabled: true },
      })),
    );
    fc.assert(
      fc.property(enabled, fc.array(plainRule, { maxLength: 4 }), (transitions, list) => {
        for (const one of rulesOf(transitions, list)) {
          expect([one.gains.sure, one.loses.sure]).not.toContain('may');
          expect(one.exposes === 'yes' || one.interrupts === 'yes').toBe(true);
        }
      }),
    );
  });
});
