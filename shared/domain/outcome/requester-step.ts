import { REJECTIONS } from '../change/rejection-codes.ts';
import { asSentence } from '../text/sentence.ts';
import type { Rejection } from './outcome.ts';

/**
 * Words of remedies that only an operator can follow, and marks of a command; `redrive`, `discard` and `console` are words
 * of older outcomes.
 */
const OPERATOR_ACT =
  /\b(?:redrive|retry|discard|dismiss|restore|configuration|settings|lane|queue|gateway|console|admin portal|mode|mapping|row|lookup|payload|expression|jsonata|zpa-changes|failure record)\b|"each"|in the failure\b|`|--[a-z]/i;

/**
 * The next step for the person who asked, who reads tickets and pages and runs no command. A remedy of the case itself is
 * shown if it is for this person; otherwise the code's own sentence is.
 */
export function requesterStep({ code, remedy, details }: Pick<Rejection, 'code' | 'remedy' | 'details'>): string {
  const row = REJECTIONS[code];
  const nearest = Array.isArray(details?.nearest) ? details.nearest.filter((one) => typeof one === 'string') : [];
  if (nearest.length > 0) return `Perhaps meant: ${nearest.map((name) => `"${name}"`).join(', ')}. ${row.requester}`;
  if (remedy === row.remedy) return row.requester;
  if (!isForOperators(remedy)) return remedy;
  // `Use one of: "a", "b"; or add it to the row's lookup.`: the first of two ways may be the requester's.
  const [first = ''] = remedy.split(/[,;] or /, 1);
  return first === remedy || isForOperators(first) ? row.requester : asSentence(first);
}

/** True if only an operator can follow the remedy. */
export const isForOperators = (remedy: string) => OPERATOR_ACT.test(remedy);
