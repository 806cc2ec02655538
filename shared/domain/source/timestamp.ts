import type { HmacSettings } from './scheme-schema.ts';

type Unit = HmacSettings['timestampUnit'];

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;
const DIGITS = { seconds: /^[1-9]\d{0,10}$/, milliseconds: /^[1-9]\d{0,13}$/ };

/**
 * Parses a header's timestamp to epoch ms; undefined: it is not one of that unit. Ambiguous text is not a timestamp.
 */
export function parseTimestamp(text: string, unit: Unit): number | undefined {
  if (unit === 'iso-8601') return text.endsWith('Z') ? readIso(text) : undefined;
  if (!DIGITS[unit].test(text)) return undefined;
  return unit === 'seconds' ? Number(text) * 1000 : Number(text);
}

/** Formats epoch ms as a timestamp of that unit; seconds are rounded down. */
export function formatTimestamp(at: number, unit: Unit): string {
  if (unit === 'iso-8601') return new Date(at).toISOString();
  return String(unit === 'seconds' ? Math.floor(at / 1000) : Math.floor(at));
}

/**
 * Epoch milliseconds of today have 13 digits and epoch seconds 10, so the number alone shows its unit until the year
 * 5138.
 */
const MILLISECONDS_FROM = 1e11;

/**
 * Parses a body's timestamp to epoch ms: epoch seconds or milliseconds, as number or text, or ISO 8601 with its zone. A
 * time without a zone is refused, because its zone would be a guess.
 */
export function parseInstant(value: unknown): number | undefined {
  if (typeof value === 'string' && !/^\d{1,14}(?:\.\d{1,9})?$/.test(value)) return readIso(value);
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !(number > 0 && number < 1e14)) return undefined;
  return number < MILLISECONDS_FROM ? number * 1000 : number;
}

/** Jira writes the zone as `+0000`, a form that `Date` is not required to parse. */
function readIso(text: string): number | undefined {
  if (!ISO.test(text)) return undefined;
  const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? undefined : at;
}
