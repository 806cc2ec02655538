import { createHash } from 'node:crypto';
import { comparableText } from '../text/same-text.ts';
import type { Finding } from './report.ts';

/** In UTF-16 units; a longer value is stored as its beginning and a digest. */
const MAX_LIVE = 200;

/** The finding says that a group or an application segment was deleted. An ignore hides that only if it says so. */
export const isDeletion = ({ kind, to }: Finding): boolean =>
  kind === 'missing' || (kind === 'removed' && to === 'gone');

/**
 * The live value of a finding in the form in which ignores compare and show it; where an application segment went is
 * part of it.
 */
export function liveValueOf({ after, to }: Finding): string {
  const place =
    to === undefined ? '' : to === 'no-group' ? ', in no group' : to === 'gone' ? ', gone' : `, now ${to.id}`;
  const text = `${comparableText(after).trim()}${place}`;
  if (text.length <= MAX_LIVE) return text;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${text.slice(0, MAX_LIVE - 50).replace(/\p{Cs}$/u, '')}… (sha256 ${digest})`;
}

/** A finding has the live value of an earlier one with its id, as far as both say it. */
export function hasValueOf(finding: Finding, { lastTo, ...known }: Finding): boolean {
  const earlier = lastTo === undefined ? known : { ...known, to: lastTo };
  return hasValue(finding, liveValueOf(earlier)) || (isUnplaced(earlier) && hasValue(earlier, liveValueOf(finding)));
}

/**
 * The finding has the value still. A report that could not read the application segments does not say where one
 * went.
 */
export const hasValue = (finding: Finding, live: string): boolean =>
  liveValueOf(finding) === live || (isUnplaced(finding) && live.startsWith(`${liveValueOf(finding)}, `));

/** Nobody could read where the application segment is that left its group. */
export const isUnplaced = ({ kind, to }: Finding): boolean => kind === 'removed' && to === undefined;
