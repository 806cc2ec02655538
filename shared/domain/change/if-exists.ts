import type { Action, ChangeRequest, CreateRequest } from './change.ts';
/**
 * `ifExists: "update"`: a create that meets a group of its name is the update of that group, and is decided, written, judged
 * and told as one.
 */
export function mayUpdate(change: ChangeRequest): change is CreateRequest {
  return change.action === 'create' && change.ifExists === 'update';
}

/** The actions that a change may come to: its grant must hold all of them. */
export const possibleActions = (change: ChangeRequest): Action[] =>
  mayUpdate(change) ? ['create', 'update'] : [change.action];

/** The action that a change came to, by the group that was there before it; as asked for where nobody knows. */
export const actionTaken = (change: ChangeRequest, effect: { before: unknown } | undefined): Action =>
  mayUpdate(change) && effect !== undefined && effect.before !== null ? 'update' : change.action;
