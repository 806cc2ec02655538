import type { Settings } from '../domain/configuration/configuration.ts';
import { ticketAccess } from '../domain/configuration/tickets-schema.ts';

/** Warns of settings that are permitted and still worth a look, one sentence each. */
export function settingsWarnings({ sources }: Settings): string[] {
  return Object.entries(sources).flatMap(([name, { system, tickets }]) => {
    if (tickets === undefined || ticketAccess(tickets) !== 'one-secret') return [];
    const remedy = `Set "readSecret": true in sources.${name}.tickets and give it an account that may only read.`;
    return [`ingest and reconcile hold a credential that can write to ${system} (${name}). ${remedy}`];
  });
}
