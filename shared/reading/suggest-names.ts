import { nearestWithinGrant } from '../domain/catalog/nearest-within-grant.ts';
import type { ChangeRequest } from '../domain/change/change.ts';
import type { Configuration } from '../domain/configuration/configuration.ts';
import { lookup } from '../domain/configuration/lookup.ts';
import type { Decision } from '../domain/decide/decision.ts';
import type { LiveView } from '../domain/group/live-view.ts';
import { resolveReferences } from '../domain/plan/resolved-references.ts';
import type { CatalogStore } from './catalog-cache.ts';

type NameSources = { configuration: Configuration; catalogs: Pick<CatalogStore, 'read'> };
type RefusedChange = { change: ChangeRequest; live: LiveView; decision: Decision };

/**
 * Suggests names for a change that was refused because one of its names was not found: at most three similar names from the
 * last complete read of its tenant and within the grants of its source, the nearest first. Best effort: suggests none if
 * there is no catalog or it cannot be read. Never rejects.
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
  const catalog = await from.catalogs.read(change.tenant).catch(() => undefined);
  if (catalog === undefined) return [];
  const { microtenant } = change;
  return nearestWithinGrant(from.configuration, configured, catalog, { kind, name: missing.name, microtenant });
}

const KINDS: Partial<Record<string, 'group' | 'application'>> = {
  'group-not-found': 'group',
  'application-not-found': 'application',
};
