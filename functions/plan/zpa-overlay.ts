import type { Transition } from '../../shared/domain/decide/decision.ts';
import { NEW_GROUP } from '../../shared/domain/decide/group-content.ts';
import type { Application, GroupReading, MemberReading, SegmentGroup } from '../../shared/domain/group/group.ts';
import { isSameText } from '../../shared/domain/text/same-text.ts';
import type { Zpa } from '../../shared/ports/ports.ts';
import { collect } from '../../shared/reading/retry-read.ts';
import { ZpaError } from '../../shared/zpa/http/zpa-error.ts';

/** The listings that are read in full: cheaper than single reads where a ticket names many objects. */
export type FullListings = { groups: boolean; applications: boolean };

/** A tenant as it is now, or as earlier changes of the same ticket would leave it. Reads only: `write` rejects. */
export type ZpaOverlay = Zpa & {
  /** From now on the tenant reads as if these transitions had been written. */
  assume(transitions: readonly Transition[]): void;
  /** Drops the assumed transitions; the cached reads stay. */
  reset(): void;
};

/** Creates the overlay of one plan, which reads everything at most once. */
export function createZpaOverlay(zpa: Zpa, listings: FullListings): ZpaOverlay {
  const cached = createReadCache();
  const assumed = new Map<string, SegmentGroup | null>();
  /** The applications read so far, by id: an assumed group may have members of any group. */
  const members = new Map<string, MemberReading>();
  /** Names of the groups read by their ids: a search that found one under another name is made again. */
  const groupNames = new Map<string, string>();
  let created = 0;

  const groupsOf = (scope: Scope) =>
    cached(`groups ${scope?.microtenantId}`, () => collect(zpa.listGroups({ ...scope })));
  const applicationsOf = (scope: Scope) =>
    cached(`applications ${scope?.microtenantId}`, () => collect(zpa.listApplications({ ...scope })));

  /** The application in the group it belongs to after the assumed transitions. */
  function withAssumedGroup(application: Application): Application {
    members.set(application.id, { name: application.name });
    const [id, group] = [...assumed].find(([, one]) => one?.applicationIds.includes(application.id)) ?? [];
    if (group != null) return { ...application, segmentGroupId: id, segmentGroupName: group.name };
    const left = application.segmentGroupId !== undefined && assumed.has(application.segmentGroupId);
    return left ? { ...application, segmentGroupId: undefined, segmentGroupName: undefined } : application;
  }

  async function readGroup(id: string, scope: Scope): Promise<GroupReading> {
    if (!listings.groups) return cached(`group ${scope?.microtenantId} ${id}`, () => zpa.getGroup(id, scope));
    return (await groupsOf(scope)).find((group) => group.id === id) ?? notFound('segment group');
  }

  async function getGroup(id: string, scope: Scope): Promise<GroupReading> {
    const pending = assumed.get(id);
    if (pending !== undefined) return pending === null ? notFound('segment group') : { ...pending, members };
    const group = await readGroup(id, scope);
    groupNames.set(id, group.name);
    for (const [id, member] of group.members ?? []) members.set(id, member);
    return group;
  }

  async function findGroups(name: string, scope: Scope): Promise<SegmentGroup[]> {
    const found = listings.groups
      ? (await groupsOf(scope)).filter((group) => isSameText(group.name, name))
      : await cached(
          `named ${scope?.microtenantId} ${name}`,
          () => zpa.findGroups(name, scope),
          (hits) => hits.every(({ id }) => isSameText(groupNames.get(id) ?? name, name)),
        );
    const pending = [...assumed.values()].filter((group) => group !== null && isSameText(group.name, name));
    return [...found.filter(({ id }) => !assumed.has(id)), ...pending.filter((group) => group !== null)];
  }

  return {
    ...zpa,
    getGroup,
    findGroups,
    async getApplication(id, scope) {
      if (!listings.applications) {
        return withAssumedGroup(await cached(`app ${scope?.microtenantId} ${id}`, () => zpa.getApplication(id, scope)));
      }
      return withAssumedGroup(
        (await applicationsOf(scope)).find((one) => one.id === id) ?? notFound('application segment'),
      );
    },
    async findApplications(name, scope) {
      const found = listings.applications
        ? (await applicationsOf(scope)).filter((one) => isSameText(one.name, name))
        : await cached(`apps ${scope?.microtenantId} ${name}`, () => zpa.findApplications(name, scope));
      return found.map(withAssumedGroup);
    },
    async *listGroups(scope) {
      yield* await groupsOf(scope);
    },
    async *listApplications(scope) {
      yield* (await applicationsOf(scope)).map(withAssumedGroup);
    },
    listMicrotenants: (options) => cached('microtenants', () => zpa.listMicrotenants(options)),
    write: () => Promise.reject(new ZpaError('a plan writes nothing', { code: 'no-budget' })),
    assume(transitions) {
      for (const { before, after } of transitions) {
        if (after?.id === NEW_GROUP) {
          created += 1;
          assumed.set(`${NEW_GROUP}-${created}`, { ...after, id: `${NEW_GROUP}-${created}` });
        } else assumed.set(after?.id ?? before?.id ?? '', after);
      }
    },
    reset: () => {
      assumed.clear();
      created = 0;
    },
  };
}

type Scope = { signal?: AbortSignal; microtenantId?: string } | undefined;

function notFound(what: string): never {
  throw new ZpaError(`there is no such ${what}`, { code: 'not-found' });
}

/** Caches one read per key; one that failed, or whose result does not hold any more, is repeated. */
function createReadCache() {
  const known = new Map<string, Promise<unknown>>();
  return async <T>(key: string, read: () => Promise<T>, holds: (result: T) => boolean = () => true): Promise<T> => {
    // Each key stands for one kind of read.
    const before = known.get(key) as Promise<T> | undefined;
    if (before !== undefined && holds(await before)) return before;
    const reading = read();
    known.set(key, reading);
    reading.catch(() => known.delete(key));
    return reading;
  };
}
