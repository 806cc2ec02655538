import type { GroupReading } from '../../group/group.ts';
import { approverOf } from '../../records/approvers.ts';
import type { DesiredGroup } from '../../records/desired-group.ts';
import type { Finding } from '../report.ts';
import { readsSame } from './managed-groups.ts';
import { type Comparison, type Difference, findingOf, groupWriter, managedGroup } from './subject.ts';

/** Fields that are not as approved, and a group that lives in another microtenant than its tickets approved. */
export function changedFindings(comparison: Comparison, desired: DesiredGroup, found: GroupReading): Finding[] {
  const writer = groupWriter(comparison, found, desired);
  const group = managedGroup(desired, found);
  return [...microtenantDifference(comparison, desired, found), ...fieldDifferences(desired, found)].map((difference) =>
    findingOf(comparison, group, { desired, found }, { kind: 'changed', ...writer, ...difference }),
  );
}

type Changed = Omit<Difference, 'kind'>;

function fieldDifferences(desired: DesiredGroup, found: GroupReading): Changed[] {
  return (['name', 'description', 'enabled'] as const).flatMap((field) => {
    const approved = desired[field];
    if (approved === undefined) return [];
    const [before, after] = [String(approved.value), String(found[field])];
    if (readsSame(before, after)) return [];
    return [{ facet: field, before, after, approver: approverOf(desired, approved.sequence) }];
  });
}

/** ZPA may leave out the id of the microtenant that was asked for, so a listing of it alone proves the place too. */
function microtenantDifference({ live }: Comparison, desired: DesiredGroup, found: GroupReading): Changed[] {
  const { microtenantId, groupId, last } = desired;
  if (found.microtenantId === microtenantId || live.isListedIn(groupId, microtenantId)) return [];
  const place = (id: string) => `microtenant ${id}`;
  return [{ facet: 'exists', before: place(microtenantId), after: place(found.microtenantId), approver: last }];
}
