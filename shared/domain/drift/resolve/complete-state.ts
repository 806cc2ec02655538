import { MAX_APPLICATIONS } from '../../change/change.ts';
import type { SegmentGroup } from '../../group/group.ts';
import { type AcceptedState, byIds, chunksOf, nameOf } from './resolution.ts';

/**
 * The complete live state of a group, as one change can state it. Of a group with more application segments than one change
 * may name, several changes state them as members; that others are none cannot be stated then.
 */
export function completeState(group: SegmentGroup): Exclude<AcceptedState, 'absent'>[] {
  const { name, description, enabled } = group;
  const ids = byIds(group.applicationIds);
  if (ids.length <= MAX_APPLICATIONS) return [{ name, description, enabled, applications: { exactly: ids } }];
  const [first = [], ...rest] = chunksOf(ids, MAX_APPLICATIONS);
  return [
    { name, description, enabled, applications: { has: first } },
    ...rest.map((has) => ({ applications: { has } })),
  ];
}

/** Says of a group that is too large for a complete statement; undefined: it is not. */
export function noteOfSize(group: SegmentGroup): string | undefined {
  if (group.applicationIds.length <= MAX_APPLICATIONS) return undefined;
  return (
    `${nameOf(group)} has ${group.applicationIds.length} application segments, and one change names at most ${MAX_APPLICATIONS}: ` +
    'they are stated as members, and others that join it later are no drift.'
  );
}
