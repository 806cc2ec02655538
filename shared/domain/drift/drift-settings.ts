import type { DriftSettings } from '../configuration/drift-schema.ts';
import { matchesPattern } from '../configuration/grants.ts';
import { lookup } from '../configuration/lookup.ts';
import { comparableText } from '../text/same-text.ts';
import type { Writer } from './report.ts';

type Tenant = DriftSettings & { microtenants: Readonly<Record<string, string>> };

/** The lists of patterns, from the one that asks for most attention to the one that asks for least. */
const LISTS = ['owned', 'watched', 'foreign'] as const;
export type GroupPattern = (typeof LISTS)[number] | 'none';

/**
 * The settings for the groups of a microtenant: the patterns of all tenants that it is configured for, and the writers of all
 * tenants of the customer. `tenants`: those of one lane; without configured microtenants, a tenant stands for all.
 */
export function driftSettingsOf(tenants: readonly Tenant[], microtenantId: string): DriftSettings {
  const here = tenants.filter(({ microtenants }) => {
    const ids = Object.values(microtenants);
    return ids.length === 0 || ids.includes(microtenantId);
  });
  const all = (list: (typeof LISTS)[number]) => here.flatMap(({ drift }) => drift[list]);
  return {
    drift: { owned: all('owned'), watched: all('watched'), foreign: all('foreign') },
    writers: Object.assign({}, ...tenants.map(({ writers }) => writers)),
  };
}

/**
 * The list that names a group. Where several do, the first of owned, watched and foreign counts, so that no pattern hides what
 * another one asks to see. The name may be escaped as ZPA answers it.
 */
export function patternOf({ drift }: Pick<DriftSettings, 'drift'>, name: string): GroupPattern {
  const text = comparableText(name).trim();
  return LISTS.find((list) => drift[list].some((pattern) => matchesPattern(pattern, text))) ?? 'none';
}

/**
 * The last writer, by the settings. `fitsLedger`: the stamp is of a write that this product's ledger holds; without that not
 * even a client that the settings call `own` counts as ours, because others may use its credentials.
 */
export function nameWriter(
  writers: DriftSettings['writers'],
  seen: Pick<Writer, 'id' | 'at' | 'of'>,
  fitsLedger: boolean,
): Writer {
  const known = lookup(writers, seen.id);
  const named = known === undefined || known.kind === 'own' ? 'unknown' : known.kind;
  return { ...seen, ...(known && { name: known.name }), kind: fitsLedger ? 'own' : named };
}
