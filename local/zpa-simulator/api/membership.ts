import type { TenantView } from '../tenant/shelves.ts';
import type { Tenant } from '../tenant/store.ts';
import { type Answer, invalidArgument } from './answers.ts';
import { type Call, idText, isRecord } from './call.ts';

/** Applications that join and leave a group. */
export type Membership = { added: readonly string[]; removed: readonly string[] };

/** Ids from `["1"]` (addedApps) or `[{"id":"1"}]` (applications); undefined for anything else. */
export function readIds(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const ids = value.map((one) => idText(isRecord(one) ? one.id : one));
  return ids.every((id) => id !== undefined) ? [...new Set(ids)] : undefined;
}

/**
 * The applications a write names. Unknown ones, and those of another microtenant, fail the whole call (documented:
 * `One or more input fields applications are not valid.`), unless `skip` is set.
 */
export function applicationsIn(
  call: Call,
  tenant: TenantView,
  value: unknown,
  group: { id?: string; microtenantId: string },
  { skip = false }: { skip?: boolean } = {},
): string[] | Answer {
  const ids = readIds(value);
  if (ids === undefined) return invalidArgument('applications');
  const usable: string[] = [];
  for (const id of ids) {
    const application = tenant.get('application', id);
    const foreign = application?.segmentGroupId !== undefined && application.segmentGroupId !== group.id;
    if (foreign && call.quirks.get('foreign-application') === 'refuse') return invalidArgument('applications');
    if (application !== undefined && application.microtenantId === group.microtenantId) usable.push(id);
    else if (!skip) return invalidArgument('applications');
  }
  return usable;
}

export function changeMembers(tenant: Tenant, groupId: string, { added, removed }: Membership): void {
  const move = (ids: readonly string[], segmentGroupId: string | undefined): void => {
    for (const id of ids) {
      const application = tenant.get('application', id);
      if (application === undefined || application.segmentGroupId === segmentGroupId) continue;
      tenant.put('application', { ...application, segmentGroupId });
    }
  };
  move(removed, undefined);
  move(added, groupId);
}
