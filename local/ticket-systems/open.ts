import { join } from 'node:path';
import type { Configuration } from '../../shared/domain/configuration/configuration.ts';
import { ticketsSchema } from '../../shared/domain/configuration/tickets-schema.ts';
import { LOOPBACK, type TicketAddresses } from './addresses.ts';
import { stateFile } from './http/state-file.ts';
import { type Jira, startJira } from './jira/jira.ts';
import type { JiraState } from './jira/jira-store.ts';
import { type Receiver, type ReceiverState, startReceiver } from './receiver.ts';
import { seedTickets } from './seed.ts';
import { type ServiceNow, startServiceNow } from './servicenow/servicenow.ts';
import type { ServiceNowState } from './servicenow/servicenow-store.ts';
import { DONE, REVIEWED } from './transitions.ts';

/** The ticket systems of the local world, with the tickets that the samples are of. */
export type LocalTicketSystems = {
  servicenow: ServiceNow;
  jira: Jira;
  /** The receiver of outcomes by webhook. */
  receiver: Receiver;
  /** Addresses of the ticket systems, by kind. */
  addresses: TicketAddresses;
  /** The configuration in which its sources `servicenow` and `jira` are answered here. */
  answered(configuration: Configuration): Configuration;
  close(): Promise<void>;
};

/** Ports, and whether the tickets of the samples are there: nobody sends them where other settings are tried. */
export type TicketSystemOptions = { servicenow?: number; jira?: number; samples?: boolean };

/** Credentials that both simulated systems accept, and therefore the local world's secrets. */
export const LOCAL_CREDENTIALS = {
  servicenow: { user: 'zpa.changes', password: 'local' },
  jira: { email: 'zpa-changes@acme.example', apiToken: 'local' },
} as const;

/** Accounts that both refuse to let write. */
export const LOCAL_READERS = {
  servicenow: { user: 'zpa.reader', password: 'local' },
  jira: { email: 'zpa-reader@acme.example', apiToken: 'local' },
} as const;

/** Starts both, by default on free ports of 127.0.0.1. `home`: the folder that stores their tickets. */
export async function openTicketSystems(
  { samples = true, ...ports }: TicketSystemOptions = {},
  home?: string,
): Promise<LocalTicketSystems> {
  const port = (one: number | undefined) => (one === undefined ? {} : { port: one });
  const stateOption = <State>(name: string) =>
    home === undefined ? {} : { state: stateFile<State>(join(home, `${name}.json`)) };
  const servicenow = await startServiceNow({
    ...LOCAL_CREDENTIALS.servicenow,
    ...port(ports.servicenow),
    ...stateOption<ServiceNowState>('servicenow'),
  });
  const jira = await startJira({ ...LOCAL_CREDENTIALS.jira, ...port(ports.jira), ...stateOption<JiraState>('jira') });
  const receiver = await startReceiver(stateOption<ReceiverState>('tool'));
  if (samples) seedTickets(servicenow.store, jira.store);
  return {
    servicenow,
    jira,
    receiver,
    addresses: { servicenow: servicenow.url, jira: jira.url, webhook: receiver.url },
    answered: (configuration) => answered(configuration, servicenow.url, jira.url),
    close: async () => {
      await Promise.all([servicenow.close(), jira.close(), receiver.close()]);
    },
  };
}

function answered(configuration: Configuration, servicenowUrl: string, jiraUrl: string): Configuration {
  const tickets: Record<string, unknown> = {
    servicenow: { kind: 'servicenow', url: servicenowUrl, allowedPrivateCidrs: LOOPBACK, transitions: REVIEWED },
    jira: { kind: 'jira', url: jiraUrl, allowedPrivateCidrs: LOOPBACK, transitions: DONE },
  };
  const sources = Object.entries(configuration.sources).map(([name, source]) => [
    name,
    Object.hasOwn(tickets, name) ? { ...source, tickets: ticketsSchema.parse(tickets[name]) } : source,
  ]);
  return { ...configuration, sources: Object.fromEntries(sources) };
}
