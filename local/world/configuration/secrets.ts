import { randomBytes } from 'node:crypto';
import { type Configuration, secretNames } from '../../../shared/domain/configuration/configuration.ts';
import type { TicketsConfiguration } from '../../../shared/domain/configuration/tickets-schema.ts';
import { schemeOf } from '../../../shared/domain/source/schemes.ts';
import { LOCAL_CREDENTIALS, LOCAL_READERS } from '../../ticket-systems/open.ts';
import { READ_CLIENT, WRITE_CLIENT } from './seed.ts';

/** A name → secret text, as Secrets Manager holds them. */
export type Secrets = Record<string, string>;

/** Every secret that the configuration asks for, made now; for the tenants the simulator's own API clients. */
export function makeSecrets(configuration: Configuration): Secrets {
  const { name } = configuration;
  const tenants = Object.keys(configuration.tenants).flatMap((tenant) => [
    [secretNames.zpa(name, tenant, 'write'), JSON.stringify(WRITE_CLIENT)],
    [secretNames.zpa(name, tenant, 'read'), JSON.stringify(READ_CLIENT)],
  ]);
  const sources = Object.entries(configuration.sources).map(([source, { scheme }]) => [
    secretNames.source(name, source),
    JSON.stringify({ secrets: [schemeOf(scheme).toSecret(randomBytes(32))] }),
  ]);
  const catalogs = Object.entries(configuration.sources)
    .filter(([, source]) => source.catalog === true)
    .map(([source]) => [
      secretNames.catalog(name, source),
      JSON.stringify({ secrets: [randomBytes(32).toString('base64url')] }),
    ]);
  const tickets = Object.entries(configuration.sources).flatMap(([source, one]) =>
    one.tickets === undefined
      ? []
      : [
          [secretNames.tickets(name, source), ticketSecret(one.tickets.kind)],
          [secretNames.ticketsRead(name, source), readSecret(one.tickets)],
        ].filter(([, text]) => text !== undefined),
  );
  return Object.fromEntries([
    ...tenants,
    ...sources,
    ...catalogs,
    ...tickets,
    [secretNames.status(name), randomBytes(32).toString('base64url')],
  ]);
}

/** The credentials that the simulated ticket systems accept; a webhook's is random and made here. */
function ticketSecret(kind: 'servicenow' | 'jira' | 'webhook'): string {
  if (kind === 'webhook') return JSON.stringify({ secrets: [`whsec_${randomBytes(32).toString('base64')}`] });
  return JSON.stringify(LOCAL_CREDENTIALS[kind]);
}

/** A source without an account of its own for reading has the one that may write under both names. */
function readSecret(tickets: TicketsConfiguration): string | undefined {
  if (tickets.kind === 'webhook') return undefined;
  return JSON.stringify((tickets.readSecret ? LOCAL_READERS : LOCAL_CREDENTIALS)[tickets.kind]);
}
