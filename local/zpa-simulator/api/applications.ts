import { type ApplicationDocument, DEFAULT_MICROTENANT } from '../tenant/documents.ts';
import type { TenantView } from '../tenant/shelves.ts';
import type { Tenant } from '../tenant/store.ts';
import {
  type Answer,
  alreadyExists,
  created,
  done,
  invalidArgument,
  invalidParameter,
  notFound,
  ok,
  referenced,
} from './answers.ts';
import { applicationCreated, applicationView } from './application-views.ts';
import { type Call, idText, isRecord, objectBody, type Reader, scopeOf, sees, text, type Writer } from './call.ts';
import { listAnswer, visible } from './listing.ts';
import { namesObjects, references } from './referenced-objects.ts';

export const listApplications: Reader = (call, tenant) =>
  listAnswer(
    call,
    visible(call, tenant.all('application')),
    (one) => applicationView(call, tenant, one, false),
    ({ id, name, description, enabled, segmentGroupId }) => ({
      id,
      name,
      description,
      enabled,
      segmentGroupId,
      segmentGroupName: segmentGroupId && tenant.get('group', segmentGroupId)?.name,
    }),
  );

export const getApplication: Reader = (call, tenant) => {
  const found = findApplication(call, tenant);
  return 'status' in found ? found : ok(applicationView(call, tenant, found, true));
};

export const createApplication: Writer = (call, tenant) => {
  const body = objectBody(call) ?? {};
  const microtenantId = scopeOf(call) ?? DEFAULT_MICROTENANT;
  if (tenant.get('microtenant', microtenantId) === undefined) return invalidArgument('microtenantId');
  const read = readApplication(tenant, body, microtenantId, undefined);
  if ('status' in read) return read;
  const id = tenant.takeId();
  const application: ApplicationDocument = {
    ...read,
    fields: withInnerApps(tenant, read.fields, id),
    id,
    creationTime: call.now,
    modifiedTime: call.now,
    modifiedBy: call.admin,
    microtenantId,
  };
  tenant.put('application', application);
  return created(applicationCreated(call, application));
};

export const updateApplication: Writer = (call, tenant) => {
  const found = findApplication(call, tenant);
  if ('status' in found) return found;
  const read = readApplication(tenant, objectBody(call) ?? {}, found.microtenantId, found);
  if ('status' in read) return read;
  tenant.put('application', {
    ...found,
    ...read,
    fields: withInnerApps(tenant, read.fields, found.id),
    modifiedTime: call.now,
    modifiedBy: call.admin,
  });
  return done;
};

/** `forceDelete=true` takes it out of its segment group first (zscaler-sdk-go changelog); a policy rule still holds it. */
export const deleteApplication: Writer = (call, tenant) => {
  const found = findApplication(call, tenant);
  if ('status' in found) return found;
  const group = found.segmentGroupId === undefined ? undefined : tenant.get('group', found.segmentGroupId);
  if (group !== undefined && call.query.get('forceDelete') !== 'true') return referenced('SegmentGroup', group.name);
  const rule = tenant
    .all('rule')
    .find((one) => one.conditions.some(({ operands }) => operands.some(({ rhs }) => rhs === found.id)));
  if (rule !== undefined) return referenced('Policy', rule.name);
  tenant.remove('application', found.id);
  return done;
};

const TYPED_ID: Record<string, string> = {
  SECURE_REMOTE_ACCESS: 'praAppId',
  INSPECT: 'inspectAppId',
  BROWSER_ACCESS: 'baAppId',
};

/** Browser-access, inspection and remote-access applications inside segments. `totalCount` is "0" in every recording. */
export const listApplicationsByType: Reader = (call, tenant) => {
  const type = call.query.get('applicationType') ?? '';
  const wanted = call.query.get('search')?.split(/[\s+]EQ[\s+]/)[1];
  const list = visible(call, tenant.all('application'))
    .filter((one) => wanted === undefined || one.name === wanted)
    .flatMap((one) => [
      ...typedApps(one.fields).filter((app) => typesOf(app).includes(type)),
      ...(type === 'BROWSER_ACCESS' ? references(one, 'clientlessApps') : []),
    ])
    .map((app) => typedAppView(app, type));
  return ok({ totalPages: '1', totalCount: '0', list });
};

function typedAppView(app: Record<string, unknown>, type: string): unknown {
  const head = { id: app[TYPED_ID[type] ?? 'id'] ?? app.id, name: app.name, enabled: app.enabled };
  const { applicationPort, applicationProtocol, domain, appId, hidden, connectionSecurity } = app;
  const target = { applicationPort, applicationProtocol, domain, appId };
  if (type === 'SECURE_REMOTE_ACCESS') {
    return { ...head, ...target, hidden, connectionSecurity, microtenantName: 'Default' };
  }
  const { certificateId, trustUntrustedCert } = app;
  const certificateName = certificateId === undefined ? undefined : `certificate-${certificateId}`;
  return { ...head, certificateId, certificateName, ...target, trustUntrustedCert };
}

/** Gives each application inside its own id, right after the segment's, and fills what POST answers. */
function withInnerApps(tenant: Tenant, given: Record<string, unknown>, appId: string): Record<string, unknown> {
  const clientlessApps = references({ fields: given }, 'clientlessApps').map((app) => ({
    enabled: true,
    ...app,
    name: app.name || app.domain,
    id: app.id || tenant.takeId(),
    appId,
  }));
  const fields = clientlessApps.length === 0 ? given : { ...given, clientlessApps };
  const apps = typedApps(fields);
  if (apps.length === 0) return fields;
  const appsConfig = apps.map((app) => {
    const typed = TYPED_ID[String(typesOf(app)[0])] ?? 'baAppId';
    return {
      name: app.name ?? app.domain,
      [typed]: app[typed] ?? tenant.takeId(),
      enabled: app.enabled ?? true,
      certificateId: app.certificateId,
      applicationPort: app.applicationPort,
      applicationProtocol: app.applicationProtocol,
      connectionSecurity: app.connectionSecurity,
      domain: app.domain,
      hidden: app.hidden ?? false,
      portal: app.portal ?? false,
      appId,
      trustUntrustedCert: app.trustUntrustedCert ?? false,
      allowOptions: app.allowOptions ?? false,
      appTypes: typesOf(app),
      adpEnabled: app.adpEnabled ?? false,
    };
  });
  return { ...fields, commonAppsDto: { appsConfig } };
}

const typedApps = (fields: Record<string, unknown>): Record<string, unknown>[] =>
  isRecord(fields.commonAppsDto) ? references({ fields: fields.commonAppsDto }, 'appsConfig') : [];
const typesOf = (app: Record<string, unknown>): unknown[] => (Array.isArray(app.appTypes) ? app.appTypes : []);

function findApplication(call: Call, tenant: TenantView): ApplicationDocument | Answer {
  const id = call.path[1] ?? '';
  if (!/^\d+$/.test(id)) return call.quirks.get('bad-id') === 'not-found' ? notFound(id) : invalidParameter('id');
  const application = tenant.get('application', id);
  return application !== undefined && sees(call, application.microtenantId) ? application : notFound(id);
}

type Read = Pick<ApplicationDocument, 'name' | 'description' | 'enabled' | 'segmentGroupId' | 'fields'>;

function readApplication(
  tenant: TenantView,
  body: Record<string, unknown>,
  microtenantId: string,
  self: ApplicationDocument | undefined,
): Read | Answer {
  const { name, description, enabled, segmentGroupId, id: _id, ...fields } = body;
  const named = text(name);
  if (named === undefined || named.trim() === '') return invalidArgument('name');
  const taken = tenant.all('application').some((one) => one.id !== self?.id && one.name === named);
  if (taken) return alreadyExists(named);
  if (!Array.isArray(fields.domainNames) || fields.domainNames.length === 0) return invalidArgument('domainNames');
  const groupId = idText(segmentGroupId) || self?.segmentGroupId;
  const group = groupId === undefined ? undefined : tenant.get('group', groupId);
  if (groupId !== undefined && group?.microtenantId !== microtenantId) return invalidArgument('segmentGroupId');
  if (!namesObjects(fields.serverGroups)) return invalidArgument('serverGroups');
  return {
    name: named,
    description: text(description) || undefined,
    enabled: enabled !== false,
    segmentGroupId: groupId,
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
  };
}
