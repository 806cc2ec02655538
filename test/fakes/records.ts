import type { UpdateRequest } from '../../shared/domain/change/change.ts';
import type { ChangeRef } from '../../shared/domain/lane/change-ref.ts';
import type { Approved, Outcome } from '../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../shared/domain/records/desired-group.ts';
import type { DeliveryRecord } from '../../shared/domain/source/replay-protection.ts';
import { TEST_START } from './fake-clock.ts';

/** Records for tests: everything filled in, each test names only what it is about. */

export const TEST_LANE = 'BETA:72057594037927936';

export function aRef(key = 'CHG0000001/1@A1', overrides: Partial<ChangeRef> = {}): ChangeRef {
  return { lane: TEST_LANE, source: 'helpdesk', tenant: 'acme-test', idempotencyKey: key, ...overrides };
}

export function anUpdate(overrides: Partial<UpdateRequest> = {}): UpdateRequest {
  return {
    schemaVersion: 1,
    idempotencyKey: 'CHG0000001/1@A1',
    tenant: 'acme-test',
    action: 'update',
    group: { name: 'Printers' },
    set: { enabled: true },
    takeFromOtherGroups: false,
    leaveUngrouped: false,
    ...overrides,
  };
}

export function aChange(overrides: Partial<ChangeRecord> = {}): ChangeRecord {
  const ref = overrides.ref ?? aRef();
  return {
    version: 0,
    ref,
    change: anUpdate({ idempotencyKey: ref.idempotencyKey, tenant: ref.tenant }),
    fingerprint: 'f'.repeat(64),
    ticket: { system: 'Helpdesk', id: 'CHG0000001', approvals: [] },
    correlationId: 'correlation-1',
    sequence: 1,
    state: 'accepted',
    generation: 1,
    acceptedAt: TEST_START,
    sentAt: 0,
    attempts: 0,
    pending: [],
    history: [],
    failed: false,
    ...overrides,
  };
}

export function anApproved(overrides: Partial<Approved> = {}): Approved {
  return {
    groupId: '72057594037931001',
    microtenantId: '0',
    fields: { enabled: true },
    members: { has: [], hasNot: [] },
    deleted: false,
    ...overrides,
  };
}

type Kind<K extends Outcome['kind']> = Extract<Outcome, { kind: K }>;

export function anApplied(overrides: Partial<Kind<'applied'>> = {}): Kind<'applied'> {
  const group = { name: 'Printers', description: '', applicationCount: 2 };
  return {
    kind: 'applied',
    generation: 1,
    at: TEST_START + 1000,
    attempts: 1,
    effect: {
      groupId: '72057594037931001',
      before: { ...group, enabled: false },
      after: { ...group, enabled: true },
      added: [],
      removed: [],
    },
    approved: anApproved(),
    reach: { status: 'not-checked', reason: 'rules are not read yet' },
    writeId: 'write-1',
    overtaken: [],
    ...overrides,
  };
}

export function aRejected(overrides: Partial<Kind<'rejected'>> = {}): Kind<'rejected'> {
  return {
    kind: 'rejected',
    generation: 1,
    at: TEST_START + 1000,
    attempts: 1,
    code: 'group-not-found',
    sentence: 'There is no segment group "Printers" in acme-test.',
    remedy: 'Correct the group in the ticket.',
    ...overrides,
  };
}

export function aDesired(overrides: Partial<DesiredGroup> = {}): DesiredGroup {
  const key = 'CHG0000001/1@A1';
  return {
    version: 0,
    lane: TEST_LANE,
    tenant: 'acme-test',
    microtenantId: '0',
    groupId: '72057594037931001',
    enabled: { value: true, sequence: 1, key },
    members: { '72057594037932001': [1, 1], '72057594037932002': [0, 1] },
    last: { key, source: 'helpdesk', ticket: 'CHG0000001', at: TEST_START, sequence: 1 },
    ...overrides,
  };
}

export function aDelivery(overrides: Partial<DeliveryRecord> = {}): DeliveryRecord {
  return {
    version: 0,
    source: 'helpdesk',
    bodyHash: 'b'.repeat(64),
    id: 'delivery-1',
    at: TEST_START,
    keptUntil: TEST_START + 3_600_000,
    ...overrides,
  };
}
