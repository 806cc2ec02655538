import { REJECTIONS, type RejectionCode } from '../../../../shared/domain/change/rejection-codes.ts';

/** The people who have to act first on a failure. */
export type Owner = 'operator' | 'ticket-admin' | 'requester';

/** In the order of the page: those first who look at it. */
export const OWNERS: Record<Owner, { title: string; next: string }> = {
  operator: { title: 'Operator', next: 'You, or whoever looks after ZPA: fix the cause, then retry or dismiss.' },
  'ticket-admin': {
    title: 'Ticket admin',
    next: 'Whoever keeps grants and guards in the settings: allow the change, or tell the requester that it is not allowed.',
  },
  requester: {
    title: 'Requester',
    next: 'The ticket says it already. The requester corrects the ticket and has it approved again.',
  },
};

/** Grants and guards are in the settings, which neither the requester nor an operator of ZPA decides on. */
const OF_SETTINGS: ReadonlySet<RejectionCode> = new Set(['not-permitted', 'guarded']);

/** The people who have to act on a rejection with this code. */
export function ownerOf(code: RejectionCode): Owner {
  if (OF_SETTINGS.has(code)) return 'ticket-admin';
  return REJECTIONS[code].owner === 'requester' ? 'requester' : 'operator';
}
