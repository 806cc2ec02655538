import type { ZpaFault } from '../../shared/domain/group/group.ts';
import type { Answer } from './call.ts';

/** The rejections of the `Zpa` port. */
export class ModelZpaError extends Error {
  readonly code: string;
  readonly fault: ZpaFault;

  constructor(fault: ZpaFault) {
    super(fault.code);
    this.code = fault.code;
    this.fault = fault;
  }
}

class ModelUnavailable extends Error {
  readonly code = 'unavailable';
  readonly scope = 'platform';
}

/** As a process sees it: the value, or the error its port rejects with. */
export function unwrapped(answer: Answer, reason: unknown, tooFar: () => void): unknown {
  if (answer.kind === 'value') return answer.value;
  if (answer.kind === 'held') return onlyLease(answer.lease, tooFar);
  if (answer.kind === 'unavailable') throw new ModelUnavailable('the service did not answer');
  if (answer.kind === 'aborted') throw reason;
  throw new ModelZpaError(answer.fault);
}

/** Looked at beyond its lease it calls `tooFar`: what a worker without the lane does must not depend on the rest. */
function onlyLease(lease: unknown, tooFar: () => void): unknown {
  const refuse = (): never => {
    tooFar();
    throw new Error('a worker without the lane looked at more than its lease');
  };
  return new Proxy(
    {},
    { get: (_, name) => (name === 'lease' ? lease : name === 'then' ? undefined : refuse()), ownKeys: refuse },
  );
}

/** Errors that a port may throw at any time; every other error is a fault of the code or of the model. */
export function isFromPort(error: unknown, signal: AbortSignal): boolean {
  return error instanceof ModelZpaError || error instanceof ModelUnavailable || error === signal.reason;
}

/** The rows of `shared/zpa/http/faults.ts` that the model plays. */
export const FAULTS = {
  refused: { code: 'invalid-argument', class: 'permanent', scope: 'change', effect: 'none' },
  missing: { code: 'not-found', class: 'permanent', scope: 'change', effect: 'none' },
  unanswered: { code: 'timeout', class: 'transient', scope: 'tenant', effect: 'unknown' },
  unreachable: { code: 'unreachable', class: 'transient', scope: 'tenant', effect: 'none' },
  odd: { code: 'unclassified', class: 'unknown', scope: 'change', effect: 'unknown' },
  aborted: { code: 'aborted', class: 'transient', scope: 'platform', effect: 'unknown' },
  unsent: { code: 'aborted', class: 'transient', scope: 'platform', effect: 'none' },
  tooLate: { code: 'too-late', class: 'transient', scope: 'platform', effect: 'none' },
} as const satisfies Record<string, ZpaFault>;
