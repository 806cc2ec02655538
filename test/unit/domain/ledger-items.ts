import { compareDrift, type DriftInput } from '../../../shared/domain/drift/compare/compare-drift.ts';
import type { GroupReading, SegmentGroup } from '../../../shared/domain/group/group.ts';
import { foldDesired } from '../../../shared/domain/ledger/desired.ts';
import type { Approved, Outcome } from '../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import type { DesiredGroup } from '../../../shared/domain/records/desired-group.ts';

/** Record factories, each with the one argument that matters to its tests. */
const LANE = 'PRODUCTION:1234567890';

export function approvedFor(groupId: string, approved: Partial<Approved> = {}): Approved {
  return { groupId, microtenantId: '0', fields: {}, members: { has: [], hasNot: [] }, deleted: false, ...approved };
}

export function outcomeOf(approved: Approved, kind: 'applied' | 'unchanged' = 'applied'): Outcome {
  const summary = { name: `Group ${approved.groupId}`, description: '', enabled: true, applicationCount: 0 };
  const effect = { groupId: approved.groupId, before: summary, after: summary, added: [], removed: [] };
  const ended = { effect, approved, reach: { status: 'not-checked', reason: 'test' }, generation: 1 } as const;
  const at = 1_700_000_000_000;
  if (kind === 'unchanged') return { kind, ...ended, at, attempts: 1 };
  return { kind, ...ended, at, attempts: 1, writeId: 'w-1', overtaken: [] };
}

export function changeRecord(sequence: number, over: Partial<ChangeRecord> = {}): ChangeRecord {
  const idempotencyKey = `CHG${sequence}`;
  return {
    version: 3,
    ref: { lane: LANE, source: 'desk', tenant: 'umbrella', idempotencyKey },
    change: {
      schemaVersion: 1,
      idempotencyKey,
      tenant: 'umbrella',
      action: 'update',
      group: { id: '11' },
      set: { enabled: true },
      takeFromOtherGroups: false,
      leaveUngrouped: false,
    },
    fingerprint: `f${sequence}`,
    ticket: { system: 'Desk', id: `T-${sequence}`, approvals: [] },
    correlationId: `c-${sequence}`,
    sequence,
    state: 'settled',
    generation: 1,
    acceptedAt: 1_700_000_000_000 + sequence,
    sentAt: 0,
    attempts: 1,
    pending: [],
    history: [],
    failed: false,
    ...over,
  };
}

export function settledWith(sequence: number, approved: Approved): ChangeRecord {
  return changeRecord(sequence, { outcome: outcomeOf(approved) });
}

/** The desired state after these approvals, folded in this order, one record per group. */
export function desiredFrom(records: readonly ChangeRecord[]): DesiredGroup[] {
  const groups = new Map<string, DesiredGroup>();
  for (const record of records) {
    const outcome = record.outcome;
    if (outcome?.kind !== 'applied' && outcome?.kind !== 'unchanged') continue;
    const folded = foldDesired(groups.get(outcome.approved.groupId), record);
    if (folded !== undefined) groups.set(folded.groupId, folded);
  }
  return [...groups.values()];
}

export function liveGroup(id: string, over: Partial<SegmentGroup> = {}): SegmentGroup {
  return {
    id,
    name: `Group ${id}`,
    description: '',
    enabled: true,
    configSpace: 'DEFAULT',
    microtenantId: '0',
    applicationIds: [],
    readOnly: false,
    modifiedBy: '72058304855015425',
    modifiedTime: 1_763_000_000,
    creationTime: 1_763_000_000,
    ...over,
  };
}

/** The report on one listing of a complete tenant. */
export function reportOf(desired: readonly DesiredGroup[], groups: GroupReading[], over: Partial<DriftInput> = {}) {
  return compareDrift({
    lane: LANE,
    tenants: ['umbrella'],
    startedAt: 1_764_000_000_000,
    finishedAt: 1_764_000_060_000,
    desired,
    listings: [{ tenant: 'umbrella', microtenantId: undefined, result: { groups } }],
    absenceChecks: desired
      .filter((one) => !groups.some((group) => group.id === one.groupId))
      .map(({ groupId }) => ({ groupId, result: 'absent' as const })),
    applications: [],
    atWork: () => () => 0,
    ourWriters: [],
    ...over,
  });
}
