import { parseJson } from '../../domain/text/parse-json.ts';

/**
 * A number under a key, at the beginning of an array, or there behind something else that ends in one of these characters. A
 * text may look so too, which only costs time. What precedes is looked at last: begun with, it would more than double the
 * time of the search, which every answer takes.
 */
const NUMBER = /[:,[]\s*-?\d(?<=(?:"\s*[:,]|\[|[\]}el]\s*,)\s*-?\d)/;
const DIGITS = /^\d+$/;

/**
 * The value of an answer's JSON text; undefined if it is none. ZPA writes ids as strings (recorded) and documents them as
 * 64-bit integers: one that comes as a number is its digits as text, and so is any other positive integer that a double
 * cannot hold.
 */
export function parseExactJson(text: string): unknown {
  // The function below makes a parser several times slower, and recorded answers have no numbers.
  if (!NUMBER.test(text)) return parseJson(text);
  try {
    return JSON.parse(text, (key: string, value: unknown, context?: { source?: string }) => {
      if (typeof value !== 'number' || (Number.isSafeInteger(value) && !/id$/i.test(key))) return value;
      return context?.source !== undefined && DIGITS.test(context.source) ? context.source : value;
    });
  } catch {
    return undefined;
  }
}

/**
 * The JSON text of a value that ZPA sent. One that is nested thousands deep, which would exhaust the stack, is only named
 * as such.
 */
export function exactText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch {
    return '(nested too deeply)';
  }
}
