import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from '../domain/configuration/configuration.ts';
import { lookup } from '../domain/configuration/lookup.ts';
import type { ChangeRef } from '../domain/lane/change-ref.ts';
import type { KnownLanes, LaneList } from '../ports/known-lanes.ts';
import { ABSENT } from '../ports/ports.ts';
import { optimisticUpdate } from './optimistic-update.ts';

type RememberPorts = { knownLanes: KnownLanes; configuration: Pick<Configuration, 'sources'> };

/**
 * Adds the lanes and sources of these changes to the list of known ones, before the changes enter the ledger: then no
 * edit of the settings hides a change from those who look after it, by whatever version it was accepted. Costs one
 * read, and one write for the first change of a tenant in a lane, or of a source. Rejects as the ledger does.
 */
export async function rememberLanes(ports: RememberPorts, refs: readonly ChangeRef[]): Promise<void> {
  const { knownLanes, configuration } = ports;
  const lanes = refs.map(({ tenant, lane }) => ({ tenant, lane }));
  const sources = refs.flatMap(({ source }) => {
    const system = lookup(configuration.sources, source)?.system;
    return system === undefined ? [] : [{ source, system }];
  });
  await optimisticUpdate<LaneList, LaneList>(await knownLanes.read(), {
    change(known) {
      const next = { ...known, lanes: withAll(known.lanes, lanes), sources: withAll(known.sources ?? [], sources) };
      const isSame = next.lanes.length === known.lanes.length && next.sources.length === (known.sources?.length ?? 0);
      return isSame ? undefined : next;
    },
    write: (next, expected) => knownLanes.write(next, expected),
    absent: () => ({ version: ABSENT, lanes: [] }),
    subject: 'the list of known lanes',
  });
}

/** The known entries in their order, then each other one once. */
function withAll<T>(known: readonly T[], others: readonly T[]): T[] {
  const all = [...known];
  for (const one of others) if (!all.some((other) => isDeepStrictEqual(one, other))) all.push(one);
  return all;
}
