import { type ChangeRequest, membershipOf, type Reference, referenceKey } from './domain/change.ts';
import type { Application, RuleScan, SegmentGroup } from './domain/group.ts';
import { applicationReferences, destinationOf, type Found, type LiveView, newNameOf } from './domain/live-view.ts';
import type { Zpa } from './ports.ts';
import { isZpaFault } from './zpa-fault.ts';

/**
 * Reads what one step needs to be decided, in the order that keeps the window of a whole-object write short: names,
 * applications and rules first, the group itself last, by its id, never from a list (promise 3).
 */
type Scope = { microtenantId: string; signal: AbortSignal };

/** Above this many applications one listing (500 a page) costs less budget than single reads. */
const LIST_ABOVE = 4;

export async function readLive(
  zpa: Zpa,
  changes: readonly ChangeRequest[],
  scope: Scope,
  beforeGroup: (calls: { reads: number; writes: number }) => Promise<void> = async () => undefined,
): Promise<LiveView> {
  const [change] = changes;
  if (change === undefined) throw new Error('a step holds a change');
  const applications = await readApplications(zpa, changes.flatMap(applicationReferences), scope);
  const groupId = await resolveGroup(zpa, change.group, scope);
  const newName = change.action === 'update' ? newNameOf(change) : undefined;
  const nameTakenBy = newName === undefined ? [] : (await zpa.findGroups(newName, scope)).map(idAndName);
  const rules =
    change.action === 'delete' && groupId.kind === 'found' ? await readRules(zpa, groupId.value, scope) : undefined;
  const sourceIds = sourcesOf(change, applications, groupId);
  const destination = destinationOf(change);
  const destinationId = destination && (await resolveGroup(zpa, destination, scope));
  const ends = sourceIds.length + (destination === undefined ? 0 : 1);
  // Emptying a group before it is deleted is one more write to it.
  const emptying = change.action === 'delete' && destination !== undefined ? 1 : 0;
  await beforeGroup({ reads: 1 + ends, writes: 1 + ends + emptying });
  const sources = new Map<string, SegmentGroup>();
  for (const id of sourceIds) {
    const source = await readGroup(zpa, id, scope);
    if (source.kind === 'found') sources.set(id, source.value);
  }
  return {
    applications,
    nameTakenBy,
    rules,
    sources,
    destination: destinationId && (await readFound(zpa, destinationId, scope)),
    group: await readFound(zpa, groupId, scope),
  };
}

/** Other groups that a change takes applications from: each is written too, so each is read. */
function sourcesOf(change: ChangeRequest, applications: LiveView['applications'], groupId: Found<string>): string[] {
  if (change.action !== 'update' || !change.takeFromOtherGroups) return [];
  const asked = membershipOf(change);
  const homes = (asked?.replace ?? asked?.add ?? []).map((reference) => {
    const found = applications.get(referenceKey(reference));
    return found?.kind === 'found' ? found.value.segmentGroupId : undefined;
  });
  const own = groupId.kind === 'found' ? groupId.value : undefined;
  return [...new Set(homes)].filter((id) => id !== undefined && id !== own).map(String);
}

async function readFound(zpa: Zpa, found: Found<string>, scope: Scope): Promise<Found<SegmentGroup>> {
  return found.kind === 'found' ? readGroup(zpa, found.value, scope) : found;
}

/** The one read that a write is decided on. */
export async function readGroup(zpa: Zpa, id: string, scope: Scope): Promise<Found<SegmentGroup>> {
  return missingIfNotFound(zpa.getGroup(id, scope));
}

async function resolveGroup(zpa: Zpa, reference: Reference, scope: Scope): Promise<Found<string>> {
  if ('id' in reference) return { kind: 'found', value: reference.id };
  return one((await zpa.findGroups(reference.name, scope)).map(idAndName), (group) => group.id);
}

async function readApplications(zpa: Zpa, references: Reference[], scope: Scope) {
  const wanted = new Map(references.map((reference) => [referenceKey(reference), reference]));
  const found = new Map<string, Found<Application>>();
  if (wanted.size > LIST_ABOVE) {
    const all: Application[] = [];
    for await (const application of zpa.listApplications(scope)) all.push(application);
    for (const [key, reference] of wanted) found.set(key, pick(all, reference));
    return found;
  }
  for (const [key, reference] of wanted) {
    found.set(
      key,
      'id' in reference
        ? await missingIfNotFound(zpa.getApplication(reference.id, scope))
        : one(await zpa.findApplications(reference.name, scope), (application) => application),
    );
  }
  return found;
}

function pick(all: readonly Application[], reference: Reference): Found<Application> {
  const matches = all.filter((a) => ('id' in reference ? a.id === reference.id : a.name === reference.name));
  return one(matches, (application) => application);
}

function one<T extends { id: string; name: string }, V>(list: readonly T[], value: (only: T) => V): Found<V> {
  const [first, second] = list;
  if (first === undefined) return { kind: 'missing' };
  return second === undefined
    ? { kind: 'found', value: value(first) }
    : { kind: 'ambiguous', candidates: list.map(idAndName) };
}

/** Every policy type in every microtenant: a rule of any of them may name the group (design §4). */
export async function readRules(zpa: Zpa, groupId: string, scope: Scope): Promise<RuleScan> {
  const microtenants = await readMicrotenants(zpa, scope);
  const ids = [...new Set(['0', scope.microtenantId, ...microtenants.map((m) => m.id)])];
  const scans: RuleScan[] = [];
  for (const microtenantId of ids) scans.push(await zpa.rulesNaming(groupId, { ...scope, microtenantId }));
  const mentions = new Map(scans.flatMap((s) => s.mentions).map((m) => [`${m.policyType}/${m.ruleId}`, m]));
  return {
    mentions: [...mentions.values()],
    scanned: [...new Set(scans.flatMap((s) => s.scanned))],
    skipped: scans.flatMap((s) => s.skipped),
  };
}

/** A customer without the feature has the Default one only; any other failure leaves the scan incomplete. */
async function readMicrotenants(zpa: Zpa, scope: Scope): Promise<{ id: string }[]> {
  try {
    return await zpa.listMicrotenants(scope);
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === 'feature-disabled') return [];
    throw error;
  }
}

async function missingIfNotFound<T>(reading: Promise<T>): Promise<Found<T>> {
  try {
    return { kind: 'found', value: await reading };
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === 'not-found') return { kind: 'missing' };
    throw error;
  }
}

const idAndName = ({ id, name }: { id: string; name: string }) => ({ id, name });
