import type { SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { Clock, Zpa } from '../../../shared/ports/ports.ts';
import { isZpaFault } from '../../../shared/ports/zpa-fault.ts';
import { type Finding, messageOf, unknown, wrong } from '../checks/finding.ts';

/** The part of ZPA that a probe uses, with the tenant's write credential. */
export type ProbedZpa = Pick<
  Zpa,
  'listApplications' | 'getApplication' | 'listGroups' | 'getGroup' | 'findGroups' | 'write'
>;

export type Via = 'v1' | 'v2';
export type Scope = { microtenantId?: string };

/** The pauses between looks at what was written: replicas of ZPA lag by seconds. */
export const PAUSES_MS = [1000, 2000, 4000, 8000, 8000] as const;

const DESCRIPTION = 'Made by zpa-changes doctor. Delete it if it is still here.';

/** Creates a group that nobody uses: disabled, empty, and named by no rule. `made` knows of it whatever happens. */
export async function createThrowaway(
  zpa: Pick<ProbedZpa, 'write'>,
  name: string,
  { made, scope: { microtenantId = '0' } }: { made: Made; scope: Scope },
): Promise<string> {
  const content = { name, description: DESCRIPTION, enabled: false, configSpace: 'DEFAULT', applicationIds: [] };
  made.set(name, undefined);
  try {
    const { groupId } = await zpa.write({ kind: 'create', ...content, microtenantId }, null);
    made.set(name, groupId);
    return groupId;
  } catch (error) {
    if (isZpaFault(error) && error.fault.effect === 'none') made.delete(name);
    throw error;
  }
}

/** Writes a membership of a throwaway group. `mark` goes into its description and shows that the write arrived. */
export async function writeMembership(
  zpa: Pick<ProbedZpa, 'write'>,
  group: SegmentGroup,
  {
    via,
    added = [],
    deleted = [],
    mark,
    ...options
  }: { via: Via; added?: string[]; deleted?: string[]; mark: string; sendBefore?: number },
): Promise<void> {
  const { id: groupId, name, enabled, configSpace, microtenantId } = group;
  const fields = { name, enabled, configSpace, description: `${DESCRIPTION} ${mark}` };
  const write = {
    kind: 'update',
    via,
    groupId,
    microtenantId,
    fields,
    addedApps: added,
    deletedApps: deleted,
  } as const;
  await zpa.write(write, group, options);
}

/** Names of groups that were created, or may have been, with the ids that ZPA gave them. */
export type Made = Map<string, string | undefined>;

type Removal = { made: Made; scope: Scope; clock: Clock };

/**
 * Deletes every group that was made, also one whose creation got no answer, and one that still has a member. Never
 * rejects: a group that may be left is a finding.
 */
export async function removeThrowaways(zpa: ProbedZpa, { made, scope, clock }: Removal): Promise<Finding[]> {
  const left: Finding[] = [];
  for (const [name, id] of made) {
    const says = `the group "${name}"${id === undefined ? '' : ` (${id})`} may be left in ZPA`;
    const remedy = 'Delete it in the ZPA admin portal, if it exists.';
    try {
      const removed = await withPauses(clock, async () => {
        const ids = id === undefined ? await findLate(zpa, name, scope, clock) : [id];
        for (const one of ids) await removeOne(zpa, one, scope);
        return ids.length;
      });
      if (removed === 0)
        left.push(unknown(`${says}: its creation got no answer, and ZPA does not show it so far`, remedy, name));
    } catch (error) {
      left.push(wrong(`${says}: ${messageOf(error)}`, remedy, name));
    }
  }
  return left;
}

/** A creation without an answer may show late. */
async function findLate(zpa: ProbedZpa, name: string, scope: Scope, clock: Clock): Promise<string[]> {
  for (const pauseMs of [0, ...PAUSES_MS]) {
    await clock.sleep(pauseMs);
    const found = await zpa.findGroups(name, scope);
    if (found.length > 0) return found.map(({ id }) => id);
  }
  return [];
}

/** A group that a lagging replica does not find is deleted too. */
async function removeOne(zpa: ProbedZpa, id: string, scope: Scope): Promise<void> {
  const group = await unlessGone(() => zpa.getGroup(id, scope));
  if (group !== undefined) await empty(zpa, group, scope);
  const { microtenantId = '0' } = scope;
  await unlessGone(() => zpa.write({ kind: 'delete', groupId: id, microtenantId }, group ?? null));
}

/** One of the two ways may be the one that this tenant does not honour. */
async function empty(zpa: ProbedZpa, group: SegmentGroup, scope: Scope): Promise<void> {
  let now: SegmentGroup | undefined = group;
  for (const via of ['v2', 'v1'] as const) {
    if (now === undefined || now.applicationIds.length === 0) return;
    const before: SegmentGroup = now;
    await writeMembership(zpa, before, { via, deleted: before.applicationIds, mark: 'Leaving.' }).catch(ignoreRefusal);
    now = await unlessGone(() => zpa.getGroup(group.id, scope));
  }
}

function ignoreRefusal(error: unknown): void {
  if (!isZpaFault(error) || error.fault.scope !== 'change') throw error;
}

async function unlessGone<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === 'not-found') return undefined;
    throw error;
  }
}

/** Repeats until it succeeds; rejects with its last error. */
async function withPauses<T>(clock: Clock, work: () => Promise<T>): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await work();
    } catch {
      await clock.sleep(pauseMs);
    }
  }
  return work();
}
