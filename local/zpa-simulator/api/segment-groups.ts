import type { GroupDocument, RuleDocument } from '../tenant/documents.ts';
import type { TenantView } from '../tenant/shelves.ts';
import {
  type Answer,
  done,
  forbidden,
  invalidParameter,
  notAllowed,
  notFound,
  ok,
  referenced,
  restrictedEntity,
} from './answers.ts';
import { type Call, type Reader, sees, type Writer } from './call.ts';
import { listAnswer, visible } from './listing.ts';
import { groupView, membersByGroup } from './segment-group-views.ts';

export const listGroups: Reader = (call, tenant) => {
  const members = membersByGroup(tenant);
  return listAnswer(
    call,
    visible(call, tenant.all('group')),
    (group) => groupView(call, tenant, group, members, true),
    ({ id, name, description, enabled, configSpace }) => ({ id, name, description, enabled, configSpace }),
  );
};

export const getGroup: Reader = (call, tenant) => {
  const found = findGroup(call, tenant);
  return 'status' in found ? found : ok(groupView(call, tenant, found, membersByGroup(tenant, found.id), false));
};

/** A group that still holds applications or that a rule names is refused; ZPA has no force for groups. */
export const deleteGroup: Writer = (call, tenant) => {
  const found = findGroup(call, tenant);
  if ('status' in found) {
    const missing = found.status === 400 && call.quirks.get('delete-missing') === '404';
    return missing ? { ...found, status: 404 } : found;
  }
  const refused = refusedAsReadOnly(call, found);
  if (refused !== undefined) return refused;
  const members = tenant.all('application').filter((one) => one.segmentGroupId === found.id);
  const [first] = members;
  if (first !== undefined) {
    if (call.quirks.get('members-block-delete') === 'refuse') return referenced('Application', first.name);
    for (const one of members) tenant.put('application', { ...one, segmentGroupId: undefined });
  }
  const rule = ruleNaming(tenant, found.id);
  if (rule !== undefined && call.quirks.get('rule-blocks-delete') === 'refuse') return referenced('Policy', rule.name);
  tenant.remove('group', found.id);
  return done;
};

/**
 * The group of the path, or the answer that gives the reason against it. A group outside the call's microtenant is not
 * found.
 */
export function findGroup(call: Call, tenant: TenantView): GroupDocument | Answer {
  const id = call.path[1] ?? '';
  if (!/^\d+$/.test(id)) return call.quirks.get('bad-id') === 'not-found' ? notFound(id) : invalidParameter('id');
  const group = tenant.get('group', id);
  return group !== undefined && sees(call, group.microtenantId) ? group : notFound(id);
}

/** Documented: groups of Deception cannot be updated or deleted; the others are treated alike. */
export function refusedAsReadOnly(call: Call, group: GroupDocument): Answer | undefined {
  if (!group.readOnly && !group.zscalerManaged && !group.deception) return undefined;
  return { '400': notAllowed, '403': forbidden, restricted: restrictedEntity }[call.quirks.get('read-only-refusal')];
}

function ruleNaming(tenant: TenantView, groupId: string): RuleDocument | undefined {
  return tenant
    .all('rule')
    .find((rule) =>
      rule.conditions.some(({ operands }) =>
        operands.some(({ objectType, rhs }) => objectType === 'APP_GROUP' && rhs === groupId),
      ),
    );
}
