import { nearestWithinGrant } from '../domain/catalog/nearest-within-grant.ts';
import type { ChangeRequest } from '../domain/change/change.ts';
import type { Configuration } from '../domain/configuration/configuration.ts';
import { lookup } from '../domain/configuration/lookup.ts';
import type { Decision } from '../domain/decide/decision.ts';
import type { LiveView } from '../domain/group/live-view.ts';
import { resolveReferences } from '../domain/plan/resolved-references.ts';
import type { CatalogStore } from './catalog-cache.ts';

type From = { configuration: Configuration; catalogs: Pick<CatalogStore, 'read'> };
type Refused = { change: ChangeRequest; live: LiveView; decision: Decision };

/**
 * For a change that was refused because a name of it leads nowhere: at most three names that were perhaps meant, from the
 * last complete read of its tenant and within the grants of its source, the nearest first. Best effort: none where there is
 * no catalog or it cannot be read, and never a rejection.
 */
export async function suggestNames(from: From, source: string, { change, live, decision }: Refused): Promise<string[]> {
  const configured = lookup(from.configuration.sources, source);
  const kind = decision.kind === 'rejected' ? KINDS[decision.code] : undefined;
  if (configured === undefined || kind === undefined) return [];
  const lost = resolveReferences(change, live).find((lead) => lead.kind === kind && lead.id === '');
  if (lost === undefined) return [];
  const catalog = await from.catalogs.read(change.tenant).catch(() => undefined);
  if (catalog === undefined) return [];
  const { microtenant } = change;
  return nearestWithinGrant(from.configuration, configured, catalog, { kind, name: lost.name, microtenant });
}

const KINDS: Partial<Record<string, 'group' | 'application'>> = {
  'group-not-found': 'group',
  'application-not-found': 'application',
};
