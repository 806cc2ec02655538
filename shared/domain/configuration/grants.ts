import { type ChangeRequest, membershipOf, type Reference } from '../change/change.ts';
import { possibleActions } from '../change/if-exists.ts';
import { acceptedApplications, expectedApplications, stateOf, statesAllMembers } from '../change/stated-members.ts';
import type { Grant, SourceConfiguration } from './configuration.ts';

/** `grant`: index of the source's first grant that covers the change, as far as names are known. */
export type Permission =
  | { ok: true; grant: number }
  /** `withheld`: what the change touches without naming it, which the sentence does not name either. */
  | { ok: false; sentence: string; remedy: string; withheld?: Withheld };

/** The name of a group or of an application. */
type Withheld = { group: string | undefined; application?: string };

/**
 * Names from ZPA, once the worker has read them: every group that the change writes (both names of a rename, both
 * groups of a move), every application that joins or leaves a group by it, and what the change expects.
 */
export type ResolvedNames = {
  groupNames: readonly string[];
  applicationNames: readonly string[];
  /** Ids of those applications whose names ZPA did not return. */
  unnamedApplications: readonly string[];
  /** Ids of groups of which neither ZPA nor a ticket told a name. */
  unnamedGroups?: readonly string[];
};

/**
 * Checks whether this source may request this change. One grant must cover all of it; without grants nothing is
 * permitted. Without `resolved` (at ingest) only the names in the change itself are checked; the worker checks
 * references by id again with the names it resolved.
 */
export function checkGrants(source: SourceConfiguration, change: ChangeRequest, resolved?: ResolvedNames): Permission {
  const names = resolved === undefined ? namesIn(change) : joinNames(namesIn(change), resolved);
  const missing = source.grants.map((grant) => missingRight(grant, change, names));
  const grant = missing.indexOf(undefined);
  if (grant >= 0) return { ok: true, grant };
  const closest = missing.reduce((best, one) => ((one?.rank ?? 0) > (best?.rank ?? 0) ? one : best), missing[0]);
  return {
    ok: false,
    sentence: `This source may not ${closest?.says ?? 'change anything: it has no grants'}.`,
    remedy: 'Ask the owner of the settings to grant it to the source.',
    ...(closest?.withheld !== undefined && { withheld: closest.withheld }),
  };
}

/**
 * The missing right that refuses a change. The higher the rank, the closer the grant came, so the sentence reports the
 * highest.
 */
type MissingRight = { rank: number; says: string; withheld?: Withheld };

function missingRight(grant: Grant, change: ChangeRequest, names: ResolvedNames): MissingRight | undefined {
  if (!grant.tenants.includes(change.tenant)) return { rank: 1, says: `change tenant "${change.tenant}"` };
  if (!inMicrotenants(grant, change)) {
    const where = change.microtenant === undefined ? 'without naming a microtenant' : `in "${change.microtenant}"`;
    return { rank: 2, says: `change tenant "${change.tenant}" ${where}` };
  }
  const action = possibleActions(change).find((one) => !grant.actions.includes(one));
  if (action !== undefined) {
    const article = action === 'accept' ? 'an' : 'a';
    return { rank: 3, says: `ask for ${article} ${action} in tenant "${change.tenant}"` };
  }
  const group = names.groupNames.find((name) => !matchesAny(grant.groups, name));
  if (group !== undefined) {
    const isNamed = namesIn(change).groupNames.includes(group);
    // By its id, or by an application of it, a source could learn the name of any group.
    return isNamed
      ? { rank: 4, says: `touch segment group "${group}"` }
      : { rank: 4, says: 'touch a segment group outside its grants', withheld: { group } };
  }
  const [nameless] = grant.groups.some(matchesAll) ? [] : (names.unnamedGroups ?? []);
  if (nameless !== undefined) {
    const isNamed = 'id' in change.group && change.group.id === nameless;
    return isNamed
      ? { rank: 4, says: `touch segment group ${nameless}, whose name is not known` }
      : { rank: 4, says: 'touch a segment group outside its grants', withheld: { group: nameless } };
  }
  const application = names.applicationNames.find((name) => !matchesAny(grant.applications, name));
  if (application !== undefined) {
    return namesIn(change).applicationNames.includes(application)
      ? { rank: 5, says: `name or move application "${application}"` }
      : {
          rank: 5,
          says: 'name or move an application outside its grants',
          withheld: { group: undefined, application },
        };
  }
  const [unnamed] = grant.applications.some(matchesAll) ? [] : names.unnamedApplications;
  if (unnamed !== undefined) {
    return { rank: 5, says: `name or move application ${unnamed}, whose name ZPA does not show` };
  }
  if (grant.applications.length === 0 && namesApplications(change)) {
    return { rank: 5, says: 'name or move applications' };
  }
  const flag = flagsOf(change).find((name) => !grant.flags.includes(name));
  return flag === undefined ? undefined : { rank: 6, says: `set "${flag}"` };
}

/** True if a grant of the source covers a group of this name, where the change is. */
export function coversGroup(
  { grants }: Pick<SourceConfiguration, 'grants'>,
  change: ChangeRequest,
  name: string,
): boolean {
  const here = grants.filter((one) => one.tenants.includes(change.tenant) && inMicrotenants(one, change));
  return here.some((one) => matchesAny(one.groups, name));
}

function inMicrotenants(grant: Grant, change: ChangeRequest): boolean {
  if (grant.microtenants === undefined) return true;
  return change.microtenant !== undefined && grant.microtenants.includes(change.microtenant);
}

function flagsOf(change: ChangeRequest): Grant['flags'] {
  if (change.action === 'delete') return change.moveApplicationsTo === undefined ? [] : ['moveApplicationsTo'];
  if (change.action !== 'update') return [];
  const flags: Grant['flags'] = [];
  if (change.takeFromOtherGroups) flags.push('takeFromOtherGroups');
  if (change.leaveUngrouped) flags.push('leaveUngrouped');
  return flags;
}

/**
 * The references of a change that its grant must cover; undefined entries stand for absent optional groups. Expected
 * names count too, because the answer to an expectation says whether they exist and are members.
 */
function referencesIn(change: ChangeRequest): { groups: (Reference | undefined)[]; applications: Reference[] } {
  if (change.action === 'create') return { groups: [change.group], applications: change.applications };
  if (change.action === 'accept') {
    return { groups: [change.group, named(stateOf(change)?.name)], applications: acceptedApplications(change) };
  }
  const groups = [change.group, named(change.expect?.name)];
  const expected = expectedApplications(change);
  if (change.action === 'delete') return { groups: [...groups, change.moveApplicationsTo], applications: expected };
  const { add = [], remove = [], replace = [] } = membershipOf(change) ?? {};
  return {
    groups: [...groups, named(change.set?.name), change.moveTo],
    applications: [...add, ...remove, ...replace, ...expected],
  };
}

const named = (name: string | undefined): Reference | undefined => (name === undefined ? undefined : { name });

function namesApplications(change: ChangeRequest): boolean {
  if (referencesIn(change).applications.length > 0 || statesAllMembers(change)) return true;
  return change.action === 'update' && membershipOf(change)?.replace !== undefined;
}

function namesIn(change: ChangeRequest): ResolvedNames {
  const { groups, applications } = referencesIn(change);
  const namesOf = (references: readonly (Reference | undefined)[]) =>
    references.flatMap((reference) => (reference !== undefined && 'name' in reference ? [reference.name] : []));
  return { groupNames: namesOf(groups), applicationNames: namesOf(applications), unnamedApplications: [] };
}

function joinNames(one: ResolvedNames, other: ResolvedNames): ResolvedNames {
  return {
    groupNames: [...one.groupNames, ...other.groupNames],
    applicationNames: [...one.applicationNames, ...other.applicationNames],
    unnamedApplications: [...one.unnamedApplications, ...other.unnamedApplications],
    unnamedGroups: [...(one.unnamedGroups ?? []), ...(other.unnamedGroups ?? [])],
  };
}

/** Only such a pattern covers a name that is unknown. */
const matchesAll = (pattern: string) => /^\*+$/.test(pattern);

const matchesAny = (patterns: readonly string[], name: string) => patterns.some((one) => matchesPattern(one, name));

/**
 * True if `name` matches `pattern`. `*` matches any run of characters, also an empty one; every other character matches
 * itself, case included, because ZPA compares names that way. Linear in the length of both: each piece between stars is
 * matched at its first position.
 */
export function matchesPattern(pattern: string, name: string): boolean {
  const pieces = pattern.normalize('NFC').split('*');
  const text = name.normalize('NFC');
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, from);
    if (found < 0 || found + piece.length > end) return false;
    from = found + piece.length;
  }
  return true;
}
