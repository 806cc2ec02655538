import type { Action } from '../change/change.ts';
import { REJECTIONS, type RejectionCode } from '../change/rejection-codes.ts';
import type { ZpaFault } from '../group/group.ts';
import type { Rejection } from './outcome.ts';

type Extras = Partial<Pick<Rejection, 'remedy' | 'path' | 'zpaError' | 'details' | 'withheld'>>;

/** A rejection with the remedy of the rejection table, unless the case has a better one. */
export function reject(code: RejectionCode, sentence: string, extras: Extras = {}): Rejection {
  return { kind: 'rejected', code, sentence, remedy: REJECTIONS[code].remedy, ...extras };
}

/** The rejection for ZPA's definite refusal of a change's own call. `fault` must be about the change. */
export function rejectionOf(fault: ZpaFault, action: Action): Rejection {
  const reason = fault.reason ?? `fault ${fault.code}`;
  const extras = { zpaError: fault };
  switch (fault.code) {
    case 'rate-limited':
      return reject('zpa-refused', `ZPA answered the ${action} with 429 for half an hour, and others not: ${reason}`, {
        remedy: 'Find out whether ZPA or a gateway limits calls about these objects, then retry.',
        ...extras,
      });
    case 'scan-too-long':
      return reject('scan-too-long', reason);
    case 'not-found':
      return reject('group-not-found', `ZPA no longer knows the segment group: ${reason}`, extras);
    case 'already-exists':
      return reject('group-exists', `ZPA says the name is taken: ${reason}`, extras);
    case 'read-only':
      return reject('group-read-only', `ZPA says the segment group cannot be changed: ${reason}`, extras);
    case 'referenced':
      return /application/i.test(fault.params?.[0] ?? reason)
        ? reject('group-not-empty', `ZPA says the segment group still holds applications: ${reason}`, extras)
        : reject('group-in-use', `ZPA says the segment group is in use: ${reason}`, extras);
    default:
      return reject('zpa-refused', `ZPA refused the ${action}: ${reason}`, extras);
  }
}
