/**
 * Choices of a form's "action" field, as people word them, and the action of the contract. Finer choices are the same
 * action: what else is filled in says what changes.
 */
export const ACTION_WORDS: Record<string, string> = {
  create: 'create',
  'create group': 'create',
  'create segment group': 'create',
  new: 'create',
  update: 'update',
  change: 'update',
  'change group': 'update',
  add: 'update',
  'add applications': 'update',
  remove: 'update',
  'remove applications': 'update',
  rename: 'update',
  'rename group': 'update',
  enable: 'update',
  'enable group': 'update',
  disable: 'update',
  'disable group': 'update',
  move: 'update',
  'move applications': 'update',
  delete: 'delete',
  'delete group': 'delete',
  'delete segment group': 'delete',
};

/** Choices that say by themselves whether the group shall be enabled; all others leave it to its own field. */
export const ENABLING_WORDS: Record<string, boolean> = {
  enable: true,
  'enable group': true,
  disable: false,
  'disable group': false,
};
