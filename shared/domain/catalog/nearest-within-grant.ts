import type { Configuration, SourceConfiguration } from '../configuration/configuration.ts';
import { similarNames } from '../text/similar-names.ts';
import type { Catalog } from './catalog.ts';
import { visibleEntries } from './visible-entries.ts';

/** Most names suggested for one that was not found. */
const SUGGESTIONS = 3;

/** A name in a change that does not exist. `microtenant`: its name, if the change names one. */
export type NotFoundName = { kind: 'group' | 'application'; name: string; microtenant?: string | undefined };

/**
 * The three names nearest to one that does not exist, the nearest first, among those the source may read: a typing
 * error must not disclose any other name.
 */
export function nearestWithinGrant(
  configuration: Configuration,
  source: SourceConfiguration,
  catalog: Catalog,
  { kind, name, microtenant }: NotFoundName,
): string[] {
  const names = visibleEntries(configuration, source, catalog)
    .filter((entry) => entry.kind === kind && (microtenant === undefined || entry.microtenant === microtenant))
    .map((entry) => entry.name);
  return similarNames(name, [...new Set(names)], SUGGESTIONS);
}
