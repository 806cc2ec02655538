import { type Html, html, untrusted } from '../html/html.ts';
import type { Reach, ReachedApplications, RuleReach } from '../outcome/outcome.ts';
import { accessWords } from '../outcome/reach-text.ts';
import { asSentence } from '../text/sentence.ts';

/** The change's effect on the reach of policy rules: one sentence, then the rules that gained or lost applications. */
export function reachSection(reach: Reach): Html {
  if (reach.status === 'not-checked') return titled(untrusted(asSentence(`not checked: ${reach.reason}`)));
  const { summary, rules = [], ruleCount = 0, skipped = [] } = reach;
  const unlicensed =
    skipped.length === 0
      ? undefined
      : html`<p class="quiet">Not licensed, so not read: ${untrusted(skipped.join(', '))}.</p>`;
  return html`${titled(untrusted(asSentence(summary)))}${ruleTable(rules, ruleCount)}${unlicensed}`;
}

const titled = (sentence: Html) => html`<h3>Policy impact</h3><p>${sentence}</p>`;

function ruleTable(rules: readonly RuleReach[], count: number): Html | undefined {
  if (rules.length === 0) return undefined;
  const more = count > rules.length ? html`<p>And ${count - rules.length} more.</p>` : undefined;
  return html`<table><thead><tr><th scope="col">Rule</th><th scope="col">Gains</th><th scope="col">Loses</th><th scope="col">Access</th></tr></thead>
<tbody>${rules.map(ruleRow)}</tbody></table>${more}`;
}

function ruleRow(rule: RuleReach): Html {
  const { ruleName, policyType, ruleOrder, action } = rule;
  const where = [policyType, ruleOrder === undefined ? '' : `order ${ruleOrder}`, action ?? ''].filter((one) => one);
  return html`<tr><th scope="row">${untrusted(ruleName)}<br>${untrusted(where.join(', '))}</th><td>${reachCell(rule.gains)}</td><td>${reachCell(rule.loses)}</td><td>${accessWords(rule)}</td></tr>\n`;
}

function reachCell({ count, sure, applications }: ReachedApplications): Html {
  if (count === 0) return html`–`;
  const first = applications.map(
    ({ id, name }) => html`<li>${name === undefined ? html`<code>${id}</code>` : untrusted(name)}</li>`,
  );
  const more = count > applications.length ? html`<li>${count - applications.length} more</li>` : undefined;
  return html`${sure === 'may' ? 'perhaps ' : ''}${count}<ul>${first}${more}</ul>`;
}
