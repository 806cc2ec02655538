import type { DriftSettings } from '../configuration/drift-schema.ts';
import { matchesPattern } from '../configuration/grants.ts';
import { lookup } from '../configuration/lookup.ts';
import { type Lane, laneName } from '../lane/change-ref.ts';
import { comparableText } from '../text/same-text.ts';
import type { Writer } from './report.ts';

type Tenant = DriftSettings & { microtenants: Readonly<Record<string, string>> };

type LaneTenant = Tenant & Parameters<typeof laneName>[0];

/** Gives the comparison what the settings say about the groups and writers of a lane. */
export function laneDriftSettings(tenants: Readonly<Record<string, LaneTenant>>, lane: Lane) {
  const ofLane = Object.values(tenants).filter((tenant) => laneName(tenant) === lane);
  const writers: DriftSettings['writers'] = Object.assign({}, ...ofLane.map((tenant) => tenant.writers));
  return {
    nameWriter: (seen: Pick<Writer, 'id' | 'at' | 'of'>, fitsLedger: boolean) => nameWriter(writers, seen, fitsLedger),
    patternOf: ({ name, microtenantId }: { name: string; microtenantId: string }) =>
      patternOf(patternsFor(ofLane, microtenantId), name),
  };
}

/** The lists of patterns, from the one that asks for most attention to the one that asks for least. */
const LISTS = ['owned', 'watched', 'foreign'] as const;
export type GroupPattern = (typeof LISTS)[number] | 'none';

/**
 * The patterns of all tenants that a microtenant is configured for; a tenant without configured microtenants stands for
 * all.
 */
function patternsFor(tenants: readonly Tenant[], microtenantId: string): DriftSettings['drift'] {
  const here = tenants.filter(({ microtenants }) => {
    const ids = Object.values(microtenants);
    return ids.length === 0 || ids.includes(microtenantId);
  });
  const all = (list: (typeof LISTS)[number]) => here.flatMap(({ drift }) => drift[list]);
  return { owned: all('owned'), watched: all('watched'), foreign: all('foreign') };
}

/**
 * The list that names a group. Where several do, the first of owned, watched and foreign counts, so that no pattern hides what
 * another one asks to see. The name may be escaped as ZPA answers it.
 */
export function patternOf(drift: DriftSettings['drift'], name: string): GroupPattern {
  const text = comparableText(name).trim();
  return LISTS.find((list) => drift[list].some((pattern) => matchesPattern(pattern, text))) ?? 'none';
}

/**
 * The last writer, by the settings. `fitsLedger`: the stamp is of a write that this product's ledger holds; without that not
 * even a client that the settings call `own` counts as ours, because others may use its credentials.
 */
function nameWriter(
  writers: DriftSettings['writers'],
  seen: Pick<Writer, 'id' | 'at' | 'of'>,
  fitsLedger: boolean,
): Writer {
  const known = lookup(writers, seen.id);
  const named = known === undefined || known.kind === 'own' ? 'unknown' : known.kind;
  return { ...seen, ...(known && { name: known.name }), kind: fitsLedger ? 'own' : named };
}
