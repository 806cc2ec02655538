import { type Catalog, toCatalog } from '../domain/catalog/catalog.ts';
import { nearestWithinGrant } from '../domain/catalog/nearest-within-grant.ts';
import { isOfTenant } from '../domain/catalog/visible-entries.ts';
import type { ChangeRequest } from '../domain/change/change.ts';
import type { Configuration } from '../domain/configuration/configuration.ts';
import { lookup } from '../domain/configuration/lookup.ts';
import type { Decision } from '../domain/decide/decision.ts';
import { microtenantIdOf } from '../domain/decide/permit.ts';
import type { LiveView } from '../domain/group/live-view.ts';
import { resolveReferences } from '../domain/plan/resolved-references.ts';
import type { Clock, Zpa } from '../ports/ports.ts';
import type { CatalogStore } from './catalog-cache.ts';
import { collect } from './retry-read.ts';

type NameSources = {
  configuration: Configuration;
  catalogs: Pick<CatalogStore, 'read'>;
  /** Reads names from ZPA where no catalog is stored yet; absent: none are suggested then. */
  readLive?: (lost: LostName) => Promise<Catalog | undefined>;
};
type RefusedChange = { change: ChangeRequest; live: LiveView; decision: Decision };

/**
 * Suggests names for a change that was refused because one of its names was not found: at most three similar names from the
 * last complete read of its tenant, or from ZPA if there is none yet, and within the grants of its source, the nearest first.
 * Best effort: suggests none if the names cannot be read. Never rejects.
 */
export async function suggestNames(
  from: NameSources,
  source: string,
  { change, live, decision }: RefusedChange,
): Promise<string[]> {
  const configured = lookup(from.configuration.sources, source);
  const kind = decision.kind === 'rejected' ? KINDS[decision.code] : undefined;
  if (configured === undefined || kind === undefined) return [];
  const missing = resolveReferences(change, live).find((one) => one.kind === kind && one.id === '');
  if (missing === undefined) return [];
  const stored = await from.catalogs.read(change.tenant).catch(() => undefined);
  const isUsable = stored !== undefined && isOfTenant(from.configuration, stored);
  const catalog = isUsable ? stored : await from.readLive?.({ change, kind }).catch(() => undefined);
  if (catalog === undefined) return [];
  const { microtenant } = change;
  return nearestWithinGrant(from.configuration, configured, catalog, { kind, name: missing.name, microtenant });
}

const KINDS: Partial<Record<string, 'group' | 'application'>> = {
  'group-not-found': 'group',
  'application-not-found': 'application',
};

/** A name that a change could not find. */
export type LostName = { change: ChangeRequest; kind: 'group' | 'application' };

/**
 * The names of one kind in the microtenant of a change, read now: for a tenant whose first catalog the drift report has yet to
 * store. It costs one read per page of 500. undefined: the configuration does not know the microtenant. Rejects as the reads do.
 */
export async function readLiveCatalog(
  from: { configuration: Configuration; zpa: Pick<Zpa, 'listGroups' | 'listApplications'>; clock: Pick<Clock, 'now'> },
  { change, kind }: LostName,
  signal: AbortSignal,
): Promise<Catalog | undefined> {
  const microtenantId = microtenantIdOf(from.configuration, change);
  if (microtenantId === undefined) return undefined;
  const scope = { signal, microtenantId };
  const groups = kind === 'group' ? await collect(from.zpa.listGroups(scope)) : [];
  const applications = kind === 'application' ? await collect(from.zpa.listApplications(scope)) : [];
  return toCatalog(from.configuration, change.tenant, { groups, applications, asOf: from.clock.now() });
}
