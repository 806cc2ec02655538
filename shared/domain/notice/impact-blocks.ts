import type { Reach } from '../outcome/outcome.ts';
import { ruleEffect, ruleTitle } from '../outcome/reach-text.ts';
import { byWeight } from '../reach/reach.ts';
import { asSentence, formatCount } from '../text/sentence.ts';
import type { TicketBlock } from '../text/ticket-text.ts';
import { shownText } from './effect-text.ts';

/** The most policy rules that a text describes; the others are counted. */
const RULES_SHOWN = 10;

/** The reach of one change; `group`: the name of its segment group. */
export type Impact = { group: string; reach: Reach };

/**
 * The policy impact of the changes of a ticket, each sentence once: the rules that gain or lose application segments, why rules
 * were not checked, and what is not licensed. `asOf`: say when the rules were read.
 */
export function impactBlocks(impacts: readonly Impact[], { asOf }: { asOf: boolean }): TicketBlock[] {
  const checked = impacts.flatMap(({ group, reach }) => (reach.status === 'checked' ? [{ group, ...reach }] : []));
  const reasons = unique(impacts.flatMap(({ reach }) => (reach.status === 'checked' ? [] : [reach.reason])));
  const skipped = unique(checked.flatMap((one) => one.skipped ?? []));
  const times = asOf ? checked.flatMap((one) => one.asOf ?? []) : [];
  const read =
    times.length === 0 ? '' : ` (rules as of ${new Date(Math.min(...times)).toISOString().slice(11, 19)} UTC)`;
  return [
    ...checkedBlocks(checked, read),
    ...reasons.map((reason) => line(`Policy impact not checked: ${asSentence(shownText(reason))}`)),
    ...(skipped.length === 0
      ? []
      : [line(`Not licensed, so not read: ${skipped.map((one) => shownText(one)).join(', ')}.`)]),
  ];
}

type Checked = { group: string } & Extract<Reach, { status: 'checked' }>;

function checkedBlocks(checked: readonly Checked[], read: string): TicketBlock[] {
  const reached = checked.filter(({ rules = [] }) => rules.length > 0);
  if (reached.length === 0) {
    const summaries = unique(checked.map(({ summary }) => asSentence(shownText(summary.replace(AS_OF, '')))));
    return summaries.length === 0 ? [] : [line(`Policy impact: ${summaries.join(' ').replace(/\.$/, '')}${read}.`)];
  }
  const isOne = checked.length === 1;
  const described = reached
    .flatMap(({ group, rules = [] }) => rules.map((rule) => ({ group, rule })))
    .toSorted((a, b) => byWeight(a.rule, b.rule))
    .slice(0, RULES_SHOWN)
    .map(
      ({ group, rule }) => `${isOne ? '' : `${group}: `}${shownText(`${ruleTitle(rule)} ${ruleEffect(rule)}`, 600)}.`,
    );
  const all = reached.reduce((sum, { rules = [], ruleCount }) => sum + (ruleCount ?? rules.length), 0);
  const left = all - described.length;
  const points = [...described, ...(left > 0 ? [`And ${left} more.`] : [])];
  const gains = rulesText(reached);
  return [line(`Policy impact: ${gains}${read}.`), { kind: 'points', points }];
}

/** Changes of one ticket often reach the same rule, which counts once. A stored reach has the first of its rules alone. */
function rulesText(reached: readonly Checked[]): string {
  const known = new Set(reached.flatMap(({ rules = [] }) => rules.map(({ ruleId }) => ruleId))).size;
  const count = Math.max(known, ...reached.map(({ ruleCount = 0 }) => ruleCount));
  const isCut = reached.length > 1 && reached.some(({ rules = [], ruleCount = 0 }) => ruleCount > rules.length);
  const rules = `${isCut ? 'at least ' : ''}${formatCount(count, 'policy rule')}`;
  return `${rules} ${count === 1 ? 'gains or loses' : 'gain or lose'} application segments`;
}

const AS_OF = / \(rules as of [^)]*\)/;
const unique = (texts: readonly string[]) => [...new Set(texts)];
const line = (text: string): TicketBlock => ({ kind: 'line', text });
