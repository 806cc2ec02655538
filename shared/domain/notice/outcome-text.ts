import type { OutcomeNotice } from '../ledger/message.ts';
import type { Effect, GroupSummary, Outcome } from '../outcome/outcome.ts';
import { outcomeWord } from '../outcome/outcome-word.ts';
import { reachLines } from '../outcome/reach-text.ts';
import { asSentence } from '../text/sentence.ts';
import { oneLine, truncateText } from '../text/truncate-text.ts';

/** SNS accepts fewer than 100 ASCII characters without control characters or line breaks (AWS: Publish, Subject). */
const SUBJECT_LENGTH = 99;
const TEXT_BYTES = 8 * 1024;

const MARKS = /\p{M}/gu;
const ASCII = /^[\x20-\x7e]*$/;
const NOT_ASCII = /[^\x20-\x7e]/g;

/** One line for a mail's subject, for example `CHG0031337 rejected (group-in-use): delete in acme-prod`. */
export function outcomeSubject(notice: OutcomeNotice): string {
  const { outcome, ref, ticket, action } = notice;
  const code = outcome.kind === 'rejected' ? ` (${outcome.code})` : '';
  const name = inAscii(oneLine(ticket?.id ?? '')).trim() || ref.idempotencyKey;
  const ascii = inAscii(`${name} ${outcomeWord(outcome.kind)}${code}: ${action} in ${ref.tenant}`);
  return ascii.length <= SUBJECT_LENGTH ? ascii : `${ascii.slice(0, SUBJECT_LENGTH - 3)}...`;
}

/** Skips decomposition for text that is ASCII already, because it costs more than the rest of a notice. */
const inAscii = (text: string) =>
  ASCII.test(text) ? text : text.normalize('NFKD').replace(MARKS, '').replace(NOT_ASCII, '?');

/** The outcome in lines that a person can act on; at most 8 KiB, every value on one line. */
export function outcomeText(notice: OutcomeNotice): string {
  const { ref, ticket, outcome } = notice;
  const redriven = outcome.generation > 1 ? `, retry ${outcome.generation - 1}` : '';
  const lines = [
    `Change ${ref.idempotencyKey} from ${ref.source}${redriven}`,
    `Tenant ${ref.tenant}, action ${notice.action}`,
    ...(ticket
      ? [`Ticket ${shown(ticket.id)} (${shown(ticket.system)})${ticket.url ? ` ${shown(ticket.url, 2000)}` : ''}`]
      : []),
    '',
    ...outcomeLines(notice),
    '',
    `Ended ${new Date(outcome.at).toISOString()}, correlation id ${shown(notice.correlationId)}`,
  ];
  return truncateText(lines.join('\n'), TEXT_BYTES);
}

function outcomeLines({ outcome, action }: OutcomeNotice): string[] {
  switch (outcome.kind) {
    case 'applied':
      return [
        'Applied.',
        ...effectLines(outcome.effect),
        ...outcome.overtaken.map(
          (one) => `Edited by somebody else meanwhile, and left so: ${shown(one.field)} is now "${shown(one.found)}"`,
        ),
        ...ruleLines(outcome),
      ];
    case 'unchanged':
      return action === 'accept'
        ? ['Recorded as approved: the segment group is as the ticket states. Nothing was written.']
        : ['Unchanged: the segment group was already as approved.', ...ruleLines(outcome)];
    case 'rejected':
      return [
        `Rejected (${outcome.code}): ${shown(asSentence(outcome.sentence), 1000)}`,
        `What to do: ${shown(asSentence(outcome.remedy), 1000)}`,
        ...(outcome.path === undefined ? [] : [`Field: ${shown(outcome.path)}`]),
        ...(outcome.zpaError?.reason === undefined ? [] : [`ZPA said: ${shown(outcome.zpaError.reason, 1000)}`]),
      ];
    case 'cancelled':
      return [`Cancelled by ${shown(outcome.by)}: ${shown(asSentence(outcome.reason), 1000)}`];
    case 'superseded':
      return [`Replaced by ${shown(outcome.by)}: ${shown(asSentence(outcome.reason), 1000)}`];
  }
}

function ruleLines({ reach }: Extract<Outcome, { kind: 'applied' | 'unchanged' }>): string[] {
  const [first = '', ...rules] = reachLines(reach);
  return [`Policy impact: ${shown(first, 1000)}`, ...rules.map((line) => `- ${shown(line, 600)}`)];
}

function effectLines(effect: Effect): string[] {
  const { before, after, added, removed } = effect;
  if (before === null && after !== null)
    return [`Created "${shown(after.name)}" (id ${effect.groupId}), ${state(after)}.`];
  if (before !== null && after === null) return [`Deleted "${shown(before.name)}" (id ${effect.groupId}).`];
  if (before === null || after === null) return [`Segment group ${effect.groupId}.`];
  return [
    `Segment group "${shown(before.name)}" (id ${effect.groupId}):`,
    ...(before.name === after.name ? [] : [`- renamed to "${shown(after.name)}"`]),
    ...(before.enabled === after.enabled ? [] : [`- now ${state(after)}`]),
    ...(before.description === after.description ? [] : [`- description now "${shown(after.description)}"`]),
    ...(added.length === 0 ? [] : [`- application segments added: ${listed(added)}`]),
    ...(removed.length === 0 ? [] : [`- application segments removed: ${listed(removed)}`]),
  ];
}

const state = (group: GroupSummary) => (group.enabled ? 'enabled' : 'disabled');

function listed(ids: readonly string[]): string {
  const more = ids.length > 20 ? ` and ${ids.length - 20} more` : '';
  return `${ids
    .slice(0, 20)
    .map((id) => shown(id))
    .join(', ')}${more}`;
}

function shown(text: string, maxBytes = 300): string {
  return truncateText(oneLine(text), maxBytes);
}
