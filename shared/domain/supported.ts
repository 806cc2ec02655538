import type { ChangeRequest } from './change.ts';
import { type ChangeFault, changeFault } from './change-fault.ts';

/**
 * What the contract knows and this version does not carry out. Such a change is refused, never carried out without
 * the part it asked for. A field leaves this list in the commit that teaches the worker to honour it.
 */
export function supportFaults(change: ChangeRequest): ChangeFault[] {
  const asked = [...everyAction(change), ...(change.action === 'create' ? ofCreate(change) : [])];
  if (change.action === 'update') asked.push(...ofUpdate(change));
  if (change.action === 'delete') asked.push(...ofDelete(change));
  return asked.map(({ path, value, remedy }) =>
    changeFault('not-supported', { path: path.split('.'), value, says: 'is not carried out by this version', remedy }),
  );
}

type Asked = { path: string; value: unknown; remedy: string };

/** One entry if `value` asks for something. */
function when(asks: boolean, path: string, value: unknown, remedy: string): Asked[] {
  return asks ? [{ path, value, remedy }] : [];
}

function everyAction(change: ChangeRequest): Asked[] {
  const { notBefore, notAfter, dryRun, changeSet } = change;
  const now = 'Leave it out and send the change when it may be carried out: it is applied as soon as it is accepted.';
  return [
    ...when(dryRun, 'dryRun', dryRun, 'To see what a change would do, run: zpa-changes plan FILE'),
    ...when(notBefore !== undefined, 'notBefore', notBefore, now),
    ...when(notAfter !== undefined, 'notAfter', notAfter, now),
    ...when(
      changeSet?.onReject === 'stop',
      'changeSet.onReject',
      changeSet?.onReject,
      'Use "continue", or send the next change of the set once this one is applied.',
    ),
  ];
}

function ofCreate(change: Extract<ChangeRequest, { action: 'create' }>): Asked[] {
  return when(
    change.ifExists === 'update',
    'ifExists',
    change.ifExists,
    'Use "reject", and send an update for a group that exists.',
  );
}

function ofUpdate(change: Extract<ChangeRequest, { action: 'update' }>): Asked[] {
  const twoSteps = 'Take the application out of one group with one change and add it to the other with the next.';
  return [
    ...when(change.takeFromOtherGroups, 'takeFromOtherGroups', change.takeFromOtherGroups, twoSteps),
    ...when(change.moveTo !== undefined, 'moveTo', change.moveTo, twoSteps),
  ];
}

function ofDelete(change: Extract<ChangeRequest, { action: 'delete' }>): Asked[] {
  return when(
    change.moveApplicationsTo !== undefined,
    'moveApplicationsTo',
    change.moveApplicationsTo,
    'Take the applications out of the group with an update first, then delete it.',
  );
}
