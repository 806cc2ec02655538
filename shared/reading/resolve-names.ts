import { type Reference, referenceKey } from '../domain/change/change.ts';
import type { Application } from '../domain/group/group.ts';
import type { Found } from '../domain/group/live-view.ts';
import { isSameText } from '../domain/text/same-text.ts';
import type { Zpa } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';

/**
 * Resolves the names that changes give. ZPA may answer a search from a replica that lags: what it finds may have
 * another name by now, and what it does not find may exist (docs/architecture.md#lagging-reads).
 */
export type NameLookup = {
  microtenantId: string;
  signal: AbortSignal;
  /**
   * Waits before a name that was not found is looked up once more. Absent for a plan, which has few reads and writes
   * nothing: it believes the search.
   */
  beforeSecondLook?(): Promise<void>;
};

export const scopeOf = ({ microtenantId, signal }: NameLookup) => ({ microtenantId, signal });

/** Above this many applications one listing (500 a page) costs less budget than single reads. */
const LIST_ABOVE = 4;

/** The id of the group that a change refers to. `isNew`: the change creates it, so it need not be found. */
export async function resolveGroup(
  zpa: Zpa,
  reference: Reference,
  lookup: NameLookup,
  isNew = false,
): Promise<Found<string>> {
  if ('id' in reference) return { kind: 'found', value: reference.id };
  const search = async () =>
    one((await zpa.findGroups(reference.name, scopeOf(lookup))).map(idAndName), (group) => group.id);
  const found = await search();
  if (found.kind !== 'missing' || isNew || lookup.beforeSecondLook === undefined) return found;
  await lookup.beforeSecondLook();
  return search();
}

/**
 * Applications by `referenceKey`; undefined: one that was found by its name does not have that name when it is read by
 * its id.
 */
export async function readApplications(
  zpa: Zpa,
  references: readonly Reference[],
  lookup: NameLookup,
): Promise<Map<string, Found<Application>> | undefined> {
  const wanted = new Map(references.map((reference) => [referenceKey(reference), reference]));
  const found = await lookUp(zpa, wanted, lookup);
  const lost = [...wanted].filter(([key, one]) => 'name' in one && found?.get(key)?.kind === 'missing');
  if (found === undefined || lost.length === 0 || lookup.beforeSecondLook === undefined) return found;
  await lookup.beforeSecondLook();
  const again = await lookUp(zpa, new Map(lost), lookup);
  return again && new Map([...found, ...again]);
}

async function lookUp(zpa: Zpa, wanted: ReadonlyMap<string, Reference>, lookup: NameLookup) {
  const scope = scopeOf(lookup);
  const found = new Map<string, Found<Application>>();
  if (wanted.size > LIST_ABOVE) {
    const all: Application[] = [];
    for await (const application of zpa.listApplications(scope)) all.push(application);
    for (const [key, reference] of wanted) found.set(key, pick(all, reference));
    return found;
  }
  for (const [key, reference] of wanted) {
    const application = await ('id' in reference
      ? missingIfNotFound(zpa.getApplication(reference.id, scope))
      : readNamed(zpa, reference.name, lookup));
    if (application === undefined) return undefined;
    found.set(key, application);
  }
  return found;
}

/** The application as its own read shows it; undefined: it does not have the name by which it was found. */
async function readNamed(zpa: Zpa, name: string, lookup: NameLookup): Promise<Found<Application> | undefined> {
  const scope = scopeOf(lookup);
  const searched = one(await zpa.findApplications(name, scope), (application) => application);
  if (searched.kind !== 'found' || lookup.beforeSecondLook === undefined) return searched;
  const read = await missingIfNotFound(zpa.getApplication(searched.value.id, scope));
  return read.kind === 'found' && isSameText(read.value.name, name) ? read : undefined;
}

function pick(all: readonly Application[], reference: Reference): Found<Application> {
  const matches = all.filter((a) => ('id' in reference ? a.id === reference.id : isSameText(a.name, reference.name)));
  return one(matches, (application) => application);
}

function one<T extends { id: string; name: string }, V>(list: readonly T[], value: (only: T) => V): Found<V> {
  const [first, second] = list;
  if (first === undefined) return { kind: 'missing' };
  return second === undefined
    ? { kind: 'found', value: value(first) }
    : { kind: 'ambiguous', candidates: list.map(idAndName) };
}

/** A read by id finds this; an id that ZPA does not know is missing. */
export async function missingIfNotFound<T>(reading: Promise<T>): Promise<Found<T>> {
  try {
    return { kind: 'found', value: await reading };
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === 'not-found') return { kind: 'missing' };
    throw error;
  }
}

export const idAndName = ({ id, name }: { id: string; name: string }) => ({ id, name });
