import { DEFAULT_MICROTENANT, type GroupDocument } from '../tenant/documents.ts';
import type { TenantView } from '../tenant/shelves.ts';
import type { Tenant } from '../tenant/store.ts';
import { type Answer, alreadyExists, created, done, invalidArgument, payloadTooLarge, unrouted } from './answers.ts';
import { type Call, idText, objectBody, scopeOf, text, type Writer } from './call.ts';
import { applicationsIn, changeMembers, type Membership, readIds } from './membership.ts';
import { groupCreated } from './segment-group-views.ts';
import { findGroup, refusedAsReadOnly } from './segment-groups.ts';

type Body = Record<string, unknown>;
type Scalars = Pick<GroupDocument, 'name' | 'description' | 'enabled' | 'configSpace'>;

const failed = (value: object): value is Answer => 'status' in value;

export const createGroup: Writer = (call, tenant) => {
  const body = objectBody(call);
  if (body === undefined) return invalidArgument('body');
  const microtenantId = scopeOf(call) ?? DEFAULT_MICROTENANT;
  if (tenant.get('microtenant', microtenantId) === undefined) return invalidArgument('microtenantId');
  const scalars = readScalars(call, body, {
    name: undefined,
    description: undefined,
    enabled: call.quirks.get('create-enabled-omitted') === 'true',
    configSpace: 'DEFAULT',
  });
  if (failed(scalars)) return scalars;
  const refused = refusedName(call, tenant, scalars.name, microtenantId, undefined);
  if (refused !== undefined) return refused;
  const listed = applicationsIn(call, tenant, body.applications ?? [], { microtenantId });
  if (failed(listed)) return listed;
  if (tooMany(call, listed)) return payloadTooLarge;
  const group: GroupDocument = {
    ...scalars,
    id: tenant.takeId(),
    creationTime: call.now,
    modifiedTime: call.now,
    modifiedBy: call.admin,
    microtenantId,
    readOnly: false,
    zscalerManaged: false,
    deception: false,
  };
  tenant.put('group', group);
  changeMembers(tenant, group.id, { added: listed, removed: [] });
  return created(groupCreated(call, group, listed));
};

/** v1: what is left out is cleared (recorded for the description); `applications` is the full membership. */
export const replaceGroup: Writer = (call, tenant) => {
  const group = findGroup(call, tenant);
  if (failed(group)) return group;
  const refused = refusedAsReadOnly(call, group);
  if (refused !== undefined) return refused;
  const body = objectBody(call);
  if (body === undefined) return invalidArgument('body');
  const membership = fullMembership(call, tenant, group, body.applications, 'v1-put-applications-omitted');
  if (failed(membership)) return membership;
  return update(call, tenant, group, resetScalars(call, group), body, membership);
};

/** v2: scalar fields, and the membership as a delta (help.zscaler.com, Configuring Segment Groups Using API). */
export const updateGroup: Writer = (call, tenant) => {
  if (call.quirks.get('v2-put') === 'not-found') return unrouted;
  const group = findGroup(call, tenant);
  if (failed(group)) return group;
  const refused = refusedAsReadOnly(call, group);
  if (refused !== undefined) return refused;
  const body = objectBody(call);
  if (body === undefined) return invalidArgument('body');
  const membership = deltaMembership(call, tenant, group, body);
  if (failed(membership)) return membership;
  const base = call.quirks.get('v2-omitted-fields') === 'keep' ? group : resetScalars(call, group);
  return update(call, tenant, group, base, body, membership);
};

function update(
  call: Call,
  tenant: Tenant,
  group: GroupDocument,
  base: { [K in keyof Scalars]: Scalars[K] | undefined },
  body: Body,
  membership: Membership,
): Answer {
  const scalars = readScalars(call, body, base);
  if (failed(scalars)) return scalars;
  const refused = refusedName(call, tenant, scalars.name, group.microtenantId, group.id);
  if (refused !== undefined) return refused;
  tenant.put('group', { ...group, ...scalars, modifiedTime: call.now, modifiedBy: call.admin });
  changeMembers(tenant, group.id, membership);
  return done;
}

function resetScalars(call: Call, group: GroupDocument): { [K in keyof Scalars]: Scalars[K] | undefined } {
  const enabled = { keep: group.enabled, true: true, false: false }[call.quirks.get('put-enabled-omitted')];
  const name = call.quirks.get('put-name-omitted') === 'keep' ? group.name : undefined;
  return { name, description: undefined, enabled, configSpace: group.configSpace };
}

function fullMembership(
  call: Call,
  tenant: TenantView,
  group: GroupDocument,
  applications: unknown,
  quirk: 'v1-put-applications-omitted',
): Membership | Answer {
  const members = memberIds(tenant, group.id);
  if (applications === undefined || applications === null) {
    const omitted = members.length === 0 ? 'keep' : call.quirks.get(quirk);
    if (omitted === 'refuse') return invalidArgument('applications');
    return { added: [], removed: omitted === 'clear' ? members : [] };
  }
  const listed = applicationsIn(call, tenant, applications, group);
  if (failed(listed)) return listed;
  if (tooMany(call, listed)) return payloadTooLarge;
  const ignored = listed.length === 0 && call.quirks.get('v1-put-applications-empty') === 'keep';
  return ignored
    ? { added: [], removed: [] }
    : { added: listed, removed: members.filter((id) => !listed.includes(id)) };
}

function deltaMembership(call: Call, tenant: TenantView, group: GroupDocument, body: Body): Membership | Answer {
  const given = body.applications !== undefined && body.applications !== null;
  const applicationsKey = call.quirks.get('v2-applications-key');
  const isEmpty = Array.isArray(body.applications) && body.applications.length === 0;
  if (given && !isEmpty && applicationsKey === 'refuse') return invalidArgument('applications');
  const replaced =
    given && applicationsKey === 'replaces'
      ? fullMembership(call, tenant, group, body.applications, 'v1-put-applications-omitted')
      : { added: [], removed: [] };
  if (failed(replaced) || call.quirks.get('v2-delta') === 'ignored') return replaced;
  const skip = call.quirks.get('v2-unknown-added') === 'skip';
  const added = applicationsIn(call, tenant, body.addedApps ?? [], group, { skip });
  if (failed(added)) return added;
  const deleted = readIds(body.deletedApps ?? []);
  if (deleted === undefined) return invalidArgument('applications');
  const members = new Set(memberIds(tenant, group.id));
  const strangers = deleted.some((id) => !members.has(id));
  if (strangers && call.quirks.get('v2-stranger-deleted') === 'refuse-all') return invalidArgument('applications');
  return {
    added: [...replaced.added, ...added].filter((id) => !deleted.includes(id)),
    removed: [...replaced.removed, ...deleted.filter((id) => members.has(id))],
  };
}

const memberIds = (tenant: TenantView, groupId: string): string[] =>
  tenant.all('application').flatMap((one) => (one.segmentGroupId === groupId ? [one.id] : []));

function tooMany(call: Call, ids: readonly string[]): boolean {
  const limit = call.quirks.get('v1-payload-limit');
  return call.version === 1 && limit !== 'none' && ids.length > Number(limit);
}

function readScalars(call: Call, body: Body, base: { [K in keyof Scalars]: Scalars[K] | undefined }): Scalars | Answer {
  const given = { ...base, ...Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) };
  const name = call.quirks.get('name-trim') === 'trim' ? text(given.name)?.trim() : text(given.name);
  if (name === undefined || name.trim() === '' || tooLong(name, call.quirks.get('name-max-length'))) {
    return invalidArgument('name');
  }
  const description = given.description === '' ? undefined : given.description;
  if (description !== undefined && text(description) === undefined) return invalidArgument('description');
  if (tooLong(text(description) ?? '', call.quirks.get('description-max-length'))) {
    return invalidArgument('description');
  }
  const enabled = { true: true, false: false }[String(given.enabled)];
  if (enabled === undefined) return invalidArgument('enabled');
  return { name, description: text(description), enabled, configSpace: idText(given.configSpace) || 'DEFAULT' };
}

const tooLong = (value: string, limit: string): boolean => limit !== 'none' && [...value].length > Number(limit);

/** Taken by another group, or (the portal's rule) with other characters than letters, digits, space, `.`, `-`, `_`. */
function refusedName(
  call: Call,
  tenant: TenantView,
  name: string,
  microtenantId: string,
  self: string | undefined,
): Answer | undefined {
  const current = self === undefined ? undefined : tenant.get('group', self)?.name;
  const renamed = name !== current;
  if (renamed && call.quirks.get('name-charset') === 'portal' && !/^[\p{L}\p{M}\p{N} ._-]*$/u.test(name)) {
    return invalidArgument('name');
  }
  const duplicate = call.quirks.get('duplicate-name');
  if (duplicate === 'allow') return undefined;
  const fold = (one: string): string => (call.quirks.get('name-uniqueness') === 'exact' ? one : one.toLowerCase());
  const taken = tenant
    .all('group')
    .some(
      (one) =>
        one.id !== self &&
        fold(one.name) === fold(name) &&
        (call.quirks.get('name-scope') === 'customer' || one.microtenantId === microtenantId),
    );
  return renamed && taken ? alreadyExists(name, duplicate === 'conflict' ? 409 : 400) : undefined;
}
