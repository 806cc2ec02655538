import type { ChangeRequest } from '../../../shared/domain/change/change.ts';
import { scheduledAt } from '../../../shared/domain/ledger/schedule.ts';
import { owedText } from '../../../shared/domain/notice/owed-text.ts';
import { knownNames } from '../../../shared/domain/outcome/known-names.ts';
import type { Outcome } from '../../../shared/domain/outcome/outcome.ts';
import { outcomeWord } from '../../../shared/domain/outcome/outcome-word.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { asSentence, formatCount } from '../../../shared/domain/text/sentence.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';
import { describeRecord } from './describe-request.ts';
import type { Cell, Terminal } from './terminal.ts';

/** The state or outcome of a change as one word. */
export function stateWord({ state, outcome, discarded }: ChangeRecord): string {
  if (state !== 'settled' || outcome === undefined) return state;
  return discarded === undefined ? outcomeWord(outcome.kind) : 'dismissed';
}

/** As `stateWord`, coloured. */
export function stateCell(record: ChangeRecord, { colours }: Terminal): Cell {
  const text = stateWord(record);
  if (text === record.state) return { text, colour: colours.cyan };
  const colour = text === 'rejected' ? colours.red : text === 'applied' ? colours.green : colours.dim;
  return { text, colour };
}

/** Formats epoch ms as RFC 3339 without milliseconds. */
export const formatTime = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** Formats a value beside its name, aligned with the other lines: `  why       …`. */
export const detailLine = (name: string, value: string) => `  ${name.padEnd(11)} ${value}`;

/** Names the version of the settings that a change was accepted or settled by. */
const bySettings = (version: number | undefined) => (version === undefined ? '' : `, settings version ${version}`);

/** Describes an outcome: its effect, or its reason and remedy. The change, if given, provides names of applications. */
export function outcomeLines(outcome: Outcome, { colours }: Terminal, change?: ChangeRequest): string[] {
  const { generation, attempts, settingsVersion } = outcome;
  const ended = `${formatTime(outcome.at)}${generation === 1 ? '' : `, retry ${generation - 1}`}, ${formatCount(attempts, 'attempt')}`;
  const when = detailLine('when', `${ended}${bySettings(settingsVersion)}`);
  if (outcome.kind === 'rejected') {
    const { code, sentence, remedy, path, zpaError } = outcome;
    const zpa =
      zpaError && `${zpaError.status ?? ''} ${zpaError.zpaId ?? zpaError.code} ${zpaError.reason ?? ''}`.trim();
    return [
      `${colours.red('rejected')} ${code}${path === undefined ? '' : ` at ${visible(path)}`}`,
      detailLine('why', visible(asSentence(sentence), 1000)),
      detailLine('remedy', visible(asSentence(remedy), 1000)),
      ...(zpa === undefined ? [] : [detailLine('ZPA error', visible(zpa, 1000))]),
      when,
    ];
  }
  if (outcome.kind === 'applied' || outcome.kind === 'unchanged') {
    const { before, after, added, removed, groupId } = outcome.effect;
    const word = outcome.kind === 'applied' ? colours.green('applied') : 'unchanged';
    const isAccept = change?.action === 'accept';
    const names = change === undefined ? new Map<string, string>() : knownNames(change, outcome.effect);
    const group = visible((after ?? before)?.name ?? '');
    const fields = after === null ? [] : FIELDS.filter((field) => (before?.[field] ?? '') !== after?.[field]);
    return [
      isAccept
        ? `${word}, recorded as approved; nothing was written to ZPA`
        : before === null
          ? `${word}, created`
          : after === null
            ? `${word}, deleted`
            : word,
      detailLine('group', group === '' ? groupId : `${group} (${groupId})`),
      ...(isAccept ? [] : fields).map((field) => detailLine(field, fieldChange(before?.[field], after?.[field] ?? ''))),
      ...(added.length > 0 ? [detailLine('added', applicationList(added, names))] : []),
      ...(removed.length > 0 ? [detailLine('removed', applicationList(removed, names))] : []),
      ...overtakenLines(outcome),
      when,
    ];
  }
  return [
    `${outcomeWord(outcome.kind)} by ${visible(outcome.by)}`,
    detailLine('why', visible(asSentence(outcome.reason), 1000)),
    when,
  ];
}

/** Lists the first twenty applications, with their names if they are known. */
function applicationList(ids: readonly string[], names: ReadonlyMap<string, string>): string {
  const shown = ids.slice(0, 20).map((id) => (names.has(id) ? `${visible(names.get(id) ?? '')} (${id})` : id));
  return `${shown.join(', ')}${ids.length > 20 ? ` and ${ids.length - 20} more` : ''}`;
}

const FIELDS = ['name', 'description', 'enabled'] as const;

/** Describes the change of a field: `"Web" → "Web Apps"`, or only the new value if there was no old one. */
const fieldChange = (old: string | boolean | undefined, next: string | boolean) =>
  old === undefined ? quoted(next) : `${quoted(old)} → ${quoted(next)}`;

/** Formats a value for a person; texts are quoted. */
export function quoted(value: string | boolean | undefined): string {
  if (typeof value === 'string') return `"${visible(value)}"`;
  return value === undefined ? 'nothing' : String(value);
}

function overtakenLines(outcome: Extract<Outcome, { kind: 'applied' | 'unchanged' }>): string[] {
  if (outcome.kind !== 'applied') return [];
  return outcome.overtaken.map(({ field, expected, found }) =>
    detailLine(
      'overtaken',
      `${visible(field)} was since changed to "${visible(found)}" by somebody else, not "${visible(expected)}"`,
    ),
  );
}

/** Describes the whole change for a person. */
export function changeLines(record: ChangeRecord, terminal: Terminal): string[] {
  const { ref, ticket } = record;
  const standingCell = stateCell(record, terminal);
  const word = typeof standingCell === 'string' ? standingCell : standingCell.colour(standingCell.text);
  const approvals = ticket.approvals.map(({ by, at }) => `${visible(by)} (${visible(at)})`);
  return [
    `${terminal.colours.bold(visible(ref.idempotencyKey))}  ${word}`,
    detailLine('change', visible(describeRecord(record), 400)),
    detailLine(
      'tenant',
      `${ref.tenant}${record.change.microtenant === undefined ? '' : ` / ${record.change.microtenant}`}, from ${ref.source}`,
    ),
    detailLine('lane', `${ref.lane}, sequence ${record.sequence}`),
    detailLine('ticket', `${visible(ticket.system)} ${visible(ticket.id)}`),
    ...(ticket.url === undefined ? [] : [detailLine('', visible(ticket.url, 400))]),
    ...(approvals.length === 0 ? [] : [detailLine('approved', `by ${approvals.slice(0, 10).join(', ')}`)]),
    ...acceptedLines(record),
    ...(record.attempts === 0 || record.state === 'settled'
      ? []
      : [detailLine('attempts', `${record.attempts} failed so far`)]),
    ...(record.pending.length === 0 ? [] : [detailLine('pending', owedText(record.pending))]),
    ...waitingLines(record),
    ...(record.discarded === undefined ? [] : [detailLine('dismissed', dismissalText(record.discarded))]),
    ...(record.outcome === undefined ? [] : ['', ...outcomeLines(record.outcome, terminal, record.change)]),
    ...(record.history.length === 0 ? [] : ['', 'earlier']),
    ...record.history.flatMap((outcome) => outcomeLines(outcome, terminal, record.change)),
  ];
}

function dismissalText({ by, at, reason }: NonNullable<ChangeRecord['discarded']>): string {
  const who = `by ${visible(by)}, ${formatTime(at)}`;
  return reason === undefined ? who : `${who}: ${visible(reason, 500)}`;
}

/** Tells when it was accepted and, after a retry, when that was. */
function acceptedLines({ acceptedAt, firstAcceptedAt, generation, settingsVersion }: ChangeRecord): string[] {
  const now = `${formatTime(acceptedAt)}${bySettings(settingsVersion)}`;
  if (generation === 1) return [detailLine('accepted', now)];
  return [
    ...(firstAcceptedAt === undefined ? [] : [detailLine('accepted', formatTime(firstAcceptedAt))]),
    detailLine('retried', `${now}, retry ${generation - 1}`),
  ];
}

/** Describes why an open change waits, and whether its cancellation was requested. */
function waitingLines({ state, scheduledFor, change, cancelRequest, generation }: ChangeRecord): string[] {
  if (state === 'settled') return [];
  const { notBefore, notAfter } = change;
  const window = [notBefore && `not before ${notBefore}`, notAfter && `not after ${notAfter}`].filter(Boolean);
  const release = scheduledFor === undefined ? undefined : scheduledAt(scheduledFor);
  return [
    ...(window.length === 0 ? [] : [detailLine('window', window.join(', '))]),
    ...(state === 'scheduled'
      ? [
          detailLine(
            'scheduled',
            `for ${release?.replace(/\.\d+Z$/, 'Z') ?? 'the end of a freeze without an end date'}`,
          ),
        ]
      : []),
    ...(cancelRequest?.generation === generation
      ? [
          detailLine(
            'cancelling',
            `by ${visible(cancelRequest.by)}, ${formatTime(cancelRequest.at)}: ${visible(cancelRequest.reason, 500)}`,
          ),
        ]
      : []),
  ];
}
