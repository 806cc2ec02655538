import { type ChangeRequest, MAX_APPLICATIONS, membershipOf, type Reference, referenceKey } from './change.ts';
import { type ChangeFault, changeFault } from './change-fault.ts';
import { stateOf } from './stated-members.ts';

/**
 * The contract's rules that span several fields; the schema has checked each field alone. Returns every fault found.
 */
export function ruleFaults(change: ChangeRequest): ChangeFault[] {
  const lists = applicationLists(change);
  return [
    ...changesNothing(change),
    ...renamesToItself(change),
    ...namedTwice(lists),
    ...contradicts(lists, 'applications.add', 'applications.remove', 'added and removed by the same change'),
    ...contradicts(lists, 'expect.members.has', 'expect.members.hasNot', 'expected to be a member and not to be one'),
    ...contradicts(lists, 'state.applications.has', 'state.applications.hasNot', 'a member and none'),
    ...tooManyApplications(lists),
    ...expectsTheImpossible(change),
    ...exactlyAndMore(change),
    ...acceptsNothing(change),
    ...neverOpens(change),
  ];
}

type Lists = Map<string, Reference[]>;

/** Every list of applications in the change, by its path. */
function applicationLists(change: ChangeRequest): Lists {
  const lists: Lists = new Map();
  if (change.action === 'create') lists.set('applications', change.applications);
  if (change.action === 'update') {
    const { add = [], remove = [], replace = [] } = membershipOf(change) ?? {};
    lists.set('applications.add', add).set('applications.remove', remove).set('applications.replace', replace);
  }
  for (const [path, { has = [], hasNot = [], exactly = [] }] of statedMembers(change)) {
    lists.set(`${path}.has`, has).set(`${path}.hasNot`, hasNot).set(`${path}.exactly`, exactly);
  }
  return lists;
}

type Stated = { [list in 'has' | 'hasNot' | 'exactly']?: Reference[] | undefined };

/** The memberships that are stated as they should be found, by their paths. */
function statedMembers(change: ChangeRequest): [string, Stated][] {
  const accepted = change.action === 'accept' ? stateOf(change)?.applications : undefined;
  return [
    ['state.applications', accepted ?? {}],
    ['expect.members', change.expect?.members ?? {}],
  ];
}

const invalid = (path: PropertyKey[], says: string, remedy: string, value?: unknown) =>
  changeFault('invalid-change', { path, value, says, remedy });

const WHAT_TO_CHANGE =
  'State a new name, a description, whether it is enabled ("set"), or application segments to add or remove ("applications").';

function changesNothing(change: ChangeRequest): ChangeFault[] {
  if (change.action !== 'update') return [];
  const fields = Object.values(change.set ?? {}).filter((value) => value !== undefined);
  const requested = membershipOf(change);
  const members =
    requested?.replace !== undefined || (requested?.add.length ?? 0) + (requested?.remove.length ?? 0) > 0;
  if (fields.length > 0 || members) return [];
  return [invalid([], 'is an update that changes nothing', WHAT_TO_CHANGE)];
}

function renamesToItself(change: ChangeRequest): ChangeFault[] {
  if (change.action !== 'update' || !('name' in change.group) || change.set?.name !== change.group.name) return [];
  return [
    invalid(
      ['set', 'name'],
      'is the name the group is looked up by',
      'Leave it out, or give the new name.',
      change.set.name,
    ),
  ];
}

function namedTwice(lists: Lists): ChangeFault[] {
  return [...lists].flatMap(([list, references]) => {
    const firstAt = new Map<string, number>();
    return references.flatMap((reference, index) => {
      const key = referenceKey(reference);
      const first = firstAt.get(key);
      if (first === undefined) firstAt.set(key, index);
      if (first === undefined) return [];
      const path = [...list.split('.'), index];
      return [invalid(path, `names the same application as ${list}[${first}]`, 'Name it once.', key)];
    });
  });
}

function contradicts(lists: Lists, one: string, other: string, says: string): ChangeFault[] {
  const firstAt = new Map((lists.get(one) ?? []).map((reference, index) => [referenceKey(reference), index]));
  return (lists.get(other) ?? []).flatMap((reference, index) => {
    const key = referenceKey(reference);
    const first = firstAt.get(key);
    if (first === undefined) return [];
    const sentence = `names the same application as ${one}[${first}]: it cannot be ${says}`;
    return [invalid([...other.split('.'), index], sentence, 'Keep it in one of the two lists.', key)];
  });
}

function tooManyApplications(lists: Lists): ChangeFault[] {
  const named = [...lists.values()].reduce((sum, list) => sum + list.length, 0);
  if (named <= MAX_APPLICATIONS) return [];
  const says = `names ${named} applications in all its lists; the most is ${MAX_APPLICATIONS}`;
  return [invalid([], says, 'Split it into several changes.')];
}

/** No live group can meet such an expectation. The change would certainly be rejected later, so it is a fault now. */
function expectsTheImpossible(change: ChangeRequest): ChangeFault[] {
  if (change.expect === undefined) return [];
  if (change.action === 'create') {
    return [invalid(['expect'], 'cannot be checked: a create has no live group yet', 'Leave it out.')];
  }
  if (change.action === 'accept') {
    const remedy = 'Move what it says into "state", or leave it out.';
    return [invalid(['expect'], 'has no place in an accept: its state says what is expected', remedy)];
  }
  const { name } = change.expect;
  if (name === undefined || !('name' in change.group) || name === change.group.name) return [];
  const says = `differs from group.name, by which the group is looked up`;
  return [invalid(['expect', 'name'], says, 'Leave it out, or name the group by its id.', name)];
}

function exactlyAndMore(change: ChangeRequest): ChangeFault[] {
  return statedMembers(change).flatMap(([path, { has = [], hasNot = [], exactly }]) => {
    if (exactly === undefined || has.length + hasNot.length === 0) return [];
    const says = 'is the complete membership, so "has" and "hasNot" have no place beside it';
    return [invalid([...path.split('.'), 'exactly'], says, 'Keep "exactly", or the other two.')];
  });
}

function acceptsNothing(change: ChangeRequest): ChangeFault[] {
  const state = change.action === 'accept' ? stateOf(change) : undefined;
  if (state === undefined) return [];
  const { name, description, enabled, applications: { has = [], hasNot = [], exactly } = {} } = state;
  const fields = [name, description, enabled, exactly].filter((one) => one !== undefined);
  if (fields.length + has.length + hasNot.length > 0) return [];
  return [invalid(['state'], 'accepts nothing', 'Name at least one field or application, or write "absent".')];
}

function neverOpens({ notBefore, notAfter }: ChangeRequest): ChangeFault[] {
  if (notBefore === undefined || notAfter === undefined || Date.parse(notBefore) < Date.parse(notAfter)) return [];
  return [invalid(['notAfter'], 'is not after notBefore', 'Give the change a window of some length.', notAfter)];
}
