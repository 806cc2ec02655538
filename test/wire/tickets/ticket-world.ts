import { type Jira, type JiraOptions, startJira } from '../../../local/ticket-systems/jira/jira.ts';
import {
  type ServiceNow,
  type ServiceNowOptions,
  startServiceNow,
} from '../../../local/ticket-systems/servicenow/servicenow.ts';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import type { CommentQueue, TicketReader, TicketWriter } from '../../../shared/ports/ticket-system.ts';
import type { TicketSystems } from '../../../shared/tickets/ticket-clients.ts';
import { createTicketSystems } from '../../../shared/tickets/ticket-systems.ts';
import { createMemorySecrets, type MemorySecrets } from '../../fakes/memory-secrets.ts';

export const SECRETS = {
  'here/tickets/servicenow': JSON.stringify({ user: 'zpa.changes', password: 'local' }),
  'here/status': 'any long random text',
  'here/tickets/jira': JSON.stringify({ email: 'zpa-changes@acme.example', apiToken: 'local' }),
};

export type TicketWorld = AsyncDisposable & {
  servicenow: ServiceNow;
  jira: Jira;
  secrets: MemorySecrets;
  systems: TicketSystems;
  reader(source: string): TicketReader;
  writer(source: string): TicketWriter;
};

type Options = {
  servicenow?: ServiceNowOptions & { tickets?: Record<string, unknown>; gate?: Record<string, unknown> };
  jira?: JiraOptions & { tickets?: Record<string, unknown> };
  timeoutMs?: number;
  now?: () => number;
  secrets?: Record<string, string>;
  comments?: CommentQueue;
};

const LOOPBACK = ['127.0.0.0/8'];

/** Both ticket systems on loopback, and our clients of them as configured. */
export async function startTicketWorld(options: Options = {}): Promise<TicketWorld> {
  const now = options.now ?? Date.now;
  const servicenow = await startServiceNow({ now, ...options.servicenow });
  const jira = await startJira({ now, ...options.jira });
  const secrets = createMemorySecrets(options.secrets ?? SECRETS);
  const gate = options.servicenow?.gate;
  const configuration = configurationOf(
    {
      servicenow: { kind: 'servicenow', url: servicenow.url, ...options.servicenow?.tickets },
      jira: { kind: 'jira', url: jira.url, ...options.jira?.tickets },
    },
    gate === undefined ? {} : { servicenow: { mapping: { preset: 'servicenow-change' }, approval: { gate } } },
  );
  const systems = createTicketSystems({
    configuration,
    secrets,
    clock: { now },
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    ...(options.comments === undefined ? {} : { comments: options.comments }),
  });
  return {
    servicenow,
    jira,
    secrets,
    systems,
    reader: (source) => required(systems.readerOf(source)),
    writer: (source) => required(systems.writerOf(source)),
    async [Symbol.asyncDispose]() {
      await systems.close();
      await Promise.all([servicenow.close(), jira.close()]);
    },
  };
}

/** Sources by name with their `tickets`; loopback may be called unless a source states other ranges. */
export function configurationOf(
  tickets: Record<string, Record<string, unknown>>,
  more: Record<string, Record<string, unknown>> = {},
): Configuration {
  const sources = Object.entries(tickets).map(([name, one]) => [
    name,
    { system: name, tickets: { allowedPrivateCidrs: LOOPBACK, ...one }, ...more[name] },
  ]);
  return configurationSchema.parse({ name: 'here', tenants: {}, sources: Object.fromEntries(sources) });
}

export function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('it is not there');
  return value;
}

export async function collected<T>(all: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const one of all) list.push(one);
  return list;
}
