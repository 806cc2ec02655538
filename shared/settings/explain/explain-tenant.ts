import { isDeepStrictEqual } from 'node:util';
import type { TenantConfiguration } from '../../domain/configuration/configuration.ts';
import type { RuleGuard } from '../../domain/configuration/guard-schema.ts';
import { DRIFT_RULES, writersRule } from './explain-drift.ts';
import {
  bound,
  choice,
  coverPatterns,
  explainFields,
  includesAll,
  looser,
  type Meaning,
  other,
  quoted,
  type Rule,
  type Rules,
  says,
  tighter,
} from './meaning.ts';

type Tenant = TenantConfiguration;
type Guards = Tenant['guards'];
type Protection = Guards['protectedGroups'][number];

const ANOTHER_CUSTOMER =
  'is another ZPA customer: open changes belong to the old one, and are rejected as not-permitted when their turn comes';

/** States what the differences between two settings of a tenant mean. */
export function explainTenant(before: Tenant, after: Tenant): Meaning[] {
  return explainFields(TENANT_RULES, before, after);
}

/** The rule of a list of limits: one that another covers is no loss. */
const limits =
  <T>(describe: (one: T) => string, covers: (outer: T, inner: T) => boolean): Rule<readonly T[]> =>
  (before, after) => {
    const lost = before.filter((one) => !after.some((it) => covers(it, one)));
    const gained = after.filter((one) => !before.some((it) => covers(it, one)));
    const said = [
      ...lost.map((one) => looser(`no longer: ${describe(one)}`)),
      ...gained.map((one) => tighter(`new: ${describe(one)}`)),
    ];
    return said.length > 0 ? said : [other('says the same in another form')];
  };

const coversProtection = (outer: Protection, inner: Protection) =>
  coverPatterns(outer.groups, inner.groups) &&
  (outer.refuse.includes('changes') || includesAll(outer.refuse, inner.refuse));

function coversRuleGuard(outer: RuleGuard, inner: RuleGuard): boolean {
  const { policyTypes: types } = outer;
  return (
    coverPatterns(outer.rules, inner.rules) &&
    coverPatterns(outer.groups, inner.groups) &&
    includesAll(outer.when, inner.when) &&
    (types === undefined || (inner.policyTypes !== undefined && includesAll(types, inner.policyTypes))) &&
    (outer.response === 'refuse' || inner.response === 'second-approver')
  );
}

const describeRuleGuard = ({ rules, policyTypes, groups, when, response }: RuleGuard) =>
  `guard of rules ${quoted(rules)}${policyTypes === undefined ? '' : ` (${policyTypes.join(', ')})`} when groups ${quoted(groups)} change (${when.join(', ')}): ${response}`;

const mostRemovals: Rule<number | undefined> = (before, after) => {
  const effect = (after ?? Number.POSITIVE_INFINITY) > (before ?? Number.POSITIVE_INFINITY) ? looser : tighter;
  const shown = (bound: number | undefined) => (bound === undefined ? 'any number of' : `at most ${bound}`);
  return [effect(`one change may remove ${shown(after)} applications, before ${shown(before)}`)];
};

const GUARD_RULES: Rules<Guards> = {
  protectedGroups: limits<Protection>(
    ({ groups, refuse }) => `groups ${quoted(groups)} are protected (${refuse.join(', ')} refused)`,
    coversProtection,
  ),
  deletes: choice('deletes of groups', ['refused', 'allowed']),
  mostRemovals,
  rules: limits(describeRuleGuard, coversRuleGuard),
};

const TENANT_RULES: Rules<Tenant> = {
  cloud: says(ANOTHER_CUSTOMER),
  customerId: says(ANOTHER_CUSTOMER),
  endpoint: says('has its API at another address'),
  auth: says('signs in in another way: its secrets must be of that form'),
  vanity: says('signs in at another address'),
  microtenants: says('has other microtenants: an open change that they lead elsewhere is rejected as not-permitted'),
  budget: (before, after) =>
    explainFields({ reads: bound('reads per 10 s'), writes: bound('writes per 10 s') }, before, after),
  membership: says('has its memberships written in another way'),
  mode: choice('mode', ['paused', 'plan-only', 'apply']),
  reach: choice('policy rules are read', ['always', 'guarded', 'deletes']),
  guards: (before, after) => explainFields(GUARD_RULES, before, after),
  freezes: limits<Tenant['freezes'][number]>(
    ({ from, until, reason }) => `freeze from ${from} until ${until}${reason === undefined ? '' : ` (${reason})`}`,
    isDeepStrictEqual,
  ),
  drift: (before, after) => explainFields(DRIFT_RULES, before, after),
  writers: writersRule,
};
