import { REJECTIONS, type RejectionCode } from '../change/rejection-codes.ts';
import type { ZpaFault } from '../group/group.ts';
import type { Rejection } from './outcome.ts';

type Extras = { remedy?: string; path?: string; zpaError?: ZpaFault; details?: Record<string, unknown> };

/** A rejection with the table's remedy unless this case has a better one. */
export function reject(code: RejectionCode, sentence: string, extras: Extras = {}): Rejection {
  return { kind: 'rejected', code, sentence, remedy: REJECTIONS[code].remedy, ...extras };
}

/** ZPA's definite refusal of a change's own call, as a rejection. Only faults of change scope come here. */
export function rejectionOf(fault: ZpaFault, action: 'create' | 'update' | 'delete'): Rejection {
  const said = fault.reason === undefined ? `fault ${fault.code}` : fault.reason;
  const extras = { zpaError: fault };
  switch (fault.code) {
    case 'not-found':
      return reject('group-not-found', `ZPA no longer knows the segment group: ${said}`, extras);
    case 'already-exists':
      return reject('group-exists', `ZPA says the name is taken: ${said}`, extras);
    case 'read-only':
      return reject('group-read-only', `ZPA says the segment group cannot be changed: ${said}`, extras);
    case 'referenced':
      return /application/i.test(fault.params?.[0] ?? said)
        ? reject('group-not-empty', `ZPA says the segment group still holds applications: ${said}`, extras)
        : reject('group-in-use', `ZPA says the segment group is in use: ${said}`, extras);
    default:
      return reject('zpa-refused', `ZPA refused the ${action}: ${said}`, extras);
  }
}
