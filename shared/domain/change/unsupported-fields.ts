import type { ChangeRequest } from './change.ts';
import { type ChangeFault, changeFault } from './change-fault.ts';

/**
 * What the contract knows and this version does not carry out. Such a change is refused, never carried out without
 * the part it asked for. A field leaves this list in the commit that teaches the worker to honour it.
 */
export function unsupportedFields(change: ChangeRequest): ChangeFault[] {
  return everyAction(change).map(({ path, value, remedy }) =>
    changeFault('not-supported', { path: path.split('.'), value, says: 'is not carried out by this version', remedy }),
  );
}

type Asked = { path: string; value: unknown; remedy: string };

/** One entry if `value` asks for something. */
function when(asks: boolean, path: string, value: unknown, remedy: string): Asked[] {
  return asks ? [{ path, value, remedy }] : [];
}

function everyAction({ dryRun }: ChangeRequest): Asked[] {
  return when(dryRun, 'dryRun', dryRun, 'To see what a change would do, run: zpa-changes plan FILE');
}
