import type { Transition } from '../../shared/domain/decide/decision.ts';
import { NEW_GROUP } from '../../shared/domain/decide/group-content.ts';
import type { Application, GroupReading, SegmentGroup } from '../../shared/domain/group/group.ts';
import type { Zpa } from '../../shared/ports/ports.ts';
import { collect } from '../../shared/reading/retry-read.ts';
import { ZpaError } from '../../shared/zpa/http/zpa-error.ts';

/** Which of a tenant's lists are read whole: cheaper than single reads where a ticket names many. */
export type Whole = { groups: boolean; applications: boolean };

/** A tenant as it is now, or as earlier changes of the same ticket would leave it. */
export type Foresight = Zpa & {
  /** From now on the tenant is shown as if this had been written. */
  foresee(transitions: readonly Transition[]): void;
  /** Shows it as it is again; what was read is not read again. */
  forget(): void;
};

/** Made for one plan: whatever it has read, it does not read again. Writes nothing: `write` rejects. */
export function createForesight(zpa: Zpa, whole: Whole): Foresight {
  const remember = createMemory();
  const ahead = new Map<string, SegmentGroup | null>();
  /** Of applications, by id, as far as they were told: a group foreseen has members that came from anywhere. */
  const names = new Map<string, string>();
  let created = 0;

  const groupsOf = (scope: Scope) =>
    remember(`groups ${scope?.microtenantId}`, () => collect(zpa.listGroups({ ...scope })));
  const applicationsOf = (scope: Scope) =>
    remember(`applications ${scope?.microtenantId}`, () => collect(zpa.listApplications({ ...scope })));

  /** Where the application belongs once everything foreseen is done. */
  function placed(application: Application): Application {
    names.set(application.id, application.name);
    const [id, group] = [...ahead].find(([, one]) => one?.applicationIds.includes(application.id)) ?? [];
    if (group != null) return { ...application, segmentGroupId: id, segmentGroupName: group.name };
    const left = application.segmentGroupId !== undefined && ahead.has(application.segmentGroupId);
    return left ? { ...application, segmentGroupId: undefined, segmentGroupName: undefined } : application;
  }

  async function readGroup(id: string, scope: Scope): Promise<GroupReading> {
    if (!whole.groups) return remember(`group ${scope?.microtenantId} ${id}`, () => zpa.getGroup(id, scope));
    return (await groupsOf(scope)).find((group) => group.id === id) ?? notFound('segment group');
  }

  async function getGroup(id: string, scope: Scope): Promise<GroupReading> {
    const foreseen = ahead.get(id);
    if (foreseen !== undefined)
      return foreseen === null ? notFound('segment group') : { ...foreseen, memberNames: names };
    const group = await readGroup(id, scope);
    for (const [member, name] of group.memberNames ?? []) names.set(member, name);
    return group;
  }

  async function findGroups(name: string, scope: Scope): Promise<SegmentGroup[]> {
    const found = whole.groups
      ? (await groupsOf(scope)).filter((group) => group.name === name)
      : await remember(`named ${scope?.microtenantId} ${name}`, () => zpa.findGroups(name, scope));
    const foreseen = [...ahead.values()].filter((group) => group?.name === name);
    return [...found.filter(({ id }) => !ahead.has(id)), ...foreseen.filter((group) => group !== null)];
  }

  return {
    ...zpa,
    getGroup,
    findGroups,
    async getApplication(id, scope) {
      if (!whole.applications) {
        return placed(await remember(`app ${scope?.microtenantId} ${id}`, () => zpa.getApplication(id, scope)));
      }
      return placed((await applicationsOf(scope)).find((one) => one.id === id) ?? notFound('application segment'));
    },
    async findApplications(name, scope) {
      const found = whole.applications
        ? (await applicationsOf(scope)).filter((one) => one.name === name)
        : await remember(`apps ${scope?.microtenantId} ${name}`, () => zpa.findApplications(name, scope));
      return found.map(placed);
    },
    async *listApplications(scope) {
      yield* (await applicationsOf(scope)).map(placed);
    },
    listMicrotenants: (options) => remember('microtenants', () => zpa.listMicrotenants(options)),
    write: () => Promise.reject(new ZpaError('a plan writes nothing', { code: 'no-budget' })),
    foresee(transitions) {
      for (const { before, after } of transitions) {
        if (after?.id === NEW_GROUP) {
          created += 1;
          ahead.set(`${NEW_GROUP}-${created}`, { ...after, id: `${NEW_GROUP}-${created}` });
        } else ahead.set(after?.id ?? before?.id ?? '', after);
      }
    },
    forget: () => {
      ahead.clear();
      created = 0;
    },
  };
}

type Scope = { signal?: AbortSignal; microtenantId?: string } | undefined;

function notFound(what: string): never {
  throw new ZpaError(`there is no such ${what}`, { code: 'not-found' });
}

/** One read per name; one that failed may be tried again. */
function createMemory() {
  const known = new Map<string, Promise<unknown>>();
  return async <T>(name: string, read: () => Promise<T>): Promise<T> => {
    const before = known.get(name);
    // Each name stands for one kind of read.
    if (before !== undefined) return before as Promise<T>;
    const reading = read();
    known.set(name, reading);
    reading.catch(() => known.delete(name));
    return reading;
  };
}
