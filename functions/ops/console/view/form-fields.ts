import { createHash } from 'node:crypto';
import { MAX_REASON } from '../../input/decision-options.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';

/** A field of an address or form that must be there. Throws an `OpsError` if it is empty or missing. */
export function requiredField(form: URLSearchParams, name: string): string {
  const value = form.get(name)?.trim() ?? '';
  if (value !== '') return value;
  throw new OpsError(
    EXIT.usage,
    'field-missing',
    `"${name}" is missing.`,
    'Fill it in, or open the page from its list.',
  );
}

/** The reason of a decision. Throws an `OpsError` for one that the record would cut, as the command line does. */
export function requiredReason(form: URLSearchParams): string {
  const reason = requiredField(form, 'reason');
  if (reason.length <= MAX_REASON) return reason;
  throw new OpsError(EXIT.usage, 'bad-field', 'The reason is too long.', `Write up to ${MAX_REASON} characters.`);
}

/** A field that is filled in; undefined: it is not. */
export function optionalField(form: URLSearchParams, name: string): string | undefined {
  const value = form.get(name)?.trim() ?? '';
  return value === '' ? undefined : value;
}

/** A whole number that must be there. */
export function requiredCount(form: URLSearchParams, name: string): number {
  const text = requiredField(form, name);
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new OpsError(EXIT.usage, 'bad-field', `"${name}" is not a number.`, 'Open the page from its list.');
}

/** The page of a list, from 1. */
export function pageOf(query: URLSearchParams): number {
  return Math.max(1, Number(/^\d{1,6}$/.exec(query.get('page') ?? '')?.[0] ?? '1'));
}

/**
 * Shortens a preview to a mark. A form carries it, and its act compares it with what is true when the button is pressed, so
 * that nobody agrees to what they have not seen.
 */
export const shownMark = (shown: unknown): string =>
  createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 32);
