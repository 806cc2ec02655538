import { makePlan } from '../../../functions/plan/make-plan.ts';
import { PLAN_TIMING, type PlanPorts } from '../../../functions/plan/ports.ts';
import { complete } from '../../../shared/domain/approval/reading.ts';
import type { Catalog } from '../../../shared/domain/catalog/catalog.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import type { PlanRequest } from '../../../shared/domain/ledger/plan-request.ts';
import type { TicketText } from '../../../shared/domain/text/ticket-text.ts';
import { createRuleReadings } from '../../../shared/reading/read-rules.ts';
import { createSharedReads, type SharedReadBudgetStore } from '../../../shared/reading/shared-reads.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { createMemoryCatalogs } from '../../fakes/memory-catalogs.ts';
import { createMemoryPlans } from '../../fakes/memory-plans.ts';
import { createMemorySharedReads } from '../../fakes/memory-shared-reads.ts';
import { accessTo, createMemoryTickets } from '../../fakes/memory-tickets.ts';
import { createMemoryTenant } from '../../fakes/memory-zpa.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';
import { aGroup } from '../domain/sample-live.ts';

export const TICKET = 'CHG0031337';
export const LANE = 'PRODUCTION:72057594037927936';
const RULE_READS = 14;
export const GATE = {
  ticket: 'ticket.id',
  concerns: [{ field: 'topic', oneOf: ['segment groups'] }],
  approved: [{ field: 'status', oneOf: ['approved'] }],
  submitted: [{ field: 'status', oneOf: ['submitted'] }],
};

type Changed = {
  tenant?: object;
  source?: object;
  catalog?: Catalog;
  sharedReads?: SharedReadBudgetStore;
  microtenants?: { id: string; name: string; enabled: boolean }[];
};

/** The plan function over a tenant in memory with a budget of two reads in ten seconds; a scan of the rules takes fourteen. */
export function createPlanWorld(changed: Changed = {}) {
  const {
    tenant: tenantSays = {},
    source: sourceSays = {},
    catalog,
    sharedReads = createMemorySharedReads(),
    microtenants,
  } = changed;
  const clock = createFakeClock();
  const zpa = createMemoryTenant(clock);
  zpa.groups.set('11', aGroup('11', { name: 'Web', enabled: true, applicationIds: ['21'] }));
  zpa.groups.set('12', aGroup('12', { name: 'Printers', enabled: true }));
  for (const id of ['21', '22', '23']) zpa.applications.set(id, { id, name: `app-${id}` });
  const limits = { reads: 2, writes: 0, windowMs: 10_000 };
  const limiter = createSharedReads({ store: sharedReads, lane: LANE, limits, requestTimeoutMs: 20_000, clock });
  const client = zpa.client(limiter);
  const listRules: typeof client.listRules = async (options) => {
    for (let read = 1; read < RULE_READS; read += 1) {
      options?.signal?.throwIfAborted();
      (await limiter.take('read', options?.signal))();
    }
    return client.listRules(options);
  };
  const tickets = createMemoryTickets();
  const spoken: { text: string; after: number; marker: string }[] = [];
  const started = clock.now();
  const comment = tickets.comment;
  tickets.comment = async (id, text, marker) => {
    const said = await comment(id, text, marker);
    if (said === 'said') spoken.push({ text: plain(text), after: clock.now() - started, marker });
    return said;
  };
  const [log, meter, plans] = [createRecordingLog(), createRecordingMeter(), createMemoryPlans()];
  const access = accessTo({ desk: tickets });
  const ports: PlanPorts = {
    configuration: configurationSchema.parse({
      name: 'test',
      tenants: { prod: { customerId: '72057594037927936', vanity: 'acme', ...tenantSays } },
      sources: {
        desk: {
          system: 'Desk',
          mapping: { preset: 'own-json' },
          approval: { gate: GATE },
          grants: [
            {
              tenants: ['prod'],
              actions: ['create', 'update', 'delete'],
              groups: ['*'],
              applications: ['*'],
              flags: ['leaveUngrouped'],
            },
          ],
          ...sourceSays,
        },
        mute: { system: 'Mute' },
      },
    }),
    tickets: access,
    zpaOf: () => ({
      ...client,
      listRules,
      ...(microtenants !== undefined && { listMicrotenants: async () => microtenants }),
    }),
    ruleReadings: createRuleReadings(clock, 300_000),
    catalogs: createMemoryCatalogs(...(catalog === undefined ? [] : [catalog])),
    plans,
    evaluate: async () => ({ ok: false, says: 'is not evaluated here', remedy: 'Use a table.' }),
    clock,
    timing: PLAN_TIMING,
    log,
    meter,
  };
  const put = (...changes: object[]) => {
    const numbered = changes.map((one, index) => ({ ...DEFAULTS, idempotencyKey: `${TICKET}/${index + 1}`, ...one }));
    const payload = { ...SUBMITTED, ticket: { id: TICKET, requestedBy: 'kim' }, changes: numbered };
    tickets.tickets.set(TICKET, { id: TICKET, payload, requesters: ['kim'], approvals: [], history: complete([]) });
  };
  const ask = (over: Partial<PlanRequest> = {}, signal = new AbortController().signal) => {
    const request = {
      schemaVersion: 1,
      source: 'desk',
      ticketId: TICKET,
      askedAt: clock.now(),
      payload: undefined,
    } as const;
    return makePlan(ports, { ...request, ...over }, signal);
  };
  return { zpa, tickets, spoken, plans, ports, clock, log, meter, put, ask };
}

/** The fields of a ticket beside its changes. */
const SUBMITTED = { topic: 'segment groups', status: 'submitted' };

const DEFAULTS = { schemaVersion: 1, tenant: 'prod', action: 'update' };

/** Blocks as lines, nothing escaped. */
function plain(text: TicketText): string {
  return text
    .flatMap((block) => {
      if (block.kind === 'points') return block.points.map((point) => `- ${point}`);
      if (block.kind === 'table') return block.rows.map((row) => row.join(' | '));
      if (block.kind === 'link') return [`${block.label} ${block.url}`];
      return [block.text];
    })
    .join('\n');
}
