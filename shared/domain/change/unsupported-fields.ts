import type { ChangeRequest } from './change.ts';
import { type ChangeFault, changeFault } from './change-fault.ts';

/**
 * Fields that the contract knows and this version does not carry out. A change with such a field is refused, because
 * carrying it out without that field would not be what was requested. A field leaves this list in the commit that
 * implements it.
 */
export function unsupportedFields(change: ChangeRequest): ChangeFault[] {
  return everyAction(change).map(({ path, value, remedy }) =>
    changeFault('not-supported', { path: path.split('.'), value, says: 'is not carried out by this version', remedy }),
  );
}

type Asked = { path: string; value: unknown; remedy: string };

/** One entry if `asks`. */
function when(asks: boolean, path: string, value: unknown, remedy: string): Asked[] {
  return asks ? [{ path, value, remedy }] : [];
}

function everyAction({ dryRun }: ChangeRequest): Asked[] {
  return when(dryRun, 'dryRun', dryRun, 'To see what a change would do, run: zpa-changes plan FILE');
}
