import { gateOf } from '../domain/approval/approval-schema.ts';
import { type Configuration, secretNames } from '../domain/configuration/configuration.ts';
import { lookup } from '../domain/configuration/lookup.ts';
import { rotatingKeys } from '../domain/source/rotating-secret.ts';
import type { Clock, SecretReader } from '../ports/ports.ts';
import type { CommentQueue, TicketOpener, TicketReader, TicketWriter } from '../ports/ticket-system.ts';
import { createApiCaller, type TicketClientOptions } from './http/caller.ts';
import { type Connections, openConnections } from './http/connections.ts';
import { createJiraOpener } from './jira/jira-open.ts';
import { createJiraReader } from './jira/jira-read.ts';
import { requireJiraSignIn } from './jira/jira-sign-in.ts';
import { type ApprovedStatuses, createApprovedStatuses } from './jira/jira-statuses.ts';
import { createJiraWriter } from './jira/jira-write.ts';
import { withSealedMarkers } from './sealed-markers.ts';
import { createServiceNowOpener } from './servicenow/servicenow-open.ts';
import { createServiceNowReader } from './servicenow/servicenow-read.ts';
import { createServiceNowWriter } from './servicenow/servicenow-write.ts';
import { wantedColumns } from './servicenow/wanted-columns.ts';
import { createWebhookOpener, createWebhookWriter } from './webhook-write.ts';

/** The clients of the ticket systems of all configured sources. */
export type TicketSystems = {
  /** undefined if tickets of this source cannot be read back. */
  readerOf(source: string, signal?: AbortSignal): TicketReader | undefined;
  /** undefined if tickets of this source cannot be written to. */
  writerOf(source: string, signal?: AbortSignal): TicketWriter | undefined;
  /** undefined if this source has no ticket system. Only a function that may write to it can open tickets. */
  openerOf(source: string, signal?: AbortSignal): TicketOpener | undefined;
  close(): Promise<void>;
};

export type TicketSystemsOptions = {
  configuration: Pick<Configuration, 'name' | 'sources'>;
  secrets: SecretReader;
  clock: Pick<Clock, 'now'>;
  /**
   * Given by a function that only reads tickets: it holds the credential for reading alone. `plan` writes its comments,
   * unless the source says that its only credential is stored under both names (`readSecret`).
   */
  comments?: CommentQueue;
  /** Time for one call in ms, by default 15 s; Standard Webhooks advises 15 to 30 s. */
  timeoutMs?: number;
};

const TIMEOUT_MS = 15_000;

/** Creates the clients of all sources. Calls of one source share its connections. */
export function openTicketClients(options: TicketSystemsOptions): TicketSystems {
  const open = new Map<string, Connections>();
  const statuses = new Map<string, ApprovedStatuses>();
  const readSealKeys = async () =>
    rotatingKeys(await options.secrets.read(secretNames.status(options.configuration.name)));

  function clientOf(source: string, signal: AbortSignal | undefined) {
    const configured = lookup(options.configuration.sources, source);
    if (configured?.tickets === undefined) return undefined;
    const { tickets } = configured;
    const connections = open.get(source) ?? openConnections(tickets.allowedPrivateCidrs);
    open.set(source, connections);
    const { secrets, clock, configuration, timeoutMs = TIMEOUT_MS } = options;
    const nameOf = options.comments === undefined ? secretNames.tickets : secretNames.ticketsRead;
    const readSecret: TicketClientOptions['readSecret'] = (how) =>
      secrets.read(nameOf(configuration.name, source), how);
    const client: TicketClientOptions = { url: tickets.url, connections, readSecret, clock, timeoutMs, signal };
    const gate = configured.approval && gateOf(configured.approval);
    return { tickets, client, gate, columns: wantedColumns(configured) };
  }

  return {
    readerOf(source, signal) {
      const found = clientOf(source, signal);
      if (found?.tickets.kind === 'servicenow') {
        const tickets = { ...found.tickets, fields: [...found.tickets.fields, ...found.columns] };
        return createServiceNowReader(tickets, createApiCaller('servicenow', found.client), found.gate);
      }
      if (found?.tickets.kind === 'jira') {
        const { now } = options.clock;
        const known = statuses.get(source) ?? createApprovedStatuses(found.tickets.approvedStatuses, now);
        statuses.set(source, known);
        return createJiraReader(found.tickets, createApiCaller('jira', found.client, requireJiraSignIn), known, now);
      }
      return undefined;
    },
    writerOf(source, signal) {
      const found = clientOf(source, signal);
      if (found === undefined) return undefined;
      const { tickets, client } = found;
      const sealed = (writer: TicketWriter) => withSealedMarkers(writer, source, readSealKeys);
      if (tickets.kind === 'servicenow') {
        return sealed(createServiceNowWriter(tickets, createApiCaller('servicenow', client)));
      }
      if (tickets.kind === 'jira') {
        return sealed(createJiraWriter(tickets, createApiCaller('jira', client, requireJiraSignIn)));
      }
      return createWebhookWriter(tickets, client);
    },
    openerOf(source, signal) {
      const found = clientOf(source, signal);
      if (found === undefined) return undefined;
      const { tickets, client } = found;
      if (tickets.kind === 'servicenow') return createServiceNowOpener(createApiCaller('servicenow', client));
      if (tickets.kind === 'jira') return createJiraOpener(createApiCaller('jira', client, requireJiraSignIn));
      return createWebhookOpener(tickets, client);
    },
    async close() {
      await Promise.all([...open.values()].map((one) => one.close()));
      open.clear();
    },
  };
}
