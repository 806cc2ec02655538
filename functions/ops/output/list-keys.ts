import { formatCount } from '../../../shared/domain/text/sentence.ts';
import { visible } from '../../../shared/domain/text/visible-text.ts';

/** More keys than these are counted; JSON has them all. */
const SHOWN_KEYS = 20;

/** Counts and names changes: `2 open changes: CHG1/1, CHG2/1`. */
export function listKeys(noun: string, keys: readonly string[]): string {
  const shown = keys.slice(0, SHOWN_KEYS).map((key) => visible(key));
  const more = keys.length > SHOWN_KEYS ? `, and ${keys.length - SHOWN_KEYS} more` : '';
  return `${formatCount(keys.length, noun)}: ${shown.join(', ')}${more}`;
}
