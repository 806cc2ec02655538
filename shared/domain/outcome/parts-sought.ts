import { type ChangeRequest, membershipOf } from '../change/change.ts';
import type { Rejection } from './outcome.ts';

/**
 * The parts that a rejected change would have ended, and for lack of which it was rejected: `exists`, or ids of application
 * segments. Where ZPA lacked something else, such as the group to move members to, it sought nothing in vain: it was judged
 * neither by the grants of what it would have ended nor by guards.
 */
export function partsSought(change: ChangeRequest, { code, path, details }: Rejection): string[] {
  if (code === 'group-not-found') return change.action === 'delete' && path === 'group' ? ['exists'] : [];
  const lacking = code === 'application-not-found' ? details?.applications : undefined;
  return Array.isArray(lacking) ? idsRemoved(change).filter((id) => lacking.includes(id)) : [];
}

/** The application segments that a change takes out of its group by their ids. */
export function idsRemoved(change: ChangeRequest): string[] {
  if (change.action !== 'update') return [];
  return (membershipOf(change)?.remove ?? []).flatMap((one) => ('id' in one ? [one.id] : []));
}
