import { type Reference, referenceKey } from '../../../shared/domain/change/change.ts';
import type { Application, SegmentGroup } from '../../../shared/domain/group/group.ts';
import type { Found, LiveView } from '../../../shared/domain/group/live-view.ts';

/** Live state for decisions: everything filled in, each test names only what it is about. */

export function aGroup(id: string, overrides: Partial<SegmentGroup> = {}): SegmentGroup {
  return {
    id,
    name: `group-${id}`,
    description: 'before',
    enabled: false,
    configSpace: 'DEFAULT',
    microtenantId: '0',
    applicationIds: [],
    readOnly: false,
    modifiedBy: '900',
    modifiedTime: 1_700_000_000,
    creationTime: 1_600_000_000,
    ...overrides,
  };
}

export function anApplication(id: string, group?: SegmentGroup): Application {
  return {
    id,
    name: `app-${id}`,
    enabled: true,
    microtenantId: '0',
    segmentGroupId: group?.id,
    segmentGroupName: group?.name,
  };
}

export const found = <T>(value: T): Found<T> => ({ kind: 'found', value });
export const MISSING = { kind: 'missing' } as const;

/** Several of one name. */
export const ambiguous = (...ids: string[]) =>
  ({ kind: 'ambiguous', candidates: ids.map((id) => ({ id, name: 'Twin' })) }) as const;

export function aView(group: LiveView['group'], overrides: Partial<LiveView> = {}): LiveView {
  return {
    group,
    applications: new Map(),
    memberNames: new Map(),
    sources: new Map(),
    destination: undefined,
    nameTakenBy: [],
    rules: { mentions: [], scanned: ['ACCESS_POLICY'], skipped: [] },
    reading: { status: 'unread', reason: 'of no interest here' },
    ...overrides,
  };
}

/** Each under its id and under its name. */
export const asApplications = (...list: Application[]): LiveView['applications'] =>
  new Map(
    list.flatMap((one): [string, Found<Application>][] => {
      const references: Reference[] = [{ id: one.id }, { name: one.name }];
      return references.map((reference) => [referenceKey(reference), found(one)]);
    }),
  );
