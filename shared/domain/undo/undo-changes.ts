import { type Draft, nameOf, type Resolution, type Unresolved } from '../drift/resolve/resolution.ts';
import type { SegmentGroup } from '../group/group.ts';
import type { Effect } from '../outcome/outcome.ts';
import { outcomeWord } from '../outcome/outcome-word.ts';
import type { ChangeRecord } from '../records/change-record.ts';
import { inverseOf } from './inverse.ts';
import { type AppliedChange, effectOfApplied, FIELDS, groupsWritten, isShortened, returnsOf } from './returns.ts';
import { type UndoState, writtenSince } from './written-since.ts';

const OWN_CHANGE = 'Write a change of your own.';

/**
 * The changes that take back what applied changes of one lane wrote, the newest first. Each expects what its change left, as the
 * undo of the newer ones leaves it. A change is refused where the same was written since by another.
 */
export function undoChanges(records: readonly ChangeRecord[], state: UndoState): Resolution {
  const result: Resolution = { units: [], unresolved: [], notes: [] };
  const groups = new Map(state.groups);
  const undone = new Set<number>();
  const drafted: Drafted[] = [];
  for (const record of records.toSorted((a, b) => b.sequence - a.sequence)) {
    const key = record.ref.idempotencyKey;
    const unknown = unknownRefusal(record);
    if (unknown !== undefined) {
      result.unresolved.push(unknown);
      continue;
    }
    const effect = effectOfApplied(record);
    if (effect === undefined) {
      result.notes.push(`${key}: nothing to undo, it wrote nothing to ZPA (${wordOf(record)}).`);
      continue;
    }
    const refusal = refusalOf({ record, effect }, { ...state, groups, undone });
    if (refusal !== undefined) {
      result.unresolved.push(refusal);
      continue;
    }
    drafted.push({
      groups: groupsWritten(effect).map((id) => `${record.ref.tenant} ${id}`),
      drafts: draftsOf({ record, effect }),
    });
    result.notes.push(...notesOf(effect));
    undone.add(record.sequence);
    takeBack(groups, effect);
  }
  return { ...result, units: unitsOf(drafted) };
}

const wordOf = ({ change, outcome }: ChangeRecord) =>
  change.action === 'accept' ? 'accept' : outcomeWord(outcome?.kind ?? '');

/** The reason why nobody can say what the change wrote; undefined: its outcome says all. */
function unknownRefusal({ ref, change, state, outcome, history }: ChangeRecord): Unresolved | undefined {
  const group = 'id' in change.group ? change.group.id : `"${change.group.name}"`;
  const about = { id: ref.idempotencyKey, group };
  if (state !== 'settled') {
    return { ...about, reason: 'it is still open', remedy: 'Wait until it is settled, or cancel it.' };
  }
  // A redrive that changes nothing may have found what the write before it left.
  const isUnknown = [outcome, ...history].some((one) => one?.kind === 'rejected' && one.code === 'outcome-unknown');
  if (!isUnknown) return undefined;
  const reason = 'it is not known what it wrote to ZPA (outcome-unknown)';
  return { ...about, reason, remedy: `Compare the group in ZPA with the failure. ${OWN_CHANGE}` };
}

type Past = Parameters<typeof writtenSince>[1];

function refusalOf(applied: AppliedChange, past: Past): Unresolved | undefined {
  const { record, effect } = applied;
  const name = (effect.after ?? effect.before)?.name ?? '';
  const about = { id: record.ref.idempotencyKey, group: nameOf({ id: effect.groupId, name }) };
  if (isShortened(effect)) {
    return { ...about, reason: 'the ledger keeps not all of its application segments', remedy: OWN_CHANGE };
  }
  const reason = writtenSince(applied, past);
  return reason === undefined
    ? undefined
    : { ...about, reason, remedy: 'Undo that first, or write a change of your own.' };
}

function draftsOf({ record, effect }: AppliedChange): Draft[] {
  const { tenant, microtenant } = record.change;
  const place = microtenant === undefined ? { tenant } : { tenant, microtenant };
  return inverseOf(effect).map((body) => ({ ...place, body, answers: [record.ref.idempotencyKey], replaces: [] }));
}

function notesOf({ groupId, before, after }: Effect): string[] {
  if (before === null || after !== null) return [];
  return [
    `${nameOf({ id: groupId, name: before.name })} gets a new id: policy rules that named it are not put back. Its configuration ` +
      'space is not known: it is created in DEFAULT.',
  ];
}

/** The groups as they are once the effect is taken back. A group that is created anew has another id. */
function takeBack(groups: Map<string, SegmentGroup | null>, effect: Effect): void {
  const { groupId, before } = effect;
  const own = groups.get(groupId);
  if (before === null) groups.set(groupId, null);
  else if (own) groups.set(groupId, { ...own, ...Object.fromEntries(FIELDS.map((field) => [field, before[field]])) });
  for (const { from, to, ids } of returnsOf(effect)) {
    withMembers(groups, from, (members) => members.filter((id) => !ids.includes(id)));
    withMembers(groups, to, (members) => [...members, ...ids]);
  }
}

function withMembers(
  groups: Map<string, SegmentGroup | null>,
  id: string | undefined,
  change: (members: string[]) => string[],
): void {
  const group = id === undefined ? undefined : groups.get(id);
  if (group) groups.set(group.id, { ...group, applicationIds: change(group.applicationIds).toSorted() });
}

/** `groups`: those that the drafts write, in their tenant. */
type Drafted = { groups: string[]; drafts: Draft[] };

/** Drafts about the same groups are one unit, in their order, so that one is carried out only after those before it. */
function unitsOf(drafted: readonly Drafted[]): Draft[][] {
  let units: Drafted[] = [];
  for (const one of drafted) {
    const shared = units.filter(({ groups }) => groups.some((id) => one.groups.includes(id)));
    const joined = {
      groups: [...shared.flatMap(({ groups }) => groups), ...one.groups],
      drafts: [...shared.flatMap(({ drafts }) => drafts), ...one.drafts],
    };
    units = [...units.filter((unit) => !shared.includes(unit)), joined];
  }
  return units.map(({ drafts }) => drafts);
}
