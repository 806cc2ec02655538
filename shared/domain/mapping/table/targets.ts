import { isRecord } from './field-path.ts';

/**
 * The fields that a row can fill in, under the contract's names. Where the contract has a field in one place for
 * `create` and in another for `update` or `delete`, the row names it once (`description`, `enabled`,
 * `applications.add`, `moveTo`) and the action decides the place. `change` is a whole change in this product's own
 * JSON, which the other rows then extend.
 */
export const TARGETS = [
  'ticket',
  'requestedBy',
  'change',
  'idempotencyKey',
  'tenant',
  'microtenant',
  'action',
  'group',
  'name',
  'description',
  'enabled',
  'applications.add',
  'applications.remove',
  'applications.replace',
  'takeFromOtherGroups',
  'moveTo',
  'leaveUngrouped',
  'configSpace',
  'ifExists',
  'expect.name',
  'expect.description',
  'expect.enabled',
  'expect.members.has',
  'expect.members.hasNot',
  'expect.members.exactly',
  'notBefore',
  'notAfter',
] as const;
export type Target = (typeof TARGETS)[number];

const REFERENCE: ReadonlySet<Target> = new Set(['group', 'moveTo']);
const REFERENCES: ReadonlySet<Target> = new Set([
  'applications.add',
  'applications.remove',
  'applications.replace',
  'expect.members.has',
  'expect.members.hasNot',
  'expect.members.exactly',
]);
/** Targets that exist once per ticket; the others are read for every line. */
export const TICKET_TARGETS: ReadonlySet<Target> = new Set(['ticket', 'requestedBy']);

/** The path of a target in a change with this action; undefined: the action does not have the target. */
export function placeOf(target: Target, action: unknown): readonly string[] | undefined {
  if (action === 'create' && ONLY_ON_CHANGE.has(target)) return undefined;
  if (action === 'delete' && ONLY_WITH_CONTENT.has(target)) return undefined;
  if (action !== 'create' && ONLY_ON_CREATE.has(target)) return undefined;
  if (action === 'create') return target === 'applications.add' ? ['applications'] : target.split('.');
  if (target === 'name' || target === 'description' || target === 'enabled') return ['set', target];
  if (target === 'moveTo' && action === 'delete') return ['moveApplicationsTo'];
  return target.split('.');
}

const ONLY_ON_CREATE: ReadonlySet<Target> = new Set(['configSpace', 'ifExists']);
const ONLY_ON_CHANGE: ReadonlySet<Target> = new Set([
  'name',
  'applications.remove',
  'applications.replace',
  'moveTo',
  'leaveUngrouped',
  'takeFromOtherGroups',
]);
const ONLY_WITH_CONTENT: ReadonlySet<Target> = new Set([
  'name',
  'description',
  'enabled',
  'applications.add',
  'applications.remove',
  'applications.replace',
  'leaveUngrouped',
  'takeFromOtherGroups',
]);

/**
 * True if the value is a flag that is not set. A form's tick box sends it on every ticket, also where the action has no
 * such flag.
 */
export function isUnsetFlag(target: Target, value: unknown): boolean {
  return FLAGS.has(target) && value === false;
}

const FLAGS: ReadonlySet<Target> = new Set(['takeFromOtherGroups', 'leaveUngrouped']);

/** A row's value in the contract's shape at this target: names and ids become references. */
export function toContractValue(target: Target, value: unknown, as: 'name' | 'id'): unknown {
  if (REFERENCE.has(target)) return reference(value, as);
  if (!REFERENCES.has(target)) return value;
  return (Array.isArray(value) ? value : [value]).map((one) => reference(one, as));
}

/** Keeps a reference as it is; other properties of an object are dropped. */
function reference(value: unknown, as: 'name' | 'id'): unknown {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return { [as]: String(value) };
  if (!isRecord(value)) return { [as]: value };
  const keys = (['id', 'name'] as const).filter((key) => Object.hasOwn(value, key));
  return Object.fromEntries(keys.map((key) => [key, value[key]]));
}
