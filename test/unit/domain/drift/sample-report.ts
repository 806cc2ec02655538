import type {
  Approval,
  DriftReport,
  Finding,
  HistoryEntry,
  UnmanagedGroup,
} from '../../../../shared/domain/drift/report.ts';

const APPROVAL: Approval = {
  key: 'CHG0031177@2',
  source: 'servicenow',
  ticket: 'CHG0031177',
  at: '2026-11-12T09:12:00.000Z',
};
const JIRA: Approval = { key: 'ZPA-42/3@10203', source: 'jira', ticket: 'ZPA-42', at: '2026-11-20T14:03:10.000Z' };
const SURVEY = '2026-12-01T06:00:00.000Z';
const DAY_BEFORE = '2026-11-30T06:00:00.000Z';

const group = (id: string, name: string, microtenantId = '0') => ({ id, name, microtenantId, tenant: 'acme-prod' });
const NEW = { state: 'new', since: { after: DAY_BEFORE, upTo: SURVEY } } as const;
const STILL = {
  state: 'still',
  since: { after: '2026-11-21T06:00:00.000Z', upTo: '2026-11-22T06:00:00.000Z' },
} as const;

/** A finding of the kind `changed` with what a test says about it. */
export function findingOf(part: Partial<Finding> = {}): Finding {
  return {
    id: 'D-5b1e77c0',
    facet: 'description',
    kind: 'changed',
    ...NEW,
    group: group('216196257331370003', 'Development Apps'),
    before: 'Applications of the development team',
    after: 'Applications of the development team and of the contractors',
    approval: APPROVAL,
    access: { read: 'not-needed' },
    ...part,
  };
}

const UNMANAGED: Finding = {
  id: 'D-e05b9d42',
  facet: 'exists',
  kind: 'unmanaged',
  state: 'still',
  since: { upTo: '2026-09-02T06:00:00.000Z' },
  group: group('216196257331370081', 'tkt-Marketing'),
  before: 'absent',
  after: 'exists',
  writer: { id: '216196257331372911', at: '2026-11-28T10:00:00.000Z', of: 'group', kind: 'unknown' },
  access: { read: 'not-needed' },
};

/** One finding of each kind, state and harm, in the order of the contract. */
const FINDINGS: readonly Finding[] = [
  findingOf({
    id: 'D-0a41c9e2',
    facet: 'app:216196257331380017',
    kind: 'added',
    group: group('216196257331370001', 'Finance Apps'),
    application: { id: '216196257331380017', name: 'payroll.acme.example' },
    before: 'not in the group',
    after: 'in the group',
    from: { id: '216196257331370009', name: 'HR Restricted' },
    writer: {
      id: '216196257331372702',
      at: '2026-11-30T18:40:11.000Z',
      of: 'application',
      name: 'Kim Sandoval',
      kind: 'console',
    },
    approval: JIRA,
    access: {
      read: 'read',
      exposes: true,
      interrupts: false,
      rules: [
        { policyType: 'ACCESS_POLICY', id: '216196257331390001', name: 'Finance staff', gains: 1, loses: 0 },
        { policyType: 'ACCESS_POLICY', id: '216196257331390002', name: 'External auditors', gains: 1, loses: 0 },
      ],
      ruleCount: 14,
    },
  }),
  findingOf({
    id: 'D-77f0d318',
    facet: 'exists',
    kind: 'resurrected',
    ...STILL,
    group: group('216196257331370055', 'Legacy VPN Apps'),
    before: 'absent',
    after: 'exists',
    deletedId: '216196257331370002',
    writer: { id: '216196257331372911', at: '2026-11-21T22:14:37.000Z', of: 'group', kind: 'unknown' },
    access: {
      read: 'read',
      exposes: true,
      interrupts: false,
      rules: [{ policyType: 'ACCESS_POLICY', id: '216196257331390003', name: 'All employees', gains: 12, loses: 0 }],
      ruleCount: 1,
    },
  }),
  findingOf({
    id: 'D-c3920b6d',
    facet: 'app:216196257331380044',
    kind: 'removed',
    group: group('216196257331370004', 'Warehouse & Logistics'),
    application: { id: '216196257331380044', name: 'scanner-gw.acme.example' },
    before: 'in the group',
    after: 'not in the group',
    to: 'no-group',
    writer: {
      id: '216196257331379001',
      at: '2026-12-01T02:03:00.000Z',
      of: 'group',
      name: 'ci-terraform',
      kind: 'terraform',
    },
    access: {
      read: 'read',
      exposes: false,
      interrupts: true,
      rules: [{ policyType: 'ACCESS_POLICY', id: '216196257331390004', name: 'Warehouse staff', gains: 0, loses: 1 }],
      ruleCount: 1,
    },
  }),
  findingOf({
    id: 'D-91d4e8a7',
    facet: 'enabled',
    kind: 'changed',
    ...STILL,
    group: group('216196257331370005', 'Werke Süd "Presswerk"', '216196257331370900'),
    before: 'true',
    after: 'false',
    writer: {
      id: '216196257331372702',
      at: '2026-11-21T16:20:05.000Z',
      of: 'group',
      name: 'Kim Sandoval',
      kind: 'console',
    },
    access: {
      read: 'read',
      exposes: false,
      interrupts: true,
      rules: [{ policyType: 'ACCESS_POLICY', id: '216196257331390005', name: 'Plant South', gains: 0, loses: 31 }],
      ruleCount: 1,
    },
  }),
  findingOf({
    id: 'D-2f6a0c15',
    facet: 'exists',
    kind: 'missing',
    group: group('216196257331370006', 'Build Agents'),
    before: 'exists',
    after: 'absent',
    to: { id: '216196257331370077', name: 'Build Agents' },
    writer: { id: '216196257331372911', at: '2026-11-30T11:00:00.000Z', of: 'group', kind: 'unknown' },
    access: { read: 'not-read', reason: 'the policy rules could not be read before the deadline' },
  }),
  findingOf({ writer: { id: '216196257331372702', of: 'group', name: 'Kim Sandoval', kind: 'console' } }),
  UNMANAGED,
  findingOf({
    id: 'D-48ab3f90',
    facet: 'name',
    kind: 'changed',
    state: 'ignored',
    since: { after: '2026-11-02T06:00:00.000Z', upTo: '2026-11-03T06:00:00.000Z' },
    group: group('216196257331370007', 'Archive'),
    before: 'Archive',
    after: 'Archive (read only)',
    ignored: {
      reason: 'Renamed for the audit; ticket CHG0031980 restores it in January',
      until: '2027-01-15T00:00:00.000Z',
      by: 'arn:aws:iam::123456789012:user/rosa',
      at: '2026-11-03T08:30:00.000Z',
      live: 'Archive (read only)',
    },
  }),
  findingOf({
    id: 'D-b7719e03',
    facet: 'description',
    state: 'in-flight',
    group: group('216196257331370008', 'Partner Portals'),
    before: 'Portals of partners',
    after: 'Portals of partners, EU',
    pending: 1,
  }),
];

/** A report whose parts agree with each other: 4 new, 3 still, 1 ignored, 1 in flight, 195 of 200 groups checked. */
export function sampleReport(part: Partial<DriftReport> = {}): DriftReport {
  return {
    schemaVersion: 2,
    lane: 'PRODUCTION:216196257331281920',
    tenants: ['acme-prod', 'acme-plants'],
    startedAt: SURVEY,
    finishedAt: '2026-12-01T06:01:12.000Z',
    complete: false,
    coverage: {
      live: 243,
      managed: 200,
      fullyStated: 141,
      partlyStated: 54,
      unmanaged: 31,
      foreign: 13,
      notChecked: 5,
      drifted: 6,
    },
    findings: [...FINDINGS],
    notChecked: [
      {
        tenant: 'acme-prod',
        microtenantId: '216196257331370901',
        code: 'unauthorized',
        reason: 'ZPA answered 403: the API client may not read this microtenant',
        groups: 4,
        since: '2026-11-29T06:00:00.000Z',
      },
      {
        tenant: 'acme-prod',
        groupId: '216196257331370010',
        code: 'incomplete-list',
        reason: 'the object cannot be parsed: modifiedBy is a number',
        groups: 1,
        since: SURVEY,
      },
    ],
    closed: [
      {
        id: 'D-6612fa0e',
        kind: 'removed',
        facet: 'app:216196257331380051',
        group: { id: '216196257331370001', name: 'Finance Apps' },
        tenant: 'acme-prod',
        at: SURVEY,
        by: { key: 'ZPA-57@10388', source: 'jira', ticket: 'ZPA-57', at: '2026-11-30T13:45:00.000Z' },
      },
      {
        id: 'D-d8812b77',
        kind: 'changed',
        facet: 'enabled',
        group: { id: '216196257331370011', name: 'Print Servers' },
        tenant: 'acme-plants',
        at: SURVEY,
      },
    ],
    unmanaged: [
      {
        id: '216196257331370081',
        name: 'tkt-Marketing',
        microtenantId: '0',
        enabled: true,
        applicationCount: 7,
        pattern: 'owned',
        writer: { id: '216196257331372911', at: '2026-11-28T10:00:00.000Z', of: 'group', kind: 'unknown' },
      },
      {
        id: '216196257331370082',
        name: 'Web Shop (staging)',
        microtenantId: '216196257331370900',
        enabled: false,
        applicationCount: 1,
        pattern: 'watched',
        writer: {
          id: '216196257331379001',
          at: '2026-10-02T02:03:00.000Z',
          of: 'group',
          name: 'ci-terraform',
          kind: 'terraform',
        },
      },
      {
        id: '216196257331370083',
        name: 'Default Segment Group',
        microtenantId: '0',
        enabled: true,
        applicationCount: 0,
        pattern: 'none',
      },
      ...Array.from(
        { length: 28 },
        (_, index): UnmanagedGroup => ({
          id: `2161962573313701${index + 10}`,
          name: `Project ${index + 1}`,
          microtenantId: '0',
          enabled: index % 9 !== 4,
          applicationCount: (index * 7) % 23,
          pattern: 'none',
        }),
      ),
    ],
    history: sampleHistory(90),
    ...part,
  };
}

/** Findings that arose and that closed, by the days before the sample report. */
const OPENED: Record<number, number> = { 88: 1, 71: 4, 52: 1, 40: 6, 24: 2, 9: 4, 0: 4 };
const CLOSED: Record<number, number> = { 80: 1, 66: 3, 60: 1, 50: 1, 37: 2, 33: 3, 30: 1, 20: 1, 0: 2 };

/** Reports of as many days, the last of which is the sample report's. */
export function sampleHistory(days: number): HistoryEntry[] {
  const end = Date.parse(SURVEY);
  let open = 0;
  const all = Array.from({ length: 90 }, (_, index): HistoryEntry => {
    const age = 89 - index;
    const [opened, closed] = [OPENED[age] ?? 0, CLOSED[age] ?? 0];
    const still = open - closed;
    open = still + opened;
    const notChecked = age === 17 || age < 3 ? 5 : 0;
    return {
      at: new Date(end - age * 86_400_000).toISOString(),
      complete: notChecked === 0,
      new: opened,
      still,
      ignored: age < 28 ? 1 : 0,
      closed,
      notChecked,
      managed: 200 - Math.floor(age / 3),
    };
  });
  return all.slice(-days);
}
