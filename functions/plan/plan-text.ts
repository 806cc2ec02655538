import type { Action, ChangeRequest } from '../../shared/domain/change/change.ts';
import { asUpdate } from '../../shared/domain/decide/as-update.ts';
import type { MappingFault } from '../../shared/domain/mapping/mapping-fault.ts';
import type { Effect, GroupSummary, Reach } from '../../shared/domain/outcome/outcome.ts';
import { reachLines } from '../../shared/domain/outcome/reach-text.ts';
import { asSentence, formatCount } from '../../shared/domain/text/sentence.ts';
import type { TicketBlock, TicketText } from '../../shared/domain/text/ticket-text.ts';
import type { PlannedForSource } from '../../shared/reading/plan-for-source.ts';
import { groupFound, type PlannedLine, type Progress } from './planned-line.ts';

/** The most entries shown of each list; the rest is counted. */
const CHANGES_SHOWN = 20;
const APPLICATIONS_SHOWN = 20;
const RULES_SHOWN = 8;

type Planned = Extract<PlannedLine, { kind: 'planned' }>;

/** Writes the plan as a comment. `more`: the announcement of another comment, if this one is early. */
export function planText({ lines, total }: Progress, more?: string): TicketText {
  const shown = lines.slice(0, CHANGES_SHOWN);
  return [
    { kind: 'heading', text: headline(lines, total) },
    line('This is a plan, made before approval: nothing has been changed.'),
    ...shown.flatMap((one, index) => lineBlocks(one, index + 1, total)),
    ...(lines.length > shown.length
      ? [line(`… and ${lines.length - shown.length} more changes, counted above and not shown.`)]
      : []),
    ...(lines.length < total ? [line(`${total - lines.length} of ${total} changes are still to be read.`)] : []),
    ...(more === undefined ? [] : [line(more)]),
    ...closingBlocks(lines, total),
  ];
}

/** Whether the comment tells all of this line: the line itself, and each application that joins or leaves. */
export function isShown({ planned: { decision } }: Planned, index: number): boolean {
  if (index >= CHANGES_SHOWN) return false;
  if (decision.kind !== 'write') return true;
  return [decision.effect.added, decision.effect.removed].every((ids) => ids.length <= APPLICATIONS_SHOWN);
}

function closingBlocks(lines: readonly PlannedLine[], total: number): TicketBlock[] {
  const planned = lines.filter((one) => one.kind === 'planned');
  const refused = planned.filter(({ planned: { decision } }) => decision.kind === 'rejected').length;
  if (refused === total) return [line(NOTHING)];
  return planned.some(({ binding }) => binding !== undefined) ? [line(PROMISE)] : [];
}

const NOTHING = 'As it stands nothing of this would be carried out: correct the ticket before it is approved.';

const PROMISE =
  'Approving the ticket approves this. If a name leads to something else by the time it is carried out, or a change would ' +
  'open more access than said here, that change is rejected as plan-outdated.';

const line = (text: string): TicketBlock => ({ kind: 'line', text });

function headline(lines: readonly PlannedLine[], total: number): string {
  const kinds = lines.map(kindOf);
  const parts = (['write', 'recorded', 'unchanged', 'rejected', 'open'] as const).flatMap((kind) => {
    const count = kinds.filter((one) => one === kind).length;
    return count === 0 ? [] : [`${count} ${WORDS[kind]}`];
  });
  return `Plan of ${formatCount(total, 'change')}: ${parts.length === 0 ? 'being made' : parts.join(', ')}`;
}

/** How the line would end, as the headline counts it. */
function kindOf({ change, ...line }: PlannedLine): keyof typeof WORDS {
  if (line.kind !== 'planned') return 'open';
  const { kind } = line.planned.decision;
  return kind === 'unchanged' && change.action === 'accept' ? 'recorded' : kind;
}

const WORDS = {
  write: 'would be carried out',
  recorded: 'would be recorded as approved',
  unchanged: 'would change nothing',
  rejected: 'would be rejected',
  open: 'not known yet',
};

function lineBlocks(planned: PlannedLine, number: number, total: number): TicketBlock[] {
  const title = { kind: 'heading', text: `${total > 1 ? `${number}. ` : ''}${titleOf(planned)}` } as const;
  if (planned.kind === 'unread') {
    return [title, line(`This could not be read: ${asSentence(planned.failure.reason)}`)];
  }
  if (planned.kind === 'looked-up') {
    return [title, line(`${LOOKED_UP[planned.group.kind]} What becomes of it depends on the policy rules.`)];
  }
  const { decision } = planned.planned;
  if (decision.kind === 'rejected') return [title, ...refusalBlocks(planned)];
  const unchanged = decision.kind === 'unchanged' ? [line(kindOf(planned) === 'recorded' ? RECORDED : UNCHANGED)] : [];
  const effect = decision.kind === 'write' ? effectBlocks(decision.effect, planned.planned) : [];
  const reach = decision.kind === 'write' ? reachBlocks(decision.reach, planned.awaitsReach) : [];
  return [title, ...unchanged, ...effect, ...reach, ...noteBlocks(planned)];
}

const UNCHANGED = 'Nothing to do: the tenant is so already.';
const RECORDED = 'The tenant is so now: this would be recorded as approved, and nothing would be written.';

const LOOKED_UP = {
  found: 'The segment group is there.',
  missing: 'There is no such segment group.',
  ambiguous: 'Several segment groups have this name.',
};

const VERBS = { create: 'Create', update: 'Update', delete: 'Delete', accept: 'Accept' };

/** `Update segment group "Remote Access" (216…) in acme-prod`. */
function titleOf(planned: PlannedLine): string {
  const { change } = planned;
  const place = change.microtenant === undefined ? change.tenant : `${change.tenant}, ${change.microtenant}`;
  const { id, name } = groupOf(planned);
  const named = [name === undefined ? '' : `"${name}"`, id === undefined ? '' : `(${id})`].filter((one) => one !== '');
  return `${VERBS[actionOf(planned)]} segment group ${named.join(' ')} in ${place}`;
}

function actionOf(planned: PlannedLine): Action {
  const found = groupFound(planned);
  return found === undefined ? planned.change.action : asUpdate(planned.change, found).action;
}

function groupOf(planned: PlannedLine): { id?: string; name?: string } {
  const { group } = planned.change;
  const found = groupFound(planned);
  if (planned.isForeign === true && 'id' in group) return { id: group.id };
  if (found?.kind === 'found') return { ...(isReal(found.value.id) && { id: found.value.id }), name: found.value.name };
  return 'id' in group ? { id: group.id } : { name: group.name };
}

/** The placeholder for the id of a group that an earlier change of this ticket is to create. */
const TO_CREATE = /\bnew-\d+\b/g;

/** Whether ZPA has given the id; the placeholder of a group to create is no such id. */
const isReal = (id: string) => /^\d+$/.test(id);

function refusalBlocks({ planned, nearest, change }: Planned): TicketBlock[] {
  const { decision } = planned;
  if (decision.kind !== 'rejected') return [];
  const field = decision.path === undefined || decision.path === '' ? '' : ` (field ${decision.path})`;
  return [
    line(
      `Would be rejected, ${decision.code}${field}: ${asSentence(decision.sentence.replace(TO_CREATE, 'not created yet'))}`,
    ),
    line(`What to do: ${asSentence(decision.remedy)}`),
    ...(nearest.length === 0 ? [] : [line(`Perhaps meant: ${nearest.map((name) => `"${name}"`).join(', ')}.`)]),
    ...(hasWindow(change) ? [line(windowOf(change))] : []),
  ];
}

type Row = Extract<TicketBlock, { kind: 'changes' }>['rows'][number];

function effectBlocks(effect: Effect, planned: PlannedForSource): TicketBlock[] {
  const rows = FIELDS.flatMap(([name, read]): Row[] => {
    const [before, after] = [effect.before && read(effect.before), effect.after && read(effect.after)];
    return before === after ? [] : [{ name, before, after }];
  });
  const names = namesIn(planned);
  const points = [
    ...applications('joins', effect.added, names),
    ...applications('leaves', effect.removed, names),
    ...(effect.moves ?? []).map(
      ({ from, to, applicationIds }) =>
        `${formatCount(applicationIds.length, 'application segment')} from "${from.name}" to "${to.name}"`,
    ),
  ];
  return [
    ...(rows.length === 0 ? [] : [{ kind: 'changes', rows } as const]),
    ...(points.length === 0 ? [] : [{ kind: 'points', points } as const]),
  ];
}

const FIELDS: [string, (group: GroupSummary) => string][] = [
  ['Name', (group) => group.name],
  ['Description', (group) => group.description || '(empty)'],
  ['Enabled', (group) => (group.enabled ? 'yes' : 'no')],
  ['Application segments', (group) => String(group.applicationCount)],
];

function namesIn({ live }: PlannedForSource): Map<string, string> {
  const found = [...(live?.applications.values() ?? [])].flatMap((one) => (one.kind === 'found' ? [one.value] : []));
  return new Map(found.map(({ id, name }) => [id, name]));
}

function applications(verb: string, ids: readonly string[], names: ReadonlyMap<string, string>): string[] {
  const named = (id: string) => (names.has(id) ? `"${names.get(id)}" (${id})` : id);
  const rest = ids.length - APPLICATIONS_SHOWN;
  return [
    ...ids.slice(0, APPLICATIONS_SHOWN).map((id) => `${named(id)} ${verb}`),
    ...(rest > 0 ? [`and ${rest} more ${verb === 'joins' ? 'join' : 'leave'}`] : []),
  ];
}

function reachBlocks(reach: Reach, awaited: boolean): TicketBlock[] {
  if (awaited) return [line('Policy rules: still being read.')];
  const [first = '', ...rules] = reachLines(reach, RULES_SHOWN);
  return [
    line(`Policy rules: ${asSentence(first)}`),
    ...(rules.length === 0 ? [] : [{ kind: 'points', points: rules.map(asSentence) } as const]),
  ];
}

function noteBlocks({ notes, binding, change, planned }: Planned): TicketBlock[] {
  return [
    ...notes.map((note) => line(`But: ${asSentence(note)}`)),
    ...(hasWindow(change) ? [line(windowOf(change))] : []),
    ...(leavesUngrouped(change, planned) ? [line('Application segments that leave may stay without a group.')] : []),
    ...(binding === undefined ? [] : [line(`Plan ${binding.hash.slice(0, 12)}`)]),
  ];
}

const hasWindow = ({ notBefore, notAfter }: ChangeRequest) => notBefore !== undefined || notAfter !== undefined;

function windowOf({ notBefore, notAfter }: ChangeRequest): string {
  const parts = [notBefore && `not before ${notBefore}`, notAfter && `not after ${notAfter}`].filter(Boolean);
  return asSentence(`to be carried out ${parts.join(' and ')}`);
}

function leavesUngrouped(change: ChangeRequest, { decision }: PlannedForSource): boolean {
  const leaves = decision.kind === 'write' ? decision.effect.removed.length : 0;
  return change.action === 'update' && change.leaveUngrouped && leaves > 0;
}

/** Writes the faults of the mapping as a comment: the ticket would be refused as a whole. */
export function faultText(faults: readonly Pick<MappingFault, 'sentence' | 'remedy'>[]): TicketText {
  const points = faults.slice(0, CHANGES_SHOWN).map(({ sentence, remedy }) => `${asSentence(sentence)} ${remedy}`);
  const rest = faults.length - points.length;
  return [
    { kind: 'heading', text: 'Plan: this ticket would be refused' },
    line('It cannot be read as changes of segment groups. Nothing has been changed.'),
    { kind: 'points', points: rest > 0 ? [...points, `and ${rest} more`] : points },
  ];
}
