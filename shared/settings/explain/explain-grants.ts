import type { Grant } from '../../domain/configuration/configuration.ts';
import { formatCount } from '../../domain/text/sentence.ts';
import { coverPatterns, includesAll, looser, other, quoted, type Said, tighter } from './meaning.ts';

type Grants = readonly Grant[];

/** States the rights that a source gains and loses, whichever of its grants they stand in. */
export function explainGrants(before: Grants, after: Grants): Said[] {
  const gained = uncovered(after, before).map((one) => looser(`may do more: ${describe(one, before)}`));
  const lost = uncovered(before, after).map((one) => tighter(`may do less, not any more: ${describe(one, after)}`));
  if (gained.length + lost.length > 0) return [...gained, ...lost];
  return [
    other('has the same rights in other grants; each grant counts its own changes per hour, in the first that covers'),
  ];
}

/**
 * The part of a grant that no single one of `others` covers. One grant must cover all of a change, but a change has one tenant and one
 * action.
 */
function uncovered(grants: Grants, others: Grants): Grant[] {
  return grants.flatMap((grant) => {
    const single = grant.tenants.flatMap((tenant) =>
      grant.actions.map((action) => ({ ...grant, tenants: [tenant], actions: [action] })),
    );
    const missing = single.filter((one) => !others.some((it) => covers(it, one)));
    const tenants = [...new Set(missing.flatMap((one) => one.tenants))];
    const actions = [...new Set(missing.flatMap((one) => one.actions))];
    return missing.length === 0 ? [] : [{ ...grant, tenants, actions }];
  });
}

const covers = (one: Grant, it: Grant): boolean => beyond(one, it).length === 0;

/**
 * Describes a right: as a whole, or by what it has beyond the grant that comes closest for the same tenants and
 * actions.
 */
function describe(right: Grant, others: Grants): string {
  const near = others.filter(
    (one) => includesAll(one.tenants, right.tenants) && includesAll(one.actions, right.actions),
  );
  const differences = near.map((one) => beyond(one, right)).toSorted((a, b) => a.length - b.length)[0];
  const where = `${right.actions.join(', ')} in ${quoted(right.tenants)}`;
  return `${where}: ${(differences ?? allOf(right)).join('; ')}`;
}

/** The permissions of `right` beyond those of `grant`. */
function beyond(grant: Grant, right: Grant): string[] {
  const outside = (outer: readonly string[], inner: readonly string[]) =>
    inner.filter((one) => !coverPatterns(outer, [one]));
  const not = <T>(outer: readonly T[], inner: readonly T[]) => inner.filter((one) => !outer.includes(one));
  return [
    ...list('tenants', not(grant.tenants, right.tenants)),
    ...list('actions', not(grant.actions, right.actions)),
    ...microtenantsBeyond(grant, right),
    ...list('groups', outside(grant.groups, right.groups)),
    ...list('applications', outside(grant.applications, right.applications)),
    ...list('flags', not(grant.flags, right.flags)),
    ...(right.changesPerHour > grant.changesPerHour ? [`${perHour(right)} rather than ${grant.changesPerHour}`] : []),
  ];
}

function microtenantsBeyond(grant: Grant, right: Grant): string[] {
  const { microtenants: outer } = grant;
  if (outer === undefined) return [];
  if (right.microtenants === undefined) return ['any microtenant'];
  return list(
    'microtenants',
    right.microtenants.filter((one) => !outer.includes(one)),
  );
}

function allOf(right: Grant): string[] {
  return [
    ...(right.microtenants === undefined ? [] : list('microtenants', right.microtenants)),
    ...list('groups', right.groups),
    ...list('applications', right.applications),
    ...list('flags', right.flags),
    perHour(right),
  ];
}

const list = (what: string, names: readonly string[]) => (names.length === 0 ? [] : [`${what} ${quoted(names)}`]);
const perHour = ({ changesPerHour }: Grant) => `${formatCount(changesPerHour, 'change')} an hour`;
