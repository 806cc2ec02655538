import fc from 'fast-check';
import { expect, it } from 'vitest';
import { approvedBefore } from '../../../../functions/apply/rules/approved-before.ts';
import type { AcceptRequest } from '../../../../shared/domain/change/change.ts';
import { configurationSchema } from '../../../../shared/domain/configuration/configuration.ts';
import { matchesPattern } from '../../../../shared/domain/configuration/grants.ts';
import { decide } from '../../../../shared/domain/decide/decide.ts';
import { permitFor } from '../../../../shared/domain/decide/permit.ts';
import { foldDesired } from '../../../../shared/domain/ledger/desired.ts';
import type { DesiredGroup } from '../../../../shared/domain/records/desired-group.ts';
import { newestClaims } from '../../../../shared/domain/records/newest-claims.ts';
import { approvedFor, changeRecord, desiredFrom, outcomeOf, settledWith } from '../../domain/ledger-items.ts';
import { parsed, rawAccept } from '../../domain/sample-changes.ts';
import { GROUPS, ids, NAMES, tenants, viewOf } from '../../domain/sample-tenant.ts';

/** An adversary may accept what he likes: whatever becomes approved, or no longer is, lies within his grant. */

const nameOf = new Map(GROUPS.map(({ id, name }) => [id, name]));
const grants = fc.record({
  groups: fc.constantFrom(['Git*'], ['Web'], ['Git one'], ['*']),
  applications: fc.constantFrom(['Git*'], ['Web*', 'Ssh'], ['*'], []),
});
const some = fc.subarray(ids);
const any = fc.subarray(ids, { minLength: 1 });
const approvals = fc
  .array(fc.record({ group: fc.constantFrom('1', '2', '3'), has: some, hasNot: some, whole: fc.boolean() }), {
    maxLength: 5,
  })
  .map((list) =>
    desiredFrom(
      list.map(({ group, has, hasNot, whole }, index) => {
        const members = whole ? { has: [], hasNot: [], exactly: has } : { has, hasNot };
        return settledWith(index + 1, approvedFor(group, { fields: { name: nameOf.get(group) ?? '' }, members }));
      }),
    ),
  );
const states = fc.oneof(
  fc.constant('absent'),
  fc.constant('as it lives'),
  any.map((list) => ({ applications: { has: list.map((id) => ({ id })) } })),
  any.map((list) => ({ applications: { hasNot: list.map((id) => ({ id })) } })),
  fc.record({ name: fc.constantFrom(...nameOf.values()), enabled: fc.boolean() }),
);

/** The group into which each application is approved by its newest approval. */
function homes(desired: readonly DesiredGroup[]): Map<string, { group: string; sequence: number }> {
  const claims = [...newestClaims(desired)].filter(([, { isLeft }]) => !isLeft);
  return new Map(claims.map(([id, { group, sequence }]) => [id, { group: group.groupId, sequence }]));
}

const NOW = 100;
/** Every application is looked up. */
const LOOKED_UP = { applications: { hasNot: ids.map((id) => ({ id })) } };

it('holds for any tenant, approvals and grant', () => {
  let recorded = 0;
  fc.assert(
    fc.property(
      tenants,
      approvals,
      grants,
      states,
      fc.constantFrom('1', '2', '3'),
      (tenant, desired, grant, asked, id) => {
        const live = tenant.groups.find((one) => one.id === id);
        const whole = { exactly: (live?.applicationIds ?? []).map((one) => ({ id: one })) };
        const raw = rawAccept(asked === 'as it lives' ? { applications: whole } : asked, { id });
        const change = parsed({ ...raw, tenant: 'acme' }) as AcceptRequest;
        const configuration = configurationSchema.parse({
          name: 'unit',
          tenants: { acme: { customerId: '72057594037927936', vanity: 'acme' } },
          sources: { desk: { system: 'Desk', grants: [{ ...grant, tenants: ['acme'], actions: ['accept'] }] } },
        });
        const before = approvedBefore(change, desired);
        const read = viewOf(tenant, parsed(rawAccept(LOOKED_UP, { id })));
        const decision = decide(
          change,
          { ...read, approvedBefore: before },
          '0',
          permitFor(configuration, 'desk', change),
        );
        expect(decision.kind).not.toBe('write');
        if (decision.kind !== 'unchanged') return;
        recorded += 1;
        const outcome = outcomeOf(decision.approved, 'unchanged');
        const own = desired.find(({ groupId }) => groupId === id);
        const folded = foldDesired(own, changeRecord(NOW, { change, outcome }));
        const after = [...desired.filter((one) => one !== own), ...(folded === undefined ? [] : [folded])];
        const covers = (patterns: readonly string[], name = '') => patterns.some((one) => matchesPattern(one, name));
        expect(covers(grant.groups, nameOf.get(id))).toBe(true);
        const [was, is] = [homes(desired), homes(after)];
        for (const one of ids) {
          const [from, to] = [was.get(one), is.get(one)];
          if (from?.group === to?.group || change.state === 'absent') continue;
          expect(covers(grant.applications, NAMES.get(one))).toBe(true);
          if (from !== undefined) expect(covers(grant.groups, nameOf.get(from.group))).toBe(true);
          if (to?.sequence === NOW) expect(to.group).toBe(id);
        }
      },
    ),
    { numRuns: 2000, seed: 20_261_129 },
  );
  expect(recorded).toBeGreaterThan(100);
});
