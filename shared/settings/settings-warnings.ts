import { isDeepStrictEqual } from 'node:util';
import { microtenantIdsOf } from '../domain/catalog/catalog.ts';
import type { Settings, TenantConfiguration } from '../domain/configuration/configuration.ts';
import { ticketAccess } from '../domain/configuration/tickets-schema.ts';
import { laneName } from '../domain/lane/change-ref.ts';

/** Warns of settings that are permitted and still worth a look, a few sentences each. */
export function settingsWarnings({ tenants, sources }: Settings): string[] {
  return [...writingCredentials(sources), ...looserTwins(Object.entries(tenants))];
}

function writingCredentials(sources: Settings['sources']): string[] {
  return Object.entries(sources).flatMap(([name, { system, tickets }]) => {
    if (tickets === undefined || ticketAccess(tickets) !== 'one-secret') return [];
    const remedy = `Set "readSecret": true in sources.${name}.tickets and give it an account that may only read.`;
    return [`ingest and reconcile hold a credential that can write to ${system} (${name}). ${remedy}`];
  });
}

type Named = readonly [name: string, tenant: TenantConfiguration];

/** Guards, mode and freezes hold for the changes of their tenant alone, whichever groups those write. */
function looserTwins(tenants: readonly Named[]): string[] {
  const customers = [...Map.groupBy(tenants, ([, tenant]) => laneName(tenant)).values()];
  return customers.flatMap((ofOne) =>
    ofOne.flatMap((twin, index) => ofOne.slice(0, index).flatMap((earlier) => differenceOf(earlier, twin))),
  );
}

function differenceOf([name, one]: Named, [otherName, other]: Named): string[] {
  const theirs = new Set(microtenantIdsOf(other));
  const differing = (['mode', 'guards', 'freezes'] as const).filter((it) => !isDeepStrictEqual(one[it], other[it]));
  if (differing.length === 0 || !microtenantIdsOf(one).some((id) => theirs.has(id))) return [];
  const who = `Tenants "${name}" and "${otherName}" write to the same microtenant of one ZPA customer`;
  return [
    `${who} and differ in ${differing.join(' and ')}: what one forbids, a change for the other may do. State the same for both.`,
  ];
}
