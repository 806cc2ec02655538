import { type ChangeRequest, type Reference, referenceKey } from '../change/change.ts';
import { mayUpdate } from '../change/if-exists.ts';
import { NEW_GROUP } from '../decide/group-content.ts';

import { applicationReferences, destinationOf, type Found, type LiveView } from '../group/live-view.ts';

/**
 * A name in a change and the id it leads to now; '' if it leads to none, or to several. Where a create would update a group
 * that an earlier change of the same ticket is still to create, `NEW_GROUP`: it is to be there by then.
 */
export type ResolvedReference = { kind: 'group' | 'application'; name: string; id: string };

/** Every name in a change, each once, in an order that lists in another order do not alter. */
export function resolveReferences(
  change: ChangeRequest,
  live: Pick<LiveView, 'group' | 'applications' | 'destination'>,
): ResolvedReference[] {
  const leads = [
    resolve('group', change.group, live.group, mayUpdate(change) ? NEW_GROUP : ''),
    resolve('group', destinationOf(change), live.destination),
    ...applicationReferences(change).map((one) =>
      resolve('application', one, live.applications.get(referenceKey(one))),
    ),
  ].flat();
  const byName = new Map(leads.map((one) => [`${one.kind} ${one.name}`, one]));
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** An id that ZPA gave: what an earlier change of the same ticket is still to create has none. */
const ZPA_ID = /^\d+$/;

function resolve(
  kind: ResolvedReference['kind'],
  reference: Reference | undefined,
  found: Found<{ id: string }> | undefined,
  toCome = '',
): ResolvedReference[] {
  if (reference === undefined || 'id' in reference) return [];
  if (found?.kind !== 'found') return [{ kind, name: reference.name, id: '' }];
  const { id } = found.value;
  return [{ kind, name: reference.name, id: ZPA_ID.test(id) ? id : toCome }];
}
