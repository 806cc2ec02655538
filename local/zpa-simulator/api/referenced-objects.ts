import type { Stamp } from '../tenant/documents.ts';
import { idText, isRecord } from './call.ts';

/**
 * Server groups and connector groups are not held here: what names one is taken at its id, and where ZPA would show the
 * object, one of the recorded shape is made up.
 */
export type ShowReference = (reference: Record<string, unknown>, holder: Stamp) => unknown;

export function references(holder: { fields: Record<string, unknown> }, name: string): Record<string, unknown>[] {
  const value = holder.fields[name];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** Tells whether a written field names objects by ids that can exist, or nothing. */
export const namesObjects = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.every((one) => isRecord(one) && /^\d+$/.test(idText(one.id) ?? '')));

/** In the answer to POST: the id and defaults. */
export const stubServerGroup: ShowReference = ({ id }) => ({
  id,
  enabled: false,
  configSpace: 'DEFAULT',
  extranetEnabled: false,
  dynamicDiscovery: false,
});

/** `alone`: a single application carries `weight` and `passive` as well. */
export function serverGroupView(
  { id, name, description }: Record<string, unknown>,
  { creationTime, modifiedBy }: Stamp,
  alone = false,
): unknown {
  return {
    id,
    modifiedTime: creationTime,
    creationTime,
    modifiedBy,
    name: name ?? `server-group-${id}`,
    enabled: false,
    description: description ?? `Server group ${id}`,
    configSpace: 'DEFAULT',
    ...(alone && { weight: '0', passive: false }),
    extranetEnabled: false,
    dynamicDiscovery: true,
  };
}

export const stubConnectorGroup: ShowReference = ({ id }) => ({
  id,
  useInDrMode: false,
  connectorGroupType: 'APP',
  wafDisabled: false,
  lssAppConnectorGroup: false,
});

export const connectorGroupView: ShowReference = ({ id }, { creationTime, modifiedBy }) => ({
  id,
  modifiedTime: creationTime,
  creationTime,
  modifiedBy,
  name: `connector-group-${id}`,
  enabled: true,
  description: `Connector group ${id}`,
  versionProfileId: '0',
  overrideVersionProfile: true,
  location: 'Frankfurt, Germany',
  dnsQueryType: 'IPV4_IPV6',
  cityCountry: 'Frankfurt, DE',
  countryCode: 'DE',
  tcpQuickAckApp: true,
  tcpQuickAckAssistant: true,
  tcpQuickAckReadAssistant: true,
  praEnabled: true,
  useInDrMode: false,
  connectorGroupType: 'APP',
  wafDisabled: false,
  lssAppConnectorGroup: false,
});
