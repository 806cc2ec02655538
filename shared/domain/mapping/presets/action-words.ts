/**
 * Choices of a form's "action" field in people's wording, and the action of the contract. Finer choices map to the same
 * action, because the other fields define what changes.
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

/** The choices of the field as the docs tell people to make it. */
export const ACTION_CHOICES = [
  'Add applications',
  'Remove applications',
  'Rename group',
  'Enable group',
  'Disable group',
  'Create group',
  'Delete group',
];

/** Choices that decide by themselves whether the group is enabled; for all others the field `enabled` decides. */
export const ENABLING_WORDS: Record<string, boolean> = {
  enable: true,
  'enable group': true,
  disable: false,
  'disable group': false,
};
