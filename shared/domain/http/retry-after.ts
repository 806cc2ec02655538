/** Upper bound of a wait: a server that requests more than a day is not trusted. */
const MAX_WAIT_MS = 24 * 60 * 60 * 1000;

const UNIT_MS: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** `1 seconds`, as another product behind Zscaler's gateway writes it (recorded). */
const SECONDS = /^(\d+) ?s(?:ec(?:ond)?s?)?$/i;
const PART = /(\d+(?:\.\d+)?|\.\d+)(ns|us|µs|ms|s|m|h)/gy;

/**
 * Parses a Retry-After header to milliseconds, rounded up and at most one day; undefined if its form is unknown, or it
 * asks for no pause: the caller's own is longer, and what is repeated at once is refused again. ZPA sends seconds with a
 * trailing `s` (`4s` and `3s` recorded 2025-11-26, `13s` and `10s` documented), RFC 9110 allows whole seconds and HTTP
 * dates, and Go services print durations such as `1m30s`. A date is read relative to the answer's own Date header, so that
 * this system's clock does not matter.
 *
 * @param now epoch milliseconds, for a date without `date` beside it
 */
export function parseRetryAfter(value: string | undefined, now: number, date?: string): number | undefined {
  const text = value?.trim() ?? '';
  if (text === '') return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? text : SECONDS.exec(text)?.[1];
  if (seconds !== undefined) return bounded(Number(seconds) * 1000);
  return bounded(durationMs(text) ?? dateMs(text, now, date));
}

/**
 * Parses `X-RateLimit-Reset`, by which a 429 without Retry-After tells when its limit ends: an ISO 8601 time in Jira,
 * epoch seconds in ServiceNow. Answers milliseconds from the answer on, as `parseRetryAfter` does; undefined if the form is
 * another one, or the time is over.
 *
 * @param now epoch milliseconds, if `date`, the answer's own Date header, is not there
 */
export function parseRateLimitReset(value: string | undefined, now: number, date?: string): number | undefined {
  const text = value?.trim() ?? '';
  const at = EPOCH_SECONDS.test(text) ? Number(text) * 1000 : ISO_TIME.test(text) ? Date.parse(text) : Number.NaN;
  const ms = at - (httpDate(date ?? '') ?? now);
  return bounded(ms);
}

const bounded = (ms = 0) => (ms > 0 ? Math.min(MAX_WAIT_MS, Math.ceil(ms)) : undefined);

/** Smaller numbers are counts or seconds from now, of which nobody knows which. */
const EPOCH_SECONDS = /^[1-9]\d{9}$/;
/** A time without a zone would be a guess. Jira's documentation shows times without seconds. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

function durationMs(text: string): number | undefined {
  let total = 0;
  let end = 0;
  for (const part of text.matchAll(PART)) {
    total += Number(part[1]) * (UNIT_MS[part[2] ?? ''] ?? 0);
    end = part.index + part[0].length;
  }
  return end === text.length ? total : undefined;
}

function dateMs(text: string, now: number, date: string | undefined): number | undefined {
  const at = httpDate(text);
  return at === undefined ? undefined : at - (httpDate(date ?? '') ?? now);
}

/** Accepts only dates with a weekday and GMT, because `Date.parse` alone would read "4 s" as a year. */
function httpDate(text: string): number | undefined {
  const at = /^[A-Z][a-z]+, .* GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
