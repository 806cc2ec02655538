import type { DesiredGroup } from './desired-group.ts';

/** The latest approval that put an application segment into a group; `isLeft`: a later one took it out there. */
export type Claim = { group: DesiredGroup; sequence: number; isLeft: boolean };

/**
 * An application segment belongs to one group only (help.zscaler.com, "About Segment Groups"), so the newest approval
 * removes it from every other group.
 */
export function newestClaims(groups: Iterable<DesiredGroup>): Map<string, Claim> {
  const claims = new Map<string, Claim>();
  const claim = (id: string, one: Claim) => {
    if (one.sequence > (claims.get(id)?.sequence ?? 0)) claims.set(id, one);
  };
  for (const group of groups) {
    for (const [id, [member, sequence]] of Object.entries(group.members)) {
      if (member === 1) claim(id, { group, sequence, isLeft: false });
    }
    for (const [id, sequence] of Object.entries(group.formerly ?? {})) claim(id, { group, sequence, isLeft: true });
  }
  return claims;
}
