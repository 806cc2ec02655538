import { type ApplicationDocument, DEFAULT_MICROTENANT } from '../tenant/documents.ts';
import type { TenantView } from '../tenant/shelves.ts';
import type { Call } from './call.ts';
import { shown } from './escaping.ts';
import { microtenantKeys } from './microtenant-names.ts';
import { references, serverGroupView, stubServerGroup } from './referenced-objects.ts';

/**
 * Application segments as they are answered, keys in the order of the recordings. `undefined` values vanish in JSON:
 * an absent key is written so here.
 */
type Field = (name: string, otherwise?: unknown) => unknown;

const fieldOf =
  (application: ApplicationDocument): Field =>
  (name, otherwise) =>
    application.fields[name] ?? otherwise;

/** Inside a segment group: no segmentGroupId, no serverGroups. */
export function embeddedApplication(call: Call, application: ApplicationDocument): unknown {
  const field = fieldOf(application);
  const ports = portKeys(application);
  return {
    ...stampOf(application),
    name: shown(application.name, call.quirks),
    domainName: firstDomain(application),
    domainNames: field('domainNames', []),
    description: descriptionOf(call, application),
    enabled: application.enabled,
    passiveHealthEnabled: field('passiveHealthEnabled', true),
    tcpPortRanges: ports.tcpPortRanges,
    udpPortRanges: ports.udpPortRanges,
    doubleEncrypt: field('doubleEncrypt', false),
    healthCheckType: field('healthCheckType', 'DEFAULT'),
    icmpAccessType: field('icmpAccessType', 'NONE'),
    bypassType: field('bypassType', 'NEVER'),
    configSpace: field('configSpace', 'DEFAULT'),
    ipAnchored: field('ipAnchored', false),
    bypassOnReauth: field('bypassOnReauth', false),
    inspectTrafficWithZia: field('inspectTrafficWithZia', false),
    tcpKeepAlive: field('tcpKeepAlive', '0'),
    useInDrMode: field('useInDrMode', false),
    matchStyle: field('matchStyle', 'EXCLUSIVE'),
    selectConnectorCloseToApp: field('selectConnectorCloseToApp', false),
    weightedLoadBalancing: field('weightedLoadBalancing', false),
    extranetEnabled: field('extranetEnabled', false),
    adpEnabled: field('adpEnabled', false),
    apiProtectionEnabled: field('apiProtectionEnabled', false),
    autoAppProtectEnabled: field('autoAppProtectEnabled', false),
    fqdnDnsCheck: field('fqdnDnsCheck', false),
    policyStyle: field('policyStyle', 'NONE'),
    tcpPortRange: ports.tcpPortRange,
    udpPortRange: ports.udpPortRange,
  };
}

/** In the answer to a group's create: the id and a few defaults, as the documentation's sample shows. */
export const stubApplication = (id: string): unknown => ({
  id,
  enabled: false,
  passiveHealthEnabled: false,
  doubleEncrypt: false,
  configSpace: 'DEFAULT',
  ipAnchored: false,
  bypassOnReauth: false,
  inspectTrafficWithZia: false,
  useInDrMode: false,
});

/** The answer to POST: no times, no read-only keys, server groups as stubs. */
export function applicationCreated(call: Call, application: ApplicationDocument): unknown {
  const field = fieldOf(application);
  const ports = portKeys(application);
  return {
    id: application.id,
    domainNames: field('domainNames', []),
    name: shown(application.name, call.quirks),
    description: descriptionOf(call, application),
    serverGroups: references(application, 'serverGroups').map((one) => stubServerGroup(one, application)),
    enabled: application.enabled,
    passiveHealthEnabled: field('passiveHealthEnabled', true),
    tcpPortRanges: ports.tcpPortRanges,
    udpPortRanges: ports.udpPortRanges,
    doubleEncrypt: field('doubleEncrypt', false),
    configSpace: field('configSpace', 'DEFAULT'),
    bypassType: field('bypassType', 'NEVER'),
    healthCheckType: field('healthCheckType', 'DEFAULT'),
    icmpAccessType: field('icmpAccessType', 'NONE'),
    isCnameEnabled: field('isCnameEnabled', true),
    commonAppsDto: application.fields.commonAppsDto,
    ...keptKeys(field),
    ...trafficKeys(field),
    tcpKeepAlive: field('tcpKeepAlive', '0'),
    ...protectionKeys(field),
    segmentGroupId: application.segmentGroupId,
    ...(application.microtenantId !== DEFAULT_MICROTENANT && { microtenantId: application.microtenantId }),
  };
}

/** A list item; a single application carries `weight` and `passive` of its server groups as well. */
export function applicationView(
  call: Call,
  tenant: TenantView,
  application: ApplicationDocument,
  alone: boolean,
): unknown {
  const field = fieldOf(application);
  const { id, ...times } = stampOf(application);
  const group = application.segmentGroupId && tenant.get('group', application.segmentGroupId);
  return {
    ...times,
    id,
    domainNames: field('domainNames', []),
    name: shown(application.name, call.quirks),
    description: descriptionOf(call, application),
    serverGroups: references(application, 'serverGroups').map((one) => serverGroupView(one, application, alone)),
    enabled: application.enabled,
    passiveHealthEnabled: field('passiveHealthEnabled', true),
    ...portKeys(application),
    doubleEncrypt: field('doubleEncrypt', false),
    configSpace: field('configSpace', 'DEFAULT'),
    bypassType: field('bypassType', 'NEVER'),
    healthCheckType: field('healthCheckType', 'DEFAULT'),
    icmpAccessType: field('icmpAccessType', 'NONE'),
    isCnameEnabled: field('isCnameEnabled', true),
    ...keptKeys(field),
    ...trafficKeys(field),
    healthReporting: field('healthReporting', 'ON_ACCESS'),
    useInDrMode: field('useInDrMode', false),
    tcpKeepAlive: field('tcpKeepAlive', '0'),
    selectConnectorCloseToApp: field('selectConnectorCloseToApp', false),
    ...protectionKeys(field),
    policyStyle: field('policyStyle', 'NONE'),
    readOnly: field('readOnly', false),
    zscalerManaged: field('zscalerManaged', false),
    ...microtenantKeys(call, tenant, application.microtenantId),
    segmentGroupId: application.segmentGroupId,
    segmentGroupName: group ? shown(group.name, call.quirks) : undefined,
  };
}

/** Fields without a default: absent unless somebody wrote them. */
const keptKeys = (field: Field) => ({
  clientlessApps: field('clientlessApps'),
  defaultIdleTimeout: field('defaultIdleTimeout'),
  defaultMaxAge: field('defaultMaxAge'),
  tags: field('tags'),
  zpnErId: field('zpnErId'),
});

const trafficKeys = (field: Field) => ({
  ipAnchored: field('ipAnchored', false),
  bypassOnReauth: field('bypassOnReauth', false),
  inspectTrafficWithZia: field('inspectTrafficWithZia', false),
});

const protectionKeys = (field: Field) => ({
  matchStyle: field('matchStyle', 'EXCLUSIVE'),
  isIncompleteDRConfig: field('isIncompleteDRConfig', false),
  adpEnabled: field('adpEnabled', false),
  autoAppProtectEnabled: field('autoAppProtectEnabled', false),
  apiProtectionEnabled: field('apiProtectionEnabled', false),
  fqdnDnsCheck: field('fqdnDnsCheck', false),
  weightedLoadBalancing: field('weightedLoadBalancing', false),
  extranetEnabled: field('extranetEnabled', false),
});

const stampOf = ({ id, modifiedTime, creationTime, modifiedBy }: ApplicationDocument) => ({
  id,
  modifiedTime,
  creationTime,
  modifiedBy,
});

const descriptionOf = (call: Call, { description }: ApplicationDocument): string | undefined =>
  description === undefined ? undefined : shown(description, call.quirks);

function firstDomain(application: ApplicationDocument): unknown {
  const domains = application.fields.domainNames;
  return Array.isArray(domains) ? domains[0] : undefined;
}

/** Flat pairs and ranges are two ways to say the same; whichever was written, both are answered. Of both, ranges win. */
function portKeys(application: ApplicationDocument) {
  const tcp = portsOf(application, 'tcp');
  const udp = portsOf(application, 'udp');
  return {
    tcpPortRanges: flat(tcp),
    tcpPortRange: tcp.length > 0 ? tcp : undefined,
    udpPortRanges: flat(udp),
    udpPortRange: udp.length > 0 ? udp : undefined,
  };
}

type PortRange = { from: string; to: string };
const flat = (ranges: readonly PortRange[]): string[] | undefined =>
  ranges.length > 0 ? ranges.flatMap(({ from, to }) => [from, to]) : undefined;

function portsOf(application: ApplicationDocument, protocol: 'tcp' | 'udp'): PortRange[] {
  const ranges = references(application, `${protocol}PortRange`);
  if (ranges.length > 0) return ranges.map(({ from, to }) => ({ from: `${from}`, to: `${to}` }));
  const pairs = application.fields[`${protocol}PortRanges`];
  if (!Array.isArray(pairs)) return [];
  return pairs.flatMap((from, index) => (index % 2 === 0 ? [{ from: `${from}`, to: `${pairs[index + 1]}` }] : []));
}
