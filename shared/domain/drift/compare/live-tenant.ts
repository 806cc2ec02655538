import type { Application, GroupReading } from '../../group/group.ts';
import type { GroupRef } from '../report.ts';
import { type AbsenceCheck, type ApplicationListing, covers, type GroupListing } from './readings.ts';

/** The place of an application segment; `in-doubt`: two readings disagree, so it moved while they were made. */
export type Home = { group: GroupRef } | 'no-group' | 'gone' | 'unknown' | 'in-doubt';

/** A group as it lives, and the tenant whose listing showed it. */
type LiveGroup = { group: GroupReading; tenant: string | undefined };

/** Everything that was read of the tenants of one lane. */
export type LiveTenant = {
  groups: ReadonlyMap<string, GroupReading>;
  tenantOf(groupId: string): string | undefined;
  /** True if a listing of this microtenant alone showed the group. */
  isListedIn(groupId: string, microtenantId: string): boolean;
  /** `microtenantId`: of the group in which it was approved; an application segment stays in its microtenant. */
  homeOf(applicationId: string, microtenantId: string): Home;
  application(applicationId: string): Pick<Application, 'name' | 'modifiedBy' | 'modifiedTime'> | undefined;
};

type Readings = {
  listings: readonly GroupListing[];
  absenceChecks: readonly AbsenceCheck[];
  applications: readonly ApplicationListing[];
};

/** Joins the listings and the reads by id. The applications are read after the groups, and are asked where the two disagree. */
export function liveTenant({ listings, absenceChecks, applications }: Readings): LiveTenant {
  const live = liveGroups(listings, absenceChecks);
  const groups = new Map([...live].map(([id, { group }]) => [id, group]));
  const listedIn = membersOf(groups.values());
  const read = applications.flatMap(({ result }) => ('applications' in result ? result.applications : []));
  const byId = new Map(read.map((one) => [one.id, one]));
  const unreadable = applications.flatMap((one) => one.unreadable ?? []);
  const isAbsent = (applicationId: string, microtenantId: string) =>
    applications.some((one) => 'applications' in one.result && covers(one, microtenantId)) &&
    !unreadable.some(({ id = applicationId }) => id === applicationId);
  return {
    groups,
    tenantOf: (groupId) => live.get(groupId)?.tenant,
    isListedIn: (groupId, microtenantId) =>
      listings.some(
        ({ microtenantId: scope, result }) =>
          scope === microtenantId && 'groups' in result && result.groups.some(({ id }) => id === groupId),
      ),
    homeOf(id, microtenantId) {
      const application = byId.get(id);
      const home = homeIn(listedIn.get(id) ?? [], application?.segmentGroupId, groups);
      if (home === 'in-doubt') return home;
      if (home !== undefined) {
        return { group: { id: home, name: groups.get(home)?.name ?? application?.segmentGroupName ?? '' } };
      }
      if (application !== undefined) return 'no-group';
      return isAbsent(id, microtenantId) ? 'gone' : 'unknown';
    },
    application(id) {
      const [home] = listedIn.get(id) ?? [];
      const member = home === undefined ? undefined : groups.get(home)?.members?.get(id);
      const name = byId.get(id)?.name ?? member?.name;
      return { ...member, ...byId.get(id), name: name ?? id };
    },
  };
}

/** Undefined: it is in no group. `said`: the group in which the list of applications shows it. */
function homeIn(listed: readonly string[], said: string | undefined, groups: ReadonlyMap<string, unknown>) {
  if (said === undefined) return listed.length > 1 ? 'in-doubt' : listed[0];
  if (listed.length === 0) return groups.has(said) ? 'in-doubt' : said;
  return listed.includes(said) ? said : 'in-doubt';
}

function liveGroups(listings: readonly GroupListing[], checks: readonly AbsenceCheck[]): Map<string, LiveGroup> {
  const live = new Map<string, LiveGroup>();
  for (const { tenant, result } of listings) {
    if ('groups' in result) for (const group of result.groups) live.set(group.id, { group, tenant });
  }
  for (const { groupId, result } of checks) {
    if (result !== 'absent' && 'group' in result) live.set(groupId, { group: result.group, tenant: undefined });
  }
  return live;
}

/** Ids of the groups that list each application. */
function membersOf(groups: Iterable<GroupReading>): Map<string, string[]> {
  const listedIn = new Map<string, string[]>();
  for (const { id, applicationIds } of groups) {
    for (const application of applicationIds) {
      const known = listedIn.get(application);
      if (known === undefined) listedIn.set(application, [id]);
      else if (!known.includes(id)) known.push(id);
    }
  }
  return listedIn;
}
