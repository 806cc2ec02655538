import type { HmacSettings } from './scheme-schema.ts';

type Unit = HmacSettings['timestampUnit'];

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/;
const DIGITS = { seconds: /^[1-9]\d{0,10}$/, milliseconds: /^[1-9]\d{0,13}$/ };

/** A timestamp of a header as epoch ms; undefined: not one of that unit. In text nothing may be read two ways. */
export function parseTimestamp(text: string, unit: Unit): number | undefined {
  if (unit === 'iso-8601') return text.endsWith('Z') ? readIso(text) : undefined;
  if (!DIGITS[unit].test(text)) return undefined;
  return unit === 'seconds' ? Number(text) * 1000 : Number(text);
}

export function formatTimestamp(at: number, unit: Unit): string {
  if (unit === 'iso-8601') return new Date(at).toISOString();
  return String(unit === 'seconds' ? Math.floor(at / 1000) : Math.floor(at));
}

/** Epoch milliseconds of today have 13 digits, epoch seconds 10: which it is shows by itself until the year 5138. */
const MILLISECONDS_FROM = 1e11;

/**
 * A timestamp of a body as epoch ms: epoch seconds or milliseconds, as number or text, or ISO 8601 with its zone. A
 * time without zone is none: whose clock it is would be a guess.
 */
export function parseInstant(value: unknown): number | undefined {
  if (typeof value === 'string' && !/^\d{1,14}(?:\.\d{1,9})?$/.test(value)) return readIso(value);
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number !== 'number' || !(number > 0 && number < 1e14)) return undefined;
  return number < MILLISECONDS_FROM ? number * 1000 : number;
}

/** Jira writes the zone as `+0000`, which `Date` does not have to know. */
function readIso(text: string): number | undefined {
  if (!ISO.test(text)) return undefined;
  const at = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? undefined : at;
}
