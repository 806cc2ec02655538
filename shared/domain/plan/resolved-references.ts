import { type ChangeRequest, type Reference, referenceKey } from '../change/change.ts';
import { mayUpdate } from '../change/if-exists.ts';
import { NEW_GROUP } from '../decide/group-content.ts';
import { applicationReferences, destinationOf, type Found, type LiveView } from '../group/live-view.ts';

/**
 * A name in a change and the id it resolves to now; '' if it resolves to none, or to several. `NEW_GROUP` if a create
 * would update a group that an earlier change of the same ticket has yet to create.
 */
export type ResolvedReference = { kind: 'group' | 'application'; name: string; id: string };

/** Every name in a change, once, sorted, so that the order of the change's own lists does not matter. */
export function resolveReferences(
  change: ChangeRequest,
  live: Pick<LiveView, 'group' | 'applications' | 'destination'>,
): ResolvedReference[] {
  const references = [
    resolve('group', change.group, live.group, mayUpdate(change) ? NEW_GROUP : ''),
    resolve('group', destinationOf(change), live.destination),
    ...applicationReferences(change).map((one) =>
      resolve('application', one, live.applications.get(referenceKey(one))),
    ),
  ].flat();
  const byName = new Map(references.map((one) => [`${one.kind} ${one.name}`, one]));
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** An id of ZPA's; a group that an earlier change of the same ticket has yet to create has none. */
const ZPA_ID = /^\d+$/;

function resolve(
  kind: ResolvedReference['kind'],
  reference: Reference | undefined,
  found: Found<{ id: string }> | undefined,
  pendingId = '',
): ResolvedReference[] {
  if (reference === undefined || 'id' in reference) return [];
  if (found?.kind !== 'found') return [{ kind, name: reference.name, id: '' }];
  const { id } = found.value;
  return [{ kind, name: reference.name, id: ZPA_ID.test(id) ? id : pendingId }];
}
