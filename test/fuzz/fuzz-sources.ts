import { configurationSchema } from '../../shared/domain/configuration/configuration.ts';
import { SCHEMES } from '../unit/domain/source/sample-schemes.ts';
import { TICKET_CONFIGURATION } from '../unit/ingest/ticket-world.ts';

const grants = [
  {
    tenants: ['acme-prod'],
    actions: ['create', 'update', 'delete'],
    groups: ['*'],
    applications: ['*'],
    flags: ['takeFromOtherGroups', 'leaveUngrouped', 'moveApplicationsTo'],
    changesPerHour: 2,
  },
];

/** A source per scheme for our own contract, and tickets of each kind: read back, trusted, claimed. */
const RAW: Record<string, object> = {
  ...Object.fromEntries(
    Object.entries(SCHEMES).map(([name, scheme]) => [
      name.replaceAll(/[^A-Za-z0-9]+/g, '-'),
      { system: 'x', scheme, grants },
    ]),
  ),
  ranged: { system: 'x', allowedCidrs: ['203.0.113.0/24'], grants },
  unguarded: { system: 'x', scheme: 'bearer', replay: 'none', grants },
  ...TICKET_CONFIGURATION.sources,
  'jira-issues': {
    system: 'jira',
    scheme: 'jira',
    mapping: { preset: 'jira-issue' },
    approval: {
      gate: { preset: 'jira-issue' },
      trustPayload: true,
      granted: { ref: 'issue.id', by: 'issue.fields.reporter.accountId' },
      selfApproval: true,
    },
    grants,
  },
};

export const FUZZ_CONFIGURATION = configurationSchema.parse({
  name: 'test',
  tenants: {
    'acme-prod': { customerId: '216196257331281920', vanity: 'acme' },
    'acme-beta': { cloud: 'BETA', customerId: '7', vanity: 'acme' },
  },
  sources: RAW,
});

export const SOURCES = FUZZ_CONFIGURATION.sources;
