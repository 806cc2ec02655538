import { DEFAULT_MICROTENANT, type MicrotenantDocument } from '../tenant/documents.ts';
import type { TenantView } from '../tenant/shelves.ts';
import { type Answer, alreadyExists, created, done, invalidArgument, notFound, ok, referenced } from './answers.ts';
import { type Call, objectBody, type Reader, text, type Writer } from './call.ts';
import { shown } from './escaping.ts';
import { paged } from './listing.ts';

/** The newest first, the Default one last (recorded). */
export const listMicrotenants: Reader = (call, tenant) => {
  const name = call.query.get('search')?.split(/[\s+]EQ[\s+]/)[1];
  const found = inOrder(tenant).filter((one) => name === undefined || one.name === name);
  return paged(call, found, (one) => microtenantView(call, tenant, one));
};

export const summariseMicrotenants: Reader = (call, tenant) =>
  ok(
    inOrder(tenant).map(({ id, name, enabled }) => ({
      id: shownId(call, id),
      name: shown(name, call.quirks),
      enabled,
    })),
  );

export const getMicrotenant: Reader = (call, tenant) => {
  const found = findMicrotenant(call, tenant);
  return 'status' in found ? found : ok(microtenantView(call, tenant, found));
};

export const createMicrotenant: Writer = (call, tenant) => {
  const read = readMicrotenant(call, tenant, undefined);
  if ('status' in read) return read;
  const microtenant: MicrotenantDocument = {
    ...read,
    id: tenant.takeId(),
    creationTime: call.now,
    modifiedTime: call.now,
    modifiedBy: call.admin,
  };
  tenant.put('microtenant', microtenant);
  return created(keysOf(call, microtenant));
};

export const updateMicrotenant: Writer = (call, tenant) => {
  const found = findMicrotenant(call, tenant);
  if ('status' in found) return found;
  const read = readMicrotenant(call, tenant, found);
  if ('status' in read) return read;
  tenant.put('microtenant', { ...found, ...read, modifiedTime: call.now, modifiedBy: call.admin });
  return done;
};

export const deleteMicrotenant: Writer = (call, tenant) => {
  const found = findMicrotenant(call, tenant);
  if ('status' in found) return found;
  if (found.id === DEFAULT_MICROTENANT) return invalidArgument('id');
  const group = tenant.all('group').find((one) => one.microtenantId === found.id);
  if (group !== undefined) return referenced('SegmentGroup', group.name);
  const application = tenant.all('application').find((one) => one.microtenantId === found.id);
  if (application !== undefined) return referenced('Application', application.name);
  tenant.remove('microtenant', found.id);
  return done;
};

function findMicrotenant(call: Call, tenant: TenantView): MicrotenantDocument | Answer {
  const id = call.path[1] ?? '';
  return tenant.get('microtenant', id) ?? notFound(id);
}

function inOrder(tenant: TenantView): MicrotenantDocument[] {
  return tenant.all('microtenant').sort((a, b) => {
    if (a.id === DEFAULT_MICROTENANT || b.id === DEFAULT_MICROTENANT) return a.id === DEFAULT_MICROTENANT ? 1 : -1;
    return b.id.length - a.id.length || (a.id < b.id ? 1 : -1);
  });
}

function microtenantView(call: Call, tenant: TenantView, microtenant: MicrotenantDocument): unknown {
  const place = inOrder(tenant).findIndex(({ id }) => id === microtenant.id) + 1;
  return { ...keysOf(call, microtenant), scopeOrder: String(place) };
}

const shownId = (call: Call, id: string): string | undefined =>
  id === DEFAULT_MICROTENANT && call.quirks.get('default-microtenant') === 'no-id' ? undefined : id;

const keysOf = (call: Call, { fields, ...one }: MicrotenantDocument) => ({
  id: shownId(call, one.id),
  modifiedTime: one.modifiedTime,
  creationTime: one.creationTime,
  modifiedBy: one.modifiedBy,
  name: shown(one.name, call.quirks),
  description: one.description === undefined ? undefined : shown(one.description, call.quirks),
  enabled: one.enabled,
  operator: fields.operator ?? 'OR',
  criteriaAttribute: fields.criteriaAttribute,
  criteriaAttributeValues: fields.criteriaAttributeValues,
  privilegedApprovalsEnabled: fields.privilegedApprovalsEnabled ?? true,
});

type Read = Pick<MicrotenantDocument, 'name' | 'description' | 'enabled' | 'fields'>;

function readMicrotenant(call: Call, tenant: TenantView, self: MicrotenantDocument | undefined): Read | Answer {
  const { name, description, enabled, id: _id, ...fields } = objectBody(call) ?? {};
  const named = text(name);
  if (named === undefined || named.trim() === '') return invalidArgument('name');
  const taken = tenant.all('microtenant').some((one) => one.id !== self?.id && one.name === named);
  if (taken) return alreadyExists(named);
  return { name: named, description: text(description) || undefined, enabled: enabled !== false, fields };
}
