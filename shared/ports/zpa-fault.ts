import type { ZpaFault } from '../domain/group/group.ts';

/** True if the `Zpa` port rejected with this error; checked by shape, so that the core needs no adapter. */
export function isZpaFault(error: unknown): error is Error & { fault: ZpaFault } {
  if (!(error instanceof Error) || !('fault' in error)) return false;
  const { fault } = error;
  return typeof fault === 'object' && fault !== null && 'scope' in fault && 'class' in fault && 'effect' in fault;
}

/** The fault of an error of the `Zpa` port; any other error is thrown on. */
export function zpaFaultOf(error: unknown): ZpaFault {
  if (isZpaFault(error)) return error.fault;
  throw error;
}
