import { type ApplicationDocument, DEFAULT_MICROTENANT, type GroupDocument } from '../tenant/documents.ts';
import type { TenantView } from '../tenant/shelves.ts';
import { embeddedApplication, stubApplication } from './application-views.ts';
import type { Call } from './call.ts';
import { shown } from './escaping.ts';
import { microtenantKeys } from './microtenant-names.ts';

/** Group id → its applications, by id. Built once per answer: a list asks for many groups, or for `only` one. */
export type Members = Map<string, ApplicationDocument[]>;

export function membersByGroup(tenant: TenantView, only?: string): Members {
  const members: Members = new Map();
  for (const application of tenant.all('application')) {
    const groupId = application.segmentGroupId;
    if (groupId === undefined || (only !== undefined && groupId !== only)) continue;
    const list = members.get(groupId);
    if (list === undefined) members.set(groupId, [application]);
    else list.push(application);
  }
  for (const list of members.values()) list.sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
  return members;
}

/**
 * A segment group as it is read. Keys and their order as recorded; a key without a value is absent, `applications` too
 * where there are none. Only list items carry `policyMigrated`.
 */
export function groupView(
  call: Call,
  tenant: TenantView,
  group: GroupDocument,
  members: Members,
  inList: boolean,
): unknown {
  return {
    ...headOf(call, group),
    applications: members.get(group.id)?.map((one) => embeddedApplication(call, one)),
    ...(inList && { policyMigrated: true }),
    configSpace: group.configSpace,
    tcpKeepAliveEnabled: '0',
    readOnly: group.readOnly,
    zscalerManaged: group.zscalerManaged,
    ...(group.deception && { restrictedEntity: true }),
    ...microtenantKeys(call, tenant, group.microtenantId),
  };
}

/** The answer to a create: applications as stubs, no name of the microtenant. */
export function groupCreated(call: Call, group: GroupDocument, applicationIds: readonly string[]): unknown {
  return {
    ...headOf(call, group),
    ...(applicationIds.length > 0 && { applications: applicationIds.map(stubApplication) }),
    configSpace: group.configSpace,
    tcpKeepAliveEnabled: '0',
    ...(call.quirks.get('post-readonly-keys') === 'present' && {
      readOnly: group.readOnly,
      zscalerManaged: group.zscalerManaged,
    }),
    ...(group.microtenantId !== DEFAULT_MICROTENANT && { microtenantId: group.microtenantId }),
  };
}

const headOf = (call: Call, group: GroupDocument) => ({
  id: group.id,
  modifiedTime: group.modifiedTime,
  creationTime: group.creationTime,
  modifiedBy: group.modifiedBy,
  name: shown(group.name, call.quirks),
  description: group.description === undefined ? undefined : shown(group.description, call.quirks),
  enabled: group.enabled,
});
