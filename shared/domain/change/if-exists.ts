import type { Action, ChangeRequest, CreateRequest } from './change.ts';

/**
 * True if the change may turn out to be an update: a create with `ifExists: "update"` that finds a group of its name is
 * decided, written, judged and reported as an update of that group.
 */
export function mayUpdate(change: ChangeRequest): change is CreateRequest {
  return change.action === 'create' && change.ifExists === 'update';
}

/** The actions that a change may turn out to be; its grant must hold all of them. */
export const possibleActions = (change: ChangeRequest): Action[] =>
  mayUpdate(change) ? ['create', 'update'] : [change.action];

/**
 * The action that a change turned out to be, by the group that existed before it. Without an effect it is the requested
 * action.
 */
export const effectiveAction = (change: ChangeRequest, effect: { before: unknown } | undefined): Action =>
  mayUpdate(change) && effect !== undefined && effect.before !== null ? 'update' : change.action;
