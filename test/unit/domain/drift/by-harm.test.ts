import { expect, it } from 'vitest';
import { byHarm } from '../../../../shared/domain/drift/by-harm.ts';
import type { Access, Finding, FindingState } from '../../../../shared/domain/drift/report.ts';
import { aFinding } from './a-finding.ts';

const read = (effect: { exposes?: boolean; interrupts?: boolean }): Access => ({
  ...{ read: 'read', exposes: false, interrupts: false, rules: [], ruleCount: 0, ...effect },
});
const finding = (id: string, access: Access, state: FindingState = 'new'): Finding =>
  aFinding({ id, access, state, groupId: '1' });

it('findings are told by harm, then new before old ones, then by group, facet and id', () => {
  const both = read({ exposes: true, interrupts: true });
  const ordered = [
    finding('opens', both),
    finding('opens still', read({ exposes: true }), 'still'),
    finding('opens, in flight', both, 'in-flight'),
    finding('opens, ignored', both, 'ignored'),
    finding('interrupts', read({ interrupts: true })),
    finding('interrupts still', read({ interrupts: true }), 'still'),
    finding('may do either', { read: 'not-read', reason: 'no right' }),
    aFinding({ id: 'z', groupId: '1', facet: 'description', access: read({}) }),
    aFinding({ id: 'a', groupId: '1', facet: 'enabled' }),
    aFinding({ id: 'b', groupId: '1', facet: 'enabled' }),
    aFinding({ id: 'a', groupId: '2', facet: 'description' }),
    finding('still', { read: 'not-needed' }, 'still'),
  ];
  expect(ordered.toReversed().toSorted(byHarm)).toEqual(ordered);
  expect(byHarm(ordered[0] ?? finding('', both), { ...(ordered[0] ?? finding('', both)) })).toBe(0);
});
