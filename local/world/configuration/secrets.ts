import { randomBytes } from 'node:crypto';
import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { type NeededSecret, neededSecrets } from '../../../shared/domain/configuration/needed-secrets.ts';
import { schemeOf } from '../../../shared/domain/source/schemes.ts';
import { LOCAL_CREDENTIALS, LOCAL_READERS } from '../../ticket-systems/open.ts';
import { READ_CLIENT, WRITE_CLIENT } from './seed.ts';

/** A name → secret text, as Secrets Manager holds them. */
export type Secrets = Record<string, string>;

/** Every secret that the configuration asks for, made now; for the tenants the simulator's own API clients. */
export function makeSecrets(configuration: Configuration): Secrets {
  return Object.fromEntries(neededSecrets(configuration).map((needed) => [needed.name, makeSecret(needed)]));
}

function makeSecret(needed: NeededSecret): string {
  switch (needed.kind) {
    case 'zpa':
      return JSON.stringify(needed.right === 'write' ? WRITE_CLIENT : READ_CLIENT);
    case 'source':
      return JSON.stringify({ secrets: [schemeOf(needed.configured.scheme).toSecret(randomBytes(32))] });
    case 'tickets':
      return ticketSecret(needed.tickets.kind);
    case 'tickets-read': {
      // A source without an account of its own for reading has the one that may write under both names.
      const { kind, readSecret } = needed.tickets;
      return JSON.stringify((readSecret ? LOCAL_READERS : LOCAL_CREDENTIALS)[kind]);
    }
    case 'catalog':
      return JSON.stringify({ secrets: [randomBytes(32).toString('base64url')] });
    case 'status':
      return randomBytes(32).toString('base64url');
  }
}

/** The credentials that the simulated ticket systems accept; a webhook's is random and made here. */
function ticketSecret(kind: 'servicenow' | 'jira' | 'webhook'): string {
  if (kind === 'webhook') return JSON.stringify({ secrets: [`whsec_${randomBytes(32).toString('base64')}`] });
  return JSON.stringify(LOCAL_CREDENTIALS[kind]);
}
