import { changeSchema } from '../../shared/domain/change/change.ts';
import { fingerprint } from '../../shared/domain/change/fingerprint.ts';
import { configurationSchema } from '../../shared/domain/configuration/configuration.ts';
import type { SegmentGroup } from '../../shared/domain/group/group.ts';
import type { ChangeRef } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';

/** The tenant that every scenario is about, and changes of it. */
const CUSTOMER = '72057594037927936';
export const LANE = `PRODUCTION:${CUSTOMER}`;
export const START = Date.UTC(2026, 11, 1, 8);
/** The group there is from the beginning. */
export const GROUP = '100';
export const APPLICATIONS: readonly string[] = ['11', '12', '13', '14'];

export const CONFIGURATION = configurationSchema.parse({
  name: 'model',
  tenants: { acme: { customerId: CUSTOMER, vanity: 'acme' } },
  sources: {
    desk: {
      system: 'Desk',
      grants: [
        {
          tenants: ['acme'],
          actions: ['create', 'update', 'delete', 'accept'],
          groups: ['*'],
          applications: ['*'],
          flags: ['leaveUngrouped', 'takeFromOtherGroups'],
        },
      ],
    },
  },
});

export const refOf = (key: string): ChangeRef => ({
  lane: LANE,
  source: 'desk',
  tenant: 'acme',
  idempotencyKey: key,
});

export type ChangeFields = Record<string, unknown>;

export function requestOf(key: string, fields: ChangeFields) {
  return changeSchema.parse({ schemaVersion: 1, idempotencyKey: key, tenant: 'acme', ...fields });
}

export function recordOf(
  key: string,
  sequence: number,
  fields: ChangeFields,
  of: Partial<ChangeRecord> = {},
): ChangeRecord {
  const change = requestOf(key, fields);
  return {
    version: 1,
    ref: refOf(key),
    change,
    fingerprint: fingerprint(change),
    ticket: { system: 'Desk', id: key, approvals: [] },
    correlationId: `c-${key}`,
    sequence,
    state: 'queued',
    generation: 1,
    acceptedAt: START,
    sentAt: START,
    attempts: 0,
    pending: [],
    history: [],
    failed: false,
    ...of,
  };
}

export const rename = (name: string): ChangeFields => ({ action: 'update', group: { id: GROUP }, set: { name } });
export const adding = (id: string): ChangeFields => ({
  action: 'update',
  group: { id: GROUP },
  applications: { add: [{ id }] },
});

/** Approves what the group holds then. */
export const accepting = (state: unknown): ChangeFields => ({ action: 'accept', group: { id: GROUP }, state });

export function aGroup(of: Partial<SegmentGroup> = {}): SegmentGroup {
  return {
    id: GROUP,
    name: 'Warehouse',
    description: '',
    enabled: false,
    configSpace: 'DEFAULT',
    microtenantId: '0',
    applicationIds: [],
    readOnly: false,
    modifiedBy: undefined,
    modifiedTime: undefined,
    creationTime: undefined,
    ...of,
  };
}
