import type { ChangeRequest } from '../../shared/domain/change/change.ts';
import { asUpdate } from '../../shared/domain/decide/as-update.ts';
import {
  APPLICATIONS_SHOWN,
  effectText,
  type NameOf,
  requestText,
  shownName,
  shownText,
  standingText,
  unchangedText,
} from '../../shared/domain/notice/effect-text.ts';
import { placeOf } from '../../shared/domain/notice/set-row.ts';
import { requesterStep } from '../../shared/domain/outcome/requester-step.ts';
import { standingMembers } from '../../shared/domain/outcome/standing-members.ts';
import { asSentence } from '../../shared/domain/text/sentence.ts';
import { textBytes } from '../../shared/domain/text/truncate-text.ts';
import type { PlannedForSource } from '../../shared/reading/plan-for-source.ts';
import { groupFound, type PlannedLine } from './planned-line.ts';

type Planned = Extract<PlannedLine, { kind: 'planned' }>;

/** The longest cell, in bytes; no ticket system cuts it. */
const MOST_CELL = 1800;

/** A description is cut with its cell alone, so `isWholeRow` sees each cut. */
const UNCUT = Number.POSITIVE_INFINITY;

/** The columns of a plan. `isOnePlace`: all changes are of one tenant and microtenant, which the first column names. */
export type PlanColumns = { columns: string[]; isOnePlace: boolean };

/** Names the tenant in the head of the table if there is one only. */
export function planColumns(lines: readonly PlannedLine[]): PlanColumns {
  const [place, ...others] = new Set(lines.map(({ change }) => placeOf(change)));
  const isOnePlace = place !== undefined && others.length === 0;
  return { columns: [`Segment group${isOnePlace ? ` in ${place}` : ''}`, 'Change', 'What would happen'], isOnePlace };
}

/** The row of one change: its group, what is asked for with ids, and what would come of it. */
export function planRow(line: PlannedLine, { isOnePlace }: PlanColumns): string[] {
  const place = isOnePlace ? '' : ` in ${placeOf(line.change)}`;
  const [change = '', result = ''] = cellsOf(line).map((cell) => shownText(cell, MOST_CELL));
  const standing = shownText(standingCell(line), MOST_CELL - textBytes(change));
  return [`${groupCell(line)}${place}`, [change, standing].filter((text) => text !== '').join('. '), result];
}

/** Tells whether the row tells everything: no cell is cut, and each application that joins or leaves has its name or id. */
export function isWholeRow(line: PlannedLine): boolean {
  if (cellsOf(line).some((cell) => textBytes(cell) > MOST_CELL)) return false;
  if (line.kind !== 'planned' || line.planned.decision.kind !== 'write') return true;
  const { added, removed } = line.planned.decision.effect;
  return [added, removed].every((ids) => ids.length <= APPLICATIONS_SHOWN);
}

/** The end that the line would have, as the headline counts it. */
export function kindOf({ change, ...line }: PlannedLine): 'write' | 'recorded' | 'unchanged' | 'rejected' | 'open' {
  if (line.kind !== 'planned') return 'open';
  const { kind } = line.planned.decision;
  return kind === 'unchanged' && change.action === 'accept' ? 'recorded' : kind;
}

const cellsOf = (line: PlannedLine) => [changeCell(line), resultCell(line)];

/** `Web Apps (216…)`, or what the ticket says where no group was found. */
function groupCell(line: PlannedLine): string {
  const { id, name } = groupOf(line);
  if (name === undefined) return id ?? '';
  return `${shownName(name)}${id === undefined ? '' : ` (${id})`}`;
}

/** The group by its name, or by its id if no name may be told. */
export function nameOf(line: PlannedLine): string {
  const { id, name } = groupOf(line);
  return shownName(name ?? id ?? '');
}

function groupOf(line: PlannedLine): { id?: string; name?: string } {
  const { group } = line.change;
  const found = groupFound(line);
  if (line.isForeign === true && 'id' in group) return { id: group.id };
  if (found?.kind === 'found') return { ...(isReal(found.value.id) && { id: found.value.id }), name: found.value.name };
  return 'id' in group ? { id: group.id } : { name: group.name };
}

/** The placeholder for the id of a group that an earlier change of this ticket is to create. */
const TO_CREATE = /\bnew-\d+\b/g;

/** Tells whether ZPA has given the id; the placeholder of a group to create is no such id. */
const isReal = (id: string) => /^\d+$/.test(id);

function changeCell(line: PlannedLine): string {
  const decision = line.kind === 'planned' ? line.planned.decision : undefined;
  if (line.kind !== 'planned' || decision === undefined || decision.kind === 'rejected')
    return requestText(asFound(line), UNCUT);
  if (decision.kind === 'write') return effectText(decision.effect, nameWithId(line.planned), UNCUT);
  return unchangedText(asFound(line), standingMembers(decision), nameWithId(line.planned), UNCUT);
}

/**
 * Members that a write leaves as they are. They get the room that the change leaves in its cell, because an approver may
 * miss them and nothing of the change.
 */
function standingCell(line: PlannedLine): string {
  if (line.kind !== 'planned' || line.planned.decision.kind !== 'write') return '';
  return standingText(standingMembers(line.planned.decision), nameWithId(line.planned));
}

function nameWithId(planned: PlannedForSource): NameOf {
  const names = namesIn(planned);
  return (id) => (names.has(id) ? `${shownName(names.get(id) ?? '')} (${id})` : id);
}

/** A create of a group that is there already is the update that it would be. */
function asFound(line: PlannedLine): ChangeRequest {
  const found = groupFound(line);
  return found === undefined ? line.change : asUpdate(line.change, found);
}

function namesIn({ live }: PlannedForSource): Map<string, string> {
  const found = [...(live?.applications.values() ?? [])].flatMap((one) => (one.kind === 'found' ? [one.value] : []));
  return new Map(found.map(({ id, name }) => [id, name]));
}

function resultCell(line: PlannedLine): string {
  if (line.kind === 'unread') return `This could not be read: ${asSentence(line.failure.reason)}`;
  if (line.kind === 'looked-up') return `${LOOKED_UP[line.group.kind]} The result depends on the policy rules.`;
  const { change, planned, binding } = line;
  const ungrouped = leavesUngrouped(change, planned) ? [LEFT_UNGROUPED] : [];
  const plan = binding === undefined || kindOf(line) === 'rejected' ? [] : [`Plan ${binding.hash.slice(0, 12)}`];
  return [verdictOf(line), ...windowOf(change), ...ungrouped, ...plan].join(' ');
}

const LEFT_UNGROUPED = 'Application segments that leave may stay without a group.';

const LOOKED_UP = {
  found: 'The segment group exists.',
  missing: 'There is no such segment group.',
  ambiguous: 'Several segment groups have this name.',
};

function verdictOf(line: Planned): string {
  const { decision } = line.planned;
  if (decision.kind === 'write') return 'Would be applied.';
  if (decision.kind === 'unchanged')
    return kindOf(line) === 'recorded' ? RECORDED : 'No change needed: ZPA already matches the ticket.';
  const { code, path, sentence } = decision;
  const details = line.nearest.length === 0 ? decision.details : { ...decision.details, nearest: line.nearest };
  return [
    `Would be rejected: ${asSentence(sentence.replace(TO_CREATE, 'not created yet'))}`,
    ...(path === undefined || path === '' ? [] : [`Field: ${path}.`]),
    `Next step: ${asSentence(requesterStep({ ...decision, ...(details !== undefined && { details }) }))}`,
    `(${code})`,
  ].join(' ');
}

const RECORDED = 'Would be recorded as approved: ZPA already matches the ticket, and nothing would be written.';

function windowOf({ notBefore, notAfter }: ChangeRequest): string[] {
  const parts = [notBefore && `not before ${utc(notBefore)}`, notAfter && `not after ${utc(notAfter)}`].filter(Boolean);
  return parts.length === 0 ? [] : [asSentence(parts.join(' and '))];
}

/** `2026-12-09 10:00 UTC` */
const utc = (instant: string) => `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

function leavesUngrouped(change: ChangeRequest, { decision }: PlannedForSource): boolean {
  const leaves = decision.kind === 'write' ? decision.effect.removed.length : 0;
  return change.action === 'update' && change.leaveUngrouped && leaves > 0;
}
