import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangeRequest } from '../../../../shared/domain/change/change.ts';
import { decide } from '../../../../shared/domain/decide/decide.ts';
import type { Decision, Transition } from '../../../../shared/domain/decide/decision.ts';
import { NEW_GROUP } from '../../../../shared/domain/decide/group-content.ts';
import { removedApplications } from '../../../../shared/domain/guard/written-groups.ts';
import { foldDesired } from '../../../../shared/domain/ledger/desired.ts';
import { netTransitions } from '../../../../shared/domain/reach/reach.ts';
import type { DesiredGroup } from '../../../../shared/domain/records/desired-group.ts';
import { changeRecord } from '../ledger-items.ts';
import { changes, homesAfter, type Tenant, tenants, viewOf } from '../sample-tenant.ts';

/** The writes of one change, a swap of members between two groups too, are a chain of states per group. */
type Write = Extract<Decision, { kind: 'write' }>;
const idOf = ({ before, after }: Transition) => before?.id ?? after?.id ?? '';

/** Checks every write that arbitrary changes need; expects some that write a group twice. */
function checkWrites(check: (tenant: Tenant, decision: Write) => void): void {
  let twice = 0;
  fc.assert(
    fc.property(tenants, changes, (tenant, change: ChangeRequest) => {
      const decision = decide(change, viewOf(tenant, change), '0', () => undefined);
      if (decision.kind !== 'write') return;
      const { transitions } = decision;
      if (change.action !== 'delete' && new Set(transitions.map(idOf)).size < transitions.length) twice += 1;
      check(tenant, decision);
    }),
    { numRuns: 5000 },
  );
  expect(twice).toBeGreaterThan(20);
}

describe('the writes of a change', () => {
  it('each start from the state that the ones before them leave', () => {
    checkWrites((tenant, { transitions }) => {
      const states = new Map<string, string[] | undefined>(tenant.groups.map((one) => [one.id, one.applicationIds]));
      for (const turn of transitions) {
        expect(turn.before?.applicationIds).toEqual(states.get(idOf(turn)));
        states.set(idOf(turn), turn.after?.applicationIds);
      }
    });
  });

  it('show the guards each application that is not in its group afterwards', () => {
    checkWrites((tenant, { transitions }) => {
      const [was, is] = [homesAfter(tenant, []), homesAfter(tenant, transitions)];
      const left = [...was.keys()].filter((id) => was.get(id) !== is.get(id));
      expect(netTransitions(transitions).flatMap(removedApplications).sort()).toEqual(left.sort());
    });
  });

  it('approve the state that they leave', () => {
    checkWrites((_, { transitions, effect, approved, reach }) => {
      const kind = 'applied' as const;
      const outcome = { kind, effect, approved, reach, writeId: 'W', overtaken: [], generation: 1, at: 0, attempts: 1 };
      const record = changeRecord(2, { outcome });
      const parts = [approved, ...(approved.others ?? [])].map(({ groupId }) => groupId);
      expect(new Set(parts).size).toBe(parts.length);
      for (const { before, after } of netTransitions(transitions)) {
        const groupId = before?.id ?? NEW_GROUP;
        const known = before === null ? undefined : asApproved(before.id, before.applicationIds);
        const folded = foldDesired(known, record, groupId);
        const members = Object.entries(folded?.members ?? {}).flatMap(([id, [member]]) => (member === 1 ? [id] : []));
        expect(members.sort()).toEqual(after?.applicationIds ?? []);
        expect(folded?.deleted !== undefined).toBe(after === null);
      }
      expect(new Set(parts)).toEqual(new Set(transitions.map(idOf)));
    });
  });
});

/** A group whose members an earlier change has approved. */
function asApproved(groupId: string, ids: readonly string[]): DesiredGroup {
  const last = { key: 'K', source: 'desk', ticket: 'T', at: 0, sequence: 1 };
  const members = Object.fromEntries(ids.map((id): [string, [1, number]] => [id, [1, 1]]));
  return { version: 1, lane: 'PRODUCTION:1', groupId, tenant: 'acme', microtenantId: '0', members, complete: 1, last };
}
