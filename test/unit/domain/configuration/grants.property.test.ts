import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangeRequest, Reference } from '../../../../shared/domain/change/change.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { matchesPattern } from '../../../../shared/domain/configuration/grants.ts';
import { decide } from '../../../../shared/domain/decide/decide.ts';
import type { Decision } from '../../../../shared/domain/decide/decision.ts';
import { permitFor } from '../../../../shared/domain/decide/permit.ts';
import { applicationReferences, groupsNamed } from '../../../../shared/domain/group/live-view.ts';
import { changes, GROUPS, homesAfter, ids, NAMES, type Tenant, tenants, viewOf } from '../sample-tenant.ts';

const patterns = (...more: string[]) => fc.constantFrom(['*'], ['Git*'], ['Web*'], ['Git*', 'Web*'], more);
const grants = fc.array(fc.record({ groups: patterns('Git one', 'New*'), applications: patterns() }), {
  minLength: 1,
  maxLength: 2,
});
type Granted = { groups: string[]; applications: string[] };

function decided(tenant: Tenant, change: ChangeRequest, granted: readonly Granted[]): Decision {
  const actions = ['create', 'update', 'delete'];
  const flags = ['leaveUngrouped', 'takeFromOtherGroups', 'moveApplicationsTo'];
  const configuration = configurationSchema.parse({
    name: 'unit',
    tenants: { acme: { customerId: '1', vanity: 'acme' } },
    sources: {
      desk: { system: 'Desk', grants: granted.map((one) => ({ tenants: ['acme'], actions, flags, ...one })) },
    },
  });
  return decide(change, viewOf(tenant, change), '0', permitFor(configuration, 'desk', change));
}

describe('whatever is written', () => {
  it('touches groups and application segments of one grant only', () => {
    let written = 0;
    fc.assert(
      fc.property(tenants, changes, grants, (tenant, change, granted) => {
        const decision = decided(tenant, change, granted);
        if (decision.kind !== 'write') return;
        written += 1;
        const [was, is] = [homesAfter(tenant, []), homesAfter(tenant, decision.transitions)];
        const moved = ids.filter((id) => was.get(id) !== is.get(id)).map((id) => NAMES.get(id) ?? '');
        const groups = decision.transitions.flatMap(({ before, after }) => [before?.name, after?.name]);
        const covers = (one: Granted) =>
          moved.every((name) => one.applications.some((pattern) => matchesPattern(pattern, name))) &&
          groups.every((name) => name === undefined || one.groups.some((pattern) => matchesPattern(pattern, name)));
        expect(granted.filter(covers)).not.toEqual([]);
      }),
      { numRuns: 3000 },
    );
    expect(written).toBeGreaterThan(300);
  });
});

describe('whatever is answered', () => {
  it('is "not permitted", unless one grant covers all that the change names, its expectations too', () => {
    let [answered, expected] = [0, 0];
    fc.assert(
      fc.property(tenants, changes, grants, (tenant, change, granted) => {
        const decision = decided(tenant, change, granted);
        if (decision.kind === 'rejected' && decision.code === 'not-permitted') return;
        answered += 1;
        if (change.expect !== undefined) expected += 1;
        const nameOf = (names: ReadonlyMap<string, string>) => (one: Reference) =>
          'id' in one ? (names.get(one.id) ?? '') : one.name;
        const groups = groupsNamed(change).map(nameOf(new Map(GROUPS.map(({ id, name }) => [id, name]))));
        const applications = applicationReferences(change).map(nameOf(NAMES));
        const covers = (one: Granted) =>
          groups.every((name) => one.groups.some((pattern) => matchesPattern(pattern, name))) &&
          applications.every((name) => one.applications.some((pattern) => matchesPattern(pattern, name)));
        expect(granted.filter(covers)).not.toEqual([]);
      }),
      { numRuns: 3000 },
    );
    expect(answered).toBeGreaterThan(300);
    expect(expected).toBeGreaterThan(30);
  });
});
