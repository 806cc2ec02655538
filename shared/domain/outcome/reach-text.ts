import type { Reach, ReachedApplications, RuleReach } from './outcome.ts';

/**
 * The reach of a change in plain words, for page, mail and terminal. Names are foreign text: every sink escapes them.
 */

/** One sentence about all rules; `asOf`: when they were read, epoch ms. */
export function reachSummary(rules: readonly RuleReach[], asOf?: number): string {
  const read = asOf === undefined ? '' : ` (rules as of ${new Date(asOf).toISOString().slice(11, 19)} UTC)`;
  if (rules.length === 0) return `No policy rule gains or loses an application segment${read}.`;
  const [first] = rules;
  const parts = [
    part(rules, ({ exposes }) => exposes === 'yes', 'opens access', 'open access'),
    part(rules, ({ exposes }) => exposes === 'may', 'may open access', 'may open access'),
    part(rules, ({ interrupts }) => interrupts === 'yes', 'interrupts access', 'interrupt access'),
    part(rules, ({ interrupts }) => interrupts === 'may', 'may interrupt access', 'may interrupt access'),
    part(rules, (rule) => rule.disabled, 'is disabled', 'are disabled'),
    part(rules, isNeutral, 'applies to other application segments', 'apply to other application segments'),
  ].filter((one) => one !== undefined);
  const all = rules.length === 1 ? '1 policy rule is affected' : `${rules.length} policy rules are affected`;
  const most = first === undefined || rules.length === 1 ? '' : `; most affected: ${ruleTitle(first)}`;
  const only = first !== undefined && rules.length === 1 ? `: ${ruleTitle(first)}` : '';
  return `${all}${only}: ${parts.join(', ')}${most}${read}.`;
}

const isNeutral = ({ exposes, interrupts, disabled }: RuleReach) =>
  exposes === 'no' && interrupts === 'no' && !disabled;

function part(rules: readonly RuleReach[], is: (rule: RuleReach) => boolean, one: string, many: string) {
  const count = rules.filter(is).length;
  if (count === 0) return undefined;
  return count === rules.length && count === 1 ? `it ${one}` : `${count} ${count === 1 ? one : many}`;
}

/** `"Sales" (ACCESS_POLICY, order 3, ALLOW)` */
export function ruleTitle({ ruleName, policyType, ruleOrder, action }: RuleReach): string {
  const details = [policyType, ...(ruleOrder === undefined ? [] : [`order ${ruleOrder}`]), ...(action ? [action] : [])];
  return `"${ruleName}" (${details.join(', ')})`;
}

/** `gains 2 application segments (Wiki, 216…), which opens access` */
export function ruleEffect(rule: RuleReach): string {
  const changes = [phrase('gain', 'gains', rule.gains), phrase('lose', 'loses', rule.loses)].filter(
    (one) => one !== '',
  );
  return `${changes.join(' and ')}${consequence(rule)}`;
}

function phrase(may: string, does: string, { count, sure, applications }: ReachedApplications): string {
  if (count === 0) return '';
  const verb = sure === 'may' ? `may ${may}` : does;
  const shown = applications.slice(0, 5).map(({ id, name }) => name ?? id);
  const more = count > shown.length && shown.length > 0 ? [`${count - shown.length} more`] : [];
  const list = [...shown, ...more];
  const names = list.length === 0 ? '' : ` (${list.join(', ')})`;
  return `${verb} ${count} application segment${count === 1 ? '' : 's'}${names}`;
}

function consequence(rule: RuleReach): string {
  if (rule.disabled) return '; the rule is disabled, so nothing changes while it is';
  const words = accessWords(rule);
  return words === '' ? '' : `, which ${words}`;
}

/** `opens access and may interrupt access`; empty for a rule that does neither. */
export function accessWords({ exposes, interrupts, disabled }: RuleReach): string {
  if (disabled) return 'disabled';
  const words = [
    exposes === 'no' ? '' : exposes === 'yes' ? 'opens access' : 'may open access',
    interrupts === 'no' ? '' : interrupts === 'yes' ? 'interrupts access' : 'may interrupt access',
  ];
  return words.filter((one) => one !== '').join(' and ');
}

/** The summary, then one line per rule, at most `most`. */
export function reachLines(reach: Reach, most = 10): string[] {
  if (reach.status === 'not-checked') return [`not checked: ${reach.reason}`];
  const rules = reach.rules ?? [];
  const left = (reach.ruleCount ?? rules.length) - Math.min(most, rules.length);
  return [
    reach.summary,
    ...rules.slice(0, most).map((rule) => `${ruleTitle(rule)} ${ruleEffect(rule)}`),
    ...(left > 0 ? [`and ${left} more`] : []),
    ...(reach.skipped !== undefined && reach.skipped.length > 0
      ? [`not licensed, so not read: ${reach.skipped.join(', ')}`]
      : []),
  ];
}
