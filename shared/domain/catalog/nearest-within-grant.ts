import type { Configuration, SourceConfiguration } from '../configuration/configuration.ts';
import { similarNames } from '../text/similar-names.ts';
import type { Catalog } from './catalog.ts';
import { visibleEntries } from './visible-entries.ts';

/** How many names are offered where one was not found. */
const OFFERED = 3;

/** What was asked for by name and is not there. `microtenant`: name, if the change names one. */
export type NotFoundName = { kind: 'group' | 'application'; name: string; microtenant?: string | undefined };

/**
 * The three names nearest to one that leads nowhere, the nearest first, among those the source may see: what it may not
 * see is not told by a typing error either.
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
  return similarNames(name, [...new Set(names)], OFFERED);
}
