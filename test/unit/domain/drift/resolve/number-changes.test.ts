import { describe, expect, it } from 'vitest';
import { acceptFindings } from '../../../../../shared/domain/drift/resolve/accept-findings.ts';
import { numberChanges } from '../../../../../shared/domain/drift/resolve/number-changes.ts';
import { revertFindings } from '../../../../../shared/domain/drift/resolve/revert-findings.ts';
import { aGroup } from '../../sample-live.ts';
import { APPROVAL, aDesired, aFinding, aLane } from './sample-lane.ts';

const lane = aLane({ groups: [aGroup('10'), aGroup('11')], desired: [aDesired('10'), aDesired('9')] });
const findings = [aFinding('app:3', 'added'), aFinding('enabled', 'changed'), aFinding('name', 'changed')];
const keysOf = (list = findings, ticket = 'CHG7') =>
  numberChanges(acceptFindings(list, lane).units, ticket, 'accept').map(({ change }) => change.idempotencyKey);

describe('keys of generated changes', () => {
  it('are the same for the same findings under the same ticket, in whatever order they are named', () => {
    expect(keysOf()).toEqual(keysOf(findings.toReversed()));
    const reverted = (list: typeof findings) => numberChanges(revertFindings(list, lane).units, 'CHG7', 'revert');
    expect(reverted(findings)).toEqual(reverted(findings.toReversed()));
    expect(keysOf()).toEqual([expect.stringMatching(/^CHG7\/accept-[0-9a-f]{12}$/)]);
  });

  it('differ by ticket, by finding, and by what a revert or an acceptance is', () => {
    const reverts = numberChanges(revertFindings(findings, lane).units, 'CHG7', 'revert');
    const keys = [keysOf(), keysOf(findings, 'CHG8'), keysOf([aFinding('app:3', 'added')])].flat();
    expect(new Set([...keys, ...reverts.map(({ change }) => change.idempotencyKey)]).size).toBe(4);
  });

  it('differ for a finding that returns after its change settled, which is its approval then', () => {
    const again = aFinding('enabled', 'changed', { approval: { ...APPROVAL, key: 'CHG7/revert-1' } });
    expect(keysOf([again])).not.toEqual(keysOf([aFinding('enabled', 'changed')]));
  });
});

describe('sets of generated changes', () => {
  it('stop where a change needs those before it, and go on where changes are independent', () => {
    const missing = aFinding('exists', 'missing', {
      group: { id: '9', name: 'Web', microtenantId: '0', tenant: 'acme' },
    });
    const moved = aFinding('app:4', 'removed', { group: { ...missing.group, id: '11' }, to: 'no-group' });
    const { units } = revertFindings([missing, moved, aFinding('enabled', 'changed')], lane);
    const sets = numberChanges(units, 'CHG7', 'revert').map(({ change }) => change.changeSet);
    expect(sets.map((set) => [set?.index, set?.size, set?.onReject])).toEqual([
      [1, 2, 'stop'],
      [2, 2, 'stop'],
      [1, 2, 'continue'],
      [2, 2, 'continue'],
    ]);
    expect(sets[0]?.id).not.toBe(sets[2]?.id);
  });

  it('give a change another key than it has alone, because its place in the set is part of it', () => {
    const other = aFinding('app:4', 'removed', {
      group: { ...aFinding('name', 'changed').group, id: '11' },
      to: 'no-group',
    });
    const numbered = (list: typeof findings) => numberChanges(acceptFindings(list, lane).units, 'CHG7', 'accept');
    const both = numbered([...findings, other]);
    expect(both).toEqual(numbered([other, ...findings]));
    const [alone] = numbered(findings);
    expect(both.map(({ change }) => change.idempotencyKey)).not.toContain(alone?.change.idempotencyKey);
  });

  it('are none for a single change', () => {
    const [only] = numberChanges(acceptFindings(findings, lane).units, 'CHG7', 'accept');
    expect(only?.change).toMatchObject({ schemaVersion: 1, tenant: 'acme', action: 'accept' });
    expect(only?.change).not.toHaveProperty('changeSet');
    expect(only?.answers).toEqual(['D-10-app:3', 'D-10-enabled', 'D-10-name']);
  });
});
