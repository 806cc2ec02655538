import type { Application, GroupReading } from '../../../shared/domain/group/group.ts';
import { collect } from '../../../shared/reading/retry-read.ts';
import type { ProbedZpa, Scope } from './throwaway-groups.ts';

/** The names of all throwaway groups begin so. */
const NAME_BEGINS = 'zpa-changes doctor ';

/** Names of the two groups of a probe. */
export const throwawayNames = (id: string) => [`${NAME_BEGINS}${id} A`, `${NAME_BEGINS}${id} B`] as const;

/**
 * `free`: an application segment that is in no group, so that nothing depends on its group. `left`: groups of other
 * probes.
 */
export type Survey = { free: Application | undefined; left: GroupReading[] };

/**
 * True if an application is in no group but `ours`. It is read last, because its group says who moved it since the
 * groups were listed; a lagging replica may show it in the group of ours that it has left.
 */
export async function isFree(
  zpa: ProbedZpa,
  { id }: Application,
  { scope, ours }: { scope: Scope & { signal: AbortSignal }; ours: readonly string[] },
): Promise<boolean> {
  const groups = await collect(zpa.listGroups(scope));
  const homes = groups.filter(({ applicationIds }) => applicationIds.includes(id)).map((group) => group.id);
  const { segmentGroupId } = await zpa.getApplication(id, scope);
  return [...homes, segmentGroupId].every((home) => home === undefined || ours.includes(home));
}

/**
 * Reads what a probe may use. ZPA may leave out the group of an application, so an application counts as free only if
 * no group lists it either.
 */
export async function surveyTenant(zpa: ProbedZpa, scope: Scope & { signal: AbortSignal }): Promise<Survey> {
  const { microtenantId = '0' } = scope;
  const groups = await collect(zpa.listGroups(scope));
  const taken = new Set(groups.flatMap(({ applicationIds }) => applicationIds));
  const applications = await collect(zpa.listApplications(scope));
  const free = applications.filter(
    (one) => one.segmentGroupId === undefined && !taken.has(one.id) && one.microtenantId === microtenantId,
  );
  const left = groups.filter(({ name }) => name.startsWith(NAME_BEGINS));
  // A disabled one is the least in use.
  return { free: free.find(({ enabled }) => !enabled) ?? free[0], left };
}
