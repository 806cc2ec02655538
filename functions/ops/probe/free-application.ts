import type { Application } from '../../../shared/domain/group/group.ts';
import { collect } from '../../../shared/reading/retry-read.ts';
import type { ProbedZpa, Scope } from './throwaway-groups.ts';

/**
 * Finds an application segment that is in no group, so that nothing depends on its group. ZPA may leave out the group of an
 * application, so the groups are read too. undefined: every one is in a group.
 */
export async function findFreeApplication(
  zpa: ProbedZpa,
  scope: Scope & { signal: AbortSignal },
): Promise<Application | undefined> {
  const { microtenantId = '0' } = scope;
  const taken = new Set((await collect(zpa.listGroups(scope))).flatMap(({ applicationIds }) => applicationIds));
  const applications = await collect(zpa.listApplications(scope));
  const free = applications.filter(
    (one) => one.segmentGroupId === undefined && !taken.has(one.id) && one.microtenantId === microtenantId,
  );
  // A disabled one is the least in use.
  return free.find(({ enabled }) => !enabled) ?? free[0];
}
