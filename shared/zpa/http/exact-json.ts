import { parseJson } from '../../domain/text/parse-json.ts';

/**
 * An integer that a double may not hold, or one under a key that ends in `id`. ZPA writes ids as strings (recorded) and
 * documents them as 64-bit integers, so that they may come as numbers.
 */
const LONG_OR_ID = /[:[,]\s*\d{16}|[iI]d"\s*:\s*\d/;
const DIGITS = /^\d+$/;

/** The value of an answer's JSON text, in which an id written as a number is its digits as text; undefined if it is none. */
export function parseExactJson(text: string): unknown {
  // The function below makes a parser several times slower, and recorded answers do not need it.
  if (!LONG_OR_ID.test(text)) return parseJson(text);
  try {
    return JSON.parse(text, (key: string, value: unknown, context?: { source?: string }) => {
      if (typeof value !== 'number' || (Number.isSafeInteger(value) && !/id$/i.test(key))) return value;
      return context?.source !== undefined && DIGITS.test(context.source) ? context.source : value;
    });
  } catch {
    return undefined;
  }
}
