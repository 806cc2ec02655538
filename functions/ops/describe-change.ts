import { type ChangeRequest, membershipOf, type Reference } from '../../shared/domain/change.ts';
import type { Outcome } from '../../shared/domain/outcome.ts';
import type { ChangeRecord } from '../../shared/domain/records.ts';
import { scheduledAt } from '../../shared/domain/schedule.ts';
import { visible } from '../../shared/domain/visible-text.ts';
import type { Cell, Terminal } from './terminal.ts';

/** Words for one change, shared by the commands. */
export const nameOf = (reference: Reference) => ('id' in reference ? reference.id : reference.name);

/** `update "Web Apps": name, +2 −1 applications`. */
export function asks(change: ChangeRequest): string {
  const parts: string[] = [];
  if (change.action === 'create' && change.applications.length > 0)
    parts.push(`${change.applications.length} applications`);
  if (change.action === 'update') {
    parts.push(...Object.keys(change.set ?? {}));
    const membership = membershipOf(change);
    if (membership?.replace !== undefined) parts.push(`applications = ${membership.replace.length}`);
    else if (membership !== undefined)
      parts.push(`applications +${membership.add.length} −${membership.remove.length}`);
  }
  const details = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
  return `${change.action} "${nameOf(change.group)}"${details}`;
}

/** Where a change stands, in one word and its colour. */
function standing(record: ChangeRecord, { colours }: Terminal): Cell {
  const kind = record.state === 'settled' ? record.outcome?.kind : undefined;
  if (kind === undefined) return { text: record.state, colour: colours.cyan };
  if (record.discarded !== undefined) return { text: 'discarded', colour: colours.dim };
  const colour = kind === 'rejected' ? colours.red : kind === 'applied' ? colours.green : colours.dim;
  return { text: kind, colour };
}

export const time = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** The lines of an outcome: what happened, or why not and what to do. */
export function outcomeLines(outcome: Outcome, { colours }: Terminal): string[] {
  const when = `  generation ${outcome.generation}, ${time(outcome.at)}, ${outcome.attempts} ${outcome.attempts === 1 ? 'attempt' : 'attempts'}`;
  if (outcome.kind === 'rejected') {
    const { code, sentence, remedy, path, zpaError } = outcome;
    const zpa =
      zpaError && `${zpaError.status ?? ''} ${zpaError.zpaId ?? zpaError.code} ${zpaError.reason ?? ''}`.trim();
    return [
      `${colours.red('rejected')} ${code}${path === undefined ? '' : ` at ${visible(path)}`}`,
      `  why     ${visible(sentence, 1000)}`,
      `  remedy  ${visible(remedy, 1000)}`,
      ...(zpa === undefined ? [] : [`  ZPA     ${visible(zpa, 1000)}`]),
      when,
    ];
  }
  if (outcome.kind === 'applied' || outcome.kind === 'unchanged') {
    const { before, after, added, removed } = outcome.effect;
    const word = outcome.kind === 'applied' ? colours.green('applied') : 'unchanged';
    const fields = (['name', 'description', 'enabled'] as const).filter((field) => before?.[field] !== after?.[field]);
    return [
      `${word} group ${outcome.effect.groupId}`,
      ...fields.map((field) => `  ${field}: ${quoted(before?.[field])} → ${quoted(after?.[field])}`),
      ...(added.length > 0 ? [`  applications added: ${added.slice(0, 20).join(', ')}${more(added)}`] : []),
      ...(removed.length > 0 ? [`  applications taken out: ${removed.slice(0, 20).join(', ')}${more(removed)}`] : []),
      ...overtaken(outcome),
      when,
    ];
  }
  return [`${outcome.kind} by ${visible(outcome.by)}: ${visible(outcome.reason, 1000)}`, when];
}

export function quoted(value: string | boolean | undefined): string {
  if (typeof value === 'string') return `"${visible(value)}"`;
  return value === undefined ? 'nothing' : String(value);
}

const more = (ids: readonly string[]) => (ids.length > 20 ? ` and ${ids.length - 20} more` : '');

function overtaken(outcome: Extract<Outcome, { kind: 'applied' | 'unchanged' }>): string[] {
  if (outcome.kind !== 'applied') return [];
  return outcome.overtaken.map(
    ({ field, expected, found }) =>
      `  overtaken: ${field} is ${visible(found)} by somebody else, not ${visible(expected)}`,
  );
}

/** The whole change for a person. */
export function changeLines(record: ChangeRecord, terminal: Terminal): string[] {
  const { ref, ticket } = record;
  const standingCell = standing(record, terminal);
  const word = typeof standingCell === 'string' ? standingCell : standingCell.colour(standingCell.text);
  const approvals = ticket.approvals.map(({ by, at }) => `${visible(by)} (${visible(at)})`);
  return [
    `${terminal.colours.bold(visible(ref.idempotencyKey))}  ${word}`,
    `  asks    ${visible(asks(record.change), 400)}`,
    `  tenant  ${ref.tenant}${record.change.microtenant === undefined ? '' : ` / ${record.change.microtenant}`}, from ${ref.source}, lane ${ref.lane}, sequence ${record.sequence}`,
    `  ticket  ${visible(ticket.system)} ${visible(ticket.id)}${ticket.url === undefined ? '' : ` ${visible(ticket.url, 400)}`}`,
    ...(approvals.length === 0 ? [] : [`  approved by ${approvals.slice(0, 10).join(', ')}`]),
    `  accepted ${time(record.acceptedAt)}${record.pending.length === 0 ? '' : `, still to announce: ${record.pending.join(', ')}`}`,
    ...waitingLines(record),
    ...(record.discarded === undefined
      ? []
      : [`  discarded by ${visible(record.discarded.by)}, ${time(record.discarded.at)}`]),
    ...(record.outcome === undefined ? [] : ['', ...outcomeLines(record.outcome, terminal)]),
    ...(record.history.length === 0 ? [] : ['', 'earlier generations:']),
    ...record.history.flatMap((outcome) => outcomeLines(outcome, terminal)),
  ];
}

/** What it waits for, and whether somebody asked for it back. */
function waitingLines({ state, scheduledFor, change, cancelRequest, generation }: ChangeRecord): string[] {
  if (state === 'settled') return [];
  const { notBefore, notAfter } = change;
  const window = [notBefore && `not before ${notBefore}`, notAfter && `not after ${notAfter}`].filter(Boolean);
  const release = scheduledFor === undefined ? undefined : scheduledAt(scheduledFor);
  return [
    ...(window.length === 0 ? [] : [`  window  ${window.join(', ')}`]),
    ...(state === 'scheduled' ? [`  scheduled for ${release ?? 'the end of a freeze that is not in sight'}`] : []),
    ...(cancelRequest?.generation === generation
      ? [
          `  asked back by ${visible(cancelRequest.by)}, ${time(cancelRequest.at)}: ${visible(cancelRequest.reason, 500)}`,
        ]
      : []),
  ];
}
