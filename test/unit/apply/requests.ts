import { aFault } from '../../fakes/memory-zpa.ts';
import { GROUP } from './lane-world.ts';

/** Changes of the group of the lane world (`GROUP`, "Warehouse") and of two more that tests give it. */
export const OTHER = '72057594037930002';
export const THIRD = '72057594037930003';

export const LONG_AGO = 1_700_000_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const iso = (ms: number) => new Date(ms).toISOString();
export const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
/** The id of the n-th group; `GROUP`, `OTHER` and `THIRD` are the first three. */
export const idOf = (n: number) => `${72057594037930000n + BigInt(n)}`;
export const refs = (...ids: string[]) => ids.map((id) => ({ id }));

type More = Record<string, unknown>;
export const update = (id: string, more: More) => ({ action: 'update', group: { id }, ...more });
export const rename = update(GROUP, { set: { name: 'Depot' } });
export const describing = (id = GROUP, description = 'south') => update(id, { set: { description } });
export const adding = (id: string, more: More = {}) => update(GROUP, { applications: { add: refs(id) }, ...more });
export const taking = (...ids: string[]) =>
  update(GROUP, { applications: { add: refs(...ids) }, takeFromOtherGroups: true });
/** The group `OTHER` is deleted, and its applications go to `id`. */
export const emptying = (id = THIRD) => ({ action: 'delete', group: { id: OTHER }, moveApplicationsTo: { id } });

/** A write without a definite answer. */
export const LOST = aFault({ code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' });
export const UNREACHABLE = aFault({ code: 'unreachable', class: 'transient', scope: 'tenant' });
export const CLASH = aFault({
  ...{ code: 'concurrent-change', class: 'transient', status: 409, reason: 'somebody else writes' },
});
