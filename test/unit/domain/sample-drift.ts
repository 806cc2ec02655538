import type { Coverage, DriftReport, Finding, NotChecked } from '../../../shared/domain/drift/report.ts';
import { TEST_START } from '../../fakes/fake-clock.ts';

const START = new Date(TEST_START).toISOString();

/** A description that somebody edited past the tickets. */
export const aFinding = (over: Partial<Finding> = {}): Finding => ({
  id: 'D-0000abcd',
  facet: 'description',
  kind: 'changed',
  state: 'new',
  since: { upTo: START },
  group: { id: '7201', name: 'Web', microtenantId: '0', tenant: 'acme' },
  before: 'as approved',
  after: 'written by hand',
  access: { read: 'not-needed' },
  ...over,
});

const NOTHING: Coverage = {
  live: 0,
  managed: 0,
  fullyStated: 0,
  partlyStated: 0,
  unmanaged: 0,
  foreign: 0,
  notChecked: 0,
  drifted: 0,
};

/** A survey: a report without state over time. */
export const aSurvey = (
  over: Partial<Omit<DriftReport, 'coverage'>> & { coverage?: Partial<Coverage> } = {},
): DriftReport => ({
  schemaVersion: 2,
  lane: 'BETA:1',
  tenants: ['acme'],
  startedAt: START,
  finishedAt: START,
  complete: true,
  findings: [],
  notChecked: [],
  closed: [],
  unmanaged: [],
  history: [],
  ...over,
  coverage: { ...NOTHING, ...over.coverage },
});

export const aNotChecked = (over: Partial<NotChecked> = {}): NotChecked => ({
  tenant: 'acme',
  code: 'unavailable',
  reason: 'ZPA answered 503.',
  groups: 1,
  since: START,
  ...over,
});
