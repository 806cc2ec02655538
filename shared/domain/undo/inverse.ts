import { MAX_APPLICATIONS } from '../change/change.ts';
import { type ById, byIds, type ChangeBody, chunksOf, inOrder } from '../drift/resolve/resolution.ts';
import type { Effect, GroupSummary } from '../outcome/outcome.ts';
import { fieldsWritten, type Return, returnsOf } from './returns.ts';

type Update = Extract<ChangeBody, { action: 'update' }>;

/** Each reference is named by the change and by its expectation. */
const MOST_MEMBERS = MAX_APPLICATIONS / 2;

/** The changes that take an effect back, in the order in which they are carried out. Each expects what the effect left. */
export function inverseOf(effect: Effect): ChangeBody[] {
  if (effect.before === null && effect.after === null) return [];
  if (effect.after === null) return recreation(effect, effect.before as GroupSummary);
  return effect.before === null ? deletion(effect, effect.after) : updates(effect);
}

/** Application segments leave by an update of their own, because ZPA deletes only an empty group. */
function deletion({ groupId, added }: Effect, { name, description, enabled }: GroupSummary): ChangeBody[] {
  const group = { id: groupId };
  const expected = (ids: readonly string[]) => ({ name, description, enabled, members: { exactly: byIds(ids) } });
  const remove: ChangeBody = { action: 'delete', group, expect: expected([]) };
  if (added.length === 0) return [remove];
  const leave = { applications: { replace: [] }, leaveUngrouped: true as const };
  return [{ action: 'update', group, expect: expected(added), ...leave }, remove];
}

function recreation(effect: Effect, { name, description, enabled }: GroupSummary): ChangeBody[] {
  const returns = returnsOf(effect);
  const ungrouped = returns.flatMap(({ from, ids }) => (from === undefined ? ids : []));
  const created: ChangeBody = {
    action: 'create',
    group: { name },
    description,
    enabled,
    applications: byIds(ungrouped),
  };
  const back = returns.flatMap(({ from, ids }) =>
    from === undefined ? [] : updatesOf(from, {}, [{ leaving: ids, to: { name } }]),
  );
  return [created, ...back];
}

function updates(effect: Effect): ChangeBody[] {
  const { groupId } = effect;
  const returns = returnsOf(effect);
  const joining = returns.flatMap(({ from, ids }) => (from === undefined ? ids : []));
  const leaving = returns.filter(({ from }) => from === groupId).map(partOf);
  const [first = {}, ...rest] = leaving;
  const elsewhere = returns.filter(({ from }) => from !== undefined && from !== groupId);
  return [
    ...updatesOf(groupId, fieldsBack(effect), [{ ...first, joining }, ...rest]),
    ...elsewhere.flatMap((one) => updatesOf(one.from ?? '', {}, [partOf(one)])),
  ];
}

/** Memberships that one update may put back together: those that leave go to one group. */
type Part = { joining?: string[]; leaving?: string[]; to?: ById | { name: string } };

const partOf = ({ to, ids }: Return): Part => ({ leaving: ids, ...(to !== undefined && { to: { id: to } }) });

type Fields = Pick<Update, 'set' | 'expect'>;

function fieldsBack(effect: Effect): Fields {
  const written = fieldsWritten(effect);
  if (written.length === 0) return {};
  const only = (summary: GroupSummary | null) =>
    inOrder(Object.fromEntries(written.map((field) => [field, summary?.[field]])));
  return { set: only(effect.before), expect: only(effect.after) };
}

/** As many updates of one group as it takes to name all application segments; the fields are in the first. */
function updatesOf(groupId: string, { set, expect }: Fields, parts: readonly Part[]): Update[] {
  const bodies = parts.flatMap(({ joining = [], leaving = [], to }) => {
    const members = [
      ...byIds(joining).map((id) => ({ id, joins: true })),
      ...byIds(leaving).map((id) => ({ id, joins: false })),
    ];
    return chunksOf(members, MOST_MEMBERS).map((chunk) => {
      const add = chunk.filter(({ joins }) => joins).map(({ id }) => id);
      const remove = chunk.filter(({ joins }) => !joins).map(({ id }) => id);
      return {
        members: { ...(remove.length > 0 && { has: remove }), ...(add.length > 0 && { hasNot: add }) },
        rest: {
          applications: { ...(add.length > 0 && { add }), ...(remove.length > 0 && { remove }) },
          ...(remove.length > 0 && (to === undefined ? { leaveUngrouped: true as const } : { moveTo: to })),
        },
      };
    });
  });
  const [first, ...others] = bodies;
  const own = { action: 'update' as const, group: { id: groupId } };
  const fields: Update = {
    ...own,
    expect: { ...expect, ...(first !== undefined && { members: first.members }) },
    ...(set !== undefined && { set }),
    ...first?.rest,
  };
  const hasFirst = first !== undefined || set !== undefined;
  return [
    ...(hasFirst ? [fields] : []),
    ...others.map(({ members, rest }) => ({ ...own, expect: { members }, ...rest })),
  ];
}
