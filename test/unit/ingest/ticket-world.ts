import type { IngestPorts } from '../../../functions/ingest/ports.ts';
import { complete } from '../../../shared/domain/approval/reading.ts';
import { type Configuration, configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import type { TicketApproval, TicketRecord } from '../../../shared/ports/ticket-system.ts';
import { createFakeClock, type FakeClock } from '../../fakes/fake-clock.ts';
import { createMemoryPlans } from '../../fakes/memory-plans.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { accessTo, createMemoryTickets } from '../../fakes/memory-tickets.ts';
import { createIngestWorld, SECRET } from './ingest-world.ts';

const GRANTS = [
  {
    tenants: ['acme-prod'],
    actions: ['create', 'update', 'delete'],
    groups: ['*'],
    applications: ['*'],
    changesPerHour: 200,
  },
];

const snow = {
  system: 'servicenow',
  mapping: { preset: 'servicenow-change', rows: { tenant: { value: 'acme-prod' } } },
  grants: GRANTS,
};

/** Sources of ServiceNow with read-back, and with trusted and untrusted payloads. */
const TICKET_SOURCES = {
  snow: { ...snow, approval: { gate: { preset: 'servicenow-change' }, integrationUser: 'zpa.integration' } },
  'snow-open': {
    ...snow,
    system: 'servicenow-open',
    grants: GRANTS.map((grant) => ({ ...grant, actions: ['update'] })),
    approval: {
      gate: { preset: 'servicenow-change', concerns: [{ field: 'record.variables.zpa_action', filled: true }] },
      selfApproval: true,
      trustHistory: true,
    },
  },
  trusted: {
    ...snow,
    system: 'servicenow-trusted',
    approval: {
      gate: { preset: 'servicenow-change' },
      trustPayload: true,
      granted: { ref: 'approval.id', by: 'approval.by', at: 'approval.at' },
    },
  },
  'trusted-open': {
    ...snow,
    approval: {
      gate: { preset: 'servicenow-change' },
      selfApproval: true,
      trustPayload: true,
      granted: { ref: 'approval.id', by: 'approval.by', at: 'approval.at' },
    },
  },
  own: {
    system: 'own',
    grants: GRANTS,
    mapping: { preset: 'own-json' },
    approval: {
      gate: { ticket: 'ticket.id', approved: [{ field: 'status', oneOf: ['approved'] }] },
      trustPayload: true,
      granted: { ref: 'approval.id', by: 'approval.by', at: 'approval.at' },
    },
  },
  asking: {
    ...snow,
    mapping: {
      preset: 'servicenow-change',
      rows: { tenant: { value: 'acme-prod' }, 'requested by': { from: ['record.u_asked_by'], to: 'requestedBy' } },
    },
    approval: { gate: { preset: 'servicenow-change' } },
  },
  planned: { ...snow, approval: { gate: { preset: 'servicenow-change' }, requirePlan: true } },
  claiming: { ...snow, approval: { gate: { preset: 'servicenow-change' } } },
};

export const TICKET_CONFIGURATION: Configuration = configurationSchema.parse({
  name: 'test',
  tenants: {
    'acme-prod': { customerId: '216196257331281920', vanity: 'acme' },
    'acme-beta': { cloud: 'BETA', customerId: '7', vanity: 'acme' },
  },
  sources: TICKET_SOURCES,
});

export const DAVID: TicketApproval = { by: 'david.loo', at: '2026-12-01T07:00:00Z', ref: 'appr1' };
export const AGAIN: TicketApproval = { by: 'david.loo', at: '2026-12-01T07:30:00Z', ref: 'appr2' };

/** A ServiceNow change request as webhook and read-back show it: to enable Remote Access. */
export function snowPayload(fields: Record<string, unknown> = {}, variables: Record<string, string> = {}) {
  return {
    table: 'change_request',
    record: {
      number: 'CHG0031337',
      state: '-2',
      approval: 'approved',
      on_hold: 'false',
      type: 'normal',
      sys_updated_by: 'beth.anglin',
      requested_by: {
        value: 'abc',
        display_value: 'Beth Anglin',
        user_name: { value: 'beth.anglin', display_value: 'x' },
      },
      variables: { zpa_action: 'enable', zpa_group: 'Remote Access', ...variables },
      ...fields,
    },
  };
}

export function snowTicket(over: Partial<TicketRecord> = {}): TicketRecord {
  return {
    id: 'CHG0031337',
    payload: snowPayload(),
    requesters: ['beth.anglin'],
    approvals: [DAVID],
    history: complete([]),
    ...over,
  };
}

type Parts = { plans?: boolean; clock?: FakeClock; planned?: ReturnType<typeof createMemoryPlans> };
type TicketOptions = Partial<Pick<IngestPorts, 'configuration' | 'ledger' | 'knownLanes' | 'withdrawals'>>;

/** Ingest with a ticket system in memory behind source `snow` and `snow-open`. */
export function createTicketWorld({
  plans = true,
  clock = createFakeClock(),
  planned = createMemoryPlans(),
  ...shared
}: Parts & TicketOptions = {}) {
  const tickets = createMemoryTickets();
  const asked: { source: string; ticketId: string; payload: unknown }[] = [];
  const names = Object.keys(TICKET_SOURCES).map((name) => [
    `test/source/${name}`,
    JSON.stringify({ secrets: [SECRET] }),
  ]);
  const world = createIngestWorld({
    configuration: TICKET_CONFIGURATION,
    clock,
    secrets: createMemorySecrets({ ...Object.fromEntries(names), 'test/status': 'any long random text' }),
    tickets: accessTo({ snow: tickets, 'snow-open': tickets, planned: tickets, asking: tickets }),
    planned,
    ...shared,
    ...(plans ? { plans: { send: async (request) => void asked.push(request) } } : {}),
  });
  return { ...world, clock, tickets, asked };
}

export type TicketWorld = ReturnType<typeof createTicketWorld>;
