import { REJECTIONS } from '../change/rejection-codes.ts';
import type { Rejection } from './outcome.ts';

/** Words of remedies that only an operator can follow. */
const OPERATOR_ACT =
  /\b(?:redrive|retry|discard|dismiss|restore|configuration|settings|lane|queue|gateway|console|mode|failure record)\b|in the failure\b/i;

/**
 * The next step for the person who asked, who reads tickets and pages and runs no command. A remedy of the case itself is
 * shown if it is for this person; otherwise the code's own sentence is.
 */
export function requesterStep({ code, remedy, details }: Pick<Rejection, 'code' | 'remedy' | 'details'>): string {
  const row = REJECTIONS[code];
  const nearest = Array.isArray(details?.nearest) ? details.nearest.filter((one) => typeof one === 'string') : [];
  if (nearest.length > 0) return `Perhaps meant: ${nearest.map((name) => `"${name}"`).join(', ')}. ${row.requester}`;
  return remedy === row.remedy || isForOperators(remedy) ? row.requester : remedy;
}

/** Whether only an operator can follow the remedy. */
export const isForOperators = (remedy: string) => OPERATOR_ACT.test(remedy);
