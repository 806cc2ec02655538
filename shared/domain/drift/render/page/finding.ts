import { type Html, html } from '../../../html/html.ts';
import { markedDifference } from '../../../html/marked-difference.ts';
import { formatCount } from '../../../text/sentence.ts';
import type { Access, AffectedRule, Finding } from '../../report.ts';
import {
  accessWords,
  approvalWords,
  differenceWords,
  effectOf,
  fromDifference,
  nameOf,
  sinceWords,
  timeWords,
  writerWords,
} from '../finding-words.ts';
import { type Words, words } from '../words.ts';
import { commandList } from './commands.ts';
import { foreign, markup } from './markup.ts';

const MAX_VALUE = 2000;
const MAX_RULES = 20;

/** One finding: a line that says what differs, and unfolded everything that helps to decide about it. */
export function findingItem(finding: Finding, reportedAt: string): Html {
  const { id, state, group } = finding;
  return html`<details class="finding" id="${id}" data-row data-state="${state}">
<summary><span class="badge ${state}">${state.replace('-', ' ')}</span>
<span class="what"><b>${foreign(nameOf(group))}</b> <span>${markup(differenceWords(finding))}</span>${accessLine(finding)}</span>
<span class="who">${markup(lastLine(finding))}</span>
<code class="id">${id}</code></summary>
${sides(finding)}
<dl>${facts(finding).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
${commandList(finding, reportedAt)}</details>\n`;
}

/** The rules, if there are any. */
function accessLine(finding: Finding): Html | undefined {
  if (finding.access.read === 'not-needed') return undefined;
  return html`<small>${markup(accessWords(finding, 2))}</small>`;
}

/** The writer and the time; of an ignored finding, who ignores it and until when. */
function lastLine({ ignored, writer: last, kind, since }: Finding): Words {
  if (ignored !== undefined) return words`until ${timeWords(ignored.until)}, by ${ignored.by}: ${ignored.reason}`;
  return last === undefined ? words`seen ${timeWords(since.upTo)}` : writerWords(last, kind);
}

/** Foreign text as approved and as it lives; of a field, with the words that differ marked. */
function sides({ kind, before, after }: Finding): Html {
  const [was, is] = fromDifference(before, after, MAX_VALUE / 2).map((text) =>
    text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text,
  );
  const marked = kind === 'changed' && was?.trim() && is?.trim() ? markedDifference(was, is) : undefined;
  return html`<table class="sides"><tbody><tr><th scope="row">Approved</th><td>${marked?.was ?? foreign(was ?? '', MAX_VALUE)}</td></tr>
<tr><th scope="row">In ZPA now</th><td>${marked?.is ?? foreign(is ?? '', MAX_VALUE)}</td></tr></tbody></table>`;
}

type Fact = [name: string, value: Html | undefined];

/** Everything that helps to decide; what is not known is left out. */
function facts(finding: Finding): Fact[] {
  const { approval, application, deletedId, ignored, pending } = finding;
  const facts: Fact[] = [
    ['Arose', markup(sinceWords(finding))],
    ['Last writer', writer(finding)],
    ['Policy rules', rules(finding.access)],
    ['Departs from', approval && html`${markup(approvalWords(approval))} <small>key ${foreign(approval.key)}</small>`],
    ['Group', groupPlace(finding)],
    ['Application', application && html`${foreign(application.name)} <small>id ${foreign(application.id)}</small>`],
    ['Deleted as', deletedId === undefined ? undefined : html`id ${foreign(deletedId)}`],
    [
      'Ignored',
      ignored && html`until ${markup(timeWords(ignored.until))} by ${foreign(ignored.by)}: ${foreign(ignored.reason)}`,
    ],
    [
      'In flight',
      pending === undefined ? undefined : html`${formatCount(pending, 'change is', 'changes are')} at work on it`,
    ],
    ['Terraform', terraformRemedy(finding)],
  ];
  return facts.filter(([, value]) => value !== undefined);
}

function writer({ writer: last, kind }: Finding): Html | undefined {
  if (last === undefined) return undefined;
  const of = last.of === 'application' ? 'application segment' : 'group';
  return html`${markup(writerWords(last, kind))} <small>of the ${of}, id ${foreign(last.id)}</small>`;
}

/** An apply that follows would bring the difference back; so would a saved plan, which `ignore_changes` does not reach. */
function terraformRemedy({ writer: last, kind }: Finding): Html | undefined {
  if (last?.kind !== 'terraform' || kind === 'unmanaged') return undefined;
  if (kind === 'resurrected')
    return html`Have Terraform forget the group (a block <code>removed { }</code>), or its next apply creates it again.`;
  return html`Have Terraform leave this to tickets (<code>lifecycle { ignore_changes }</code>) and make a new plan, or its next apply brings the difference back.`;
}

function groupPlace({ group }: Finding): Html {
  const microtenant = group.microtenantId === '0' ? undefined : html`, microtenant ${foreign(group.microtenantId)}`;
  return html`${foreign(group.name)} <small>id ${foreign(group.id)}, tenant ${foreign(group.tenant)}${microtenant}</small>`;
}

function rules(access: Access): Html {
  if (access.read === 'not-needed') return html`No access is altered.`;
  if (access.read === 'not-read') return html`Not read: ${foreign(access.reason)}`;
  if (access.ruleCount === 0) return html`No rule is affected.`;
  const shown = access.rules.slice(0, MAX_RULES);
  const more = access.ruleCount - shown.length;
  return html`<ul>${shown.map(ruleItem)}${more > 0 ? html`<li>${formatCount(more, 'more rule')}</li>` : undefined}</ul>`;
}

const ruleItem = (rule: AffectedRule) =>
  html`<li>${foreign(rule.name)} ${effectOf(rule)} <small>${foreign(rule.policyType)}</small></li>`;
