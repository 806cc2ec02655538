import type { Application, SegmentGroup } from '../../shared/domain/group/group.ts';
import type { ZpaWrite } from '../../shared/domain/records/intent.ts';
import { type Answer, type Call, value } from './call.ts';
import { FAULTS } from './errors.ts';
import { APPLICATIONS } from './tenant.ts';
import type { Effect, World } from './world.ts';

export type ZpaRead = Exclude<Extract<Call, { to: `zpa.${string}` }>, { to: 'zpa.write' }>;

const OUR_CLIENT = '216196257331399999';
export const CONSOLE = '216196257331300001';

export function readZpa(world: World, call: ZpaRead): Answer {
  const groups = Object.values(world.groups);
  switch (call.to) {
    case 'zpa.getGroup':
      return orMissing(world.groups[call.id]);
    case 'zpa.findGroups':
      return value(groups.filter((group) => group.name === call.name));
    case 'zpa.listGroups':
      return value(groups);
    case 'zpa.getApplication':
      return orMissing(APPLICATIONS.includes(call.id) ? application(groups, call.id) : undefined);
    case 'zpa.findApplications':
      return value(APPLICATIONS.filter((id) => nameOf(id) === call.name).map((id) => application(groups, id)));
    case 'zpa.listApplications':
      return value(APPLICATIONS.map((id) => application(groups, id)));
    case 'zpa.listMicrotenants':
      return value([]);
    case 'zpa.listRules':
      return value({ rules: [], scanned: ['ACCESS_POLICY'], skipped: [] });
    case 'zpa.rulesNaming':
      return value({ mentions: [], scanned: ['ACCESS_POLICY'], skipped: [] });
    case 'zpa.probe':
      return value(undefined);
  }
}

const orMissing = (found: unknown): Answer =>
  found === undefined ? { kind: 'fault', fault: FAULTS.missing } : value(found);
const nameOf = (id: string) => `app-${id}`;

function application(groups: readonly SegmentGroup[], id: string): Application {
  const group = groups.find((one) => one.applicationIds.includes(id));
  const where = { segmentGroupId: group?.id, segmentGroupName: group?.name };
  return { id, name: nameOf(id), enabled: true, microtenantId: '0', ...where };
}

/** The write takes effect; undefined if it cannot, because its group is gone. */
export function takeEffect(
  world: World,
  write: ZpaWrite,
  effect: Effect,
): { world: World; groupId: string } | undefined {
  const stamp = { modifiedBy: OUR_CLIENT, modifiedTime: Math.floor(world.now / 1000) };
  const logged = { ...world, effects: [...world.effects, effect] };
  if (write.kind === 'create') {
    const id = String(900 + world.effects.length);
    const { kind: _kind, ...content } = write;
    const group = { id, ...content, readOnly: false, ...stamp, creationTime: stamp.modifiedTime };
    return { world: { ...logged, groups: { ...world.groups, [id]: group } }, groupId: id };
  }
  const group = world.groups[write.groupId];
  if (group === undefined) return undefined;
  const { [write.groupId]: _gone, ...others } = world.groups;
  if (write.kind === 'delete') return { world: { ...logged, groups: others }, groupId: group.id };
  const leaving = new Set(write.deletedApps);
  const stays = group.applicationIds.filter((id) => !leaving.has(id));
  const applicationIds = [...new Set([...stays, ...write.addedApps])].sort();
  const written = { ...group, ...write.fields, applicationIds, ...stamp };
  return { world: { ...logged, groups: { ...others, [group.id]: written } }, groupId: group.id };
}

/** A write's effect, so that a write that compensates another is recognised. */
export function deedsOf(write: ZpaWrite): string[] {
  if (write.kind !== 'update') return ['fields'];
  const { groupId, addedApps, deletedApps } = write;
  const deeds = [...addedApps.map((id) => `${groupId}+${id}`), ...deletedApps.map((id) => `${groupId}-${id}`)];
  return deeds.length === 0 ? ['fields'] : deeds;
}

/** One line about a write: for traces and for laws over the write log. */
export function describeWrite(write: ZpaWrite): string {
  if (write.kind === 'create') return `create ${write.name}`;
  if (write.kind === 'delete') return `delete ${write.groupId}`;
  const { fields, addedApps, deletedApps, groupId } = write;
  const deltas = [...addedApps.map((id) => `+${id}`), ...deletedApps.map((id) => `-${id}`)];
  return `update ${groupId}: ${[fields.name, fields.enabled ? 'on' : 'off', ...deltas].join(' ')}`;
}
