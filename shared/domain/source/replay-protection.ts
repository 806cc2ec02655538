import { type Headers, headerOf } from './scheme.ts';
import type { ReplaySettings, SchemeSettings } from './scheme-schema.ts';
import { parseInstant } from './timestamp.ts';

/** How deliveries of a source are told apart where their scheme does not sign it; times in ms. */
export type ReplayRule = {
  id?: { header: string } | { field: string };
  timestampField?: string;
  /** A delivery without its id is refused. */
  idNeeded: boolean;
  /** For how long the sender sends the same delivery again. */
  retryMs: number;
};

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * What is left out of a source's `replay`. Jira retries five times, spread over about half an hour, under one
 * `X-Atlassian-Webhook-Identifier`, and its body says when (developer.atlassian.com, "Webhooks"). GitHub never retries by
 * itself; a person may redeliver for three days under the same `X-GitHub-Delivery` (docs.github.com, "Redelivering
 * webhooks"). Who only shows a secret must say both in the body. Svix and Standard Webhooks give up after 28 hours, so
 * three days are enough for unknown senders.
 */
const DEFAULTS: Record<SchemeSettings['kind'], ReplayRule> = {
  'standard-webhooks': { idNeeded: false, retryMs: 3 * day },
  jira: {
    id: { header: 'x-atlassian-webhook-identifier' },
    timestampField: 'timestamp',
    idNeeded: false,
    retryMs: hour,
  },
  github: { id: { header: 'x-github-delivery' }, idNeeded: true, retryMs: 3 * day },
  hmac: { idNeeded: false, retryMs: 3 * day },
  bearer: { id: { field: 'requestId' }, timestampField: 'timestamp', idNeeded: true, retryMs: hour },
  basic: { id: { field: 'requestId' }, timestampField: 'timestamp', idNeeded: true, retryMs: hour },
};

/**
 * The source's rule. undefined: none is needed, because id and time are signed, or none is wanted; then nothing tells
 * its deliveries apart but the keys of their changes.
 */
export function replayRuleOf(scheme: SchemeSettings, settings: ReplaySettings | undefined): ReplayRule | undefined {
  if (settings === 'none' || (settings === undefined && signsMarks(scheme))) return undefined;
  const { idHeader, idField, timestampField, retrySeconds } = settings ?? {};
  const fallback = DEFAULTS[scheme.kind];
  const schemeHeader = scheme.kind === 'hmac' ? scheme.idHeader : undefined;
  const header = idHeader ?? (idField === undefined ? schemeHeader : undefined);
  const id = header === undefined ? (idField === undefined ? fallback.id : { field: idField }) : { header };
  const field = timestampField ?? fallback.timestampField;
  return {
    ...(id === undefined ? {} : { id }),
    ...(field === undefined ? {} : { timestampField: field }),
    idNeeded: fallback.idNeeded || idHeader !== undefined || idField !== undefined,
    retryMs: retrySeconds === undefined ? fallback.retryMs : retrySeconds * 1000,
  };
}

function signsMarks(scheme: SchemeSettings): boolean {
  if (scheme.kind === 'hmac') return scheme.content.includes('{id}') && scheme.content.includes('{timestamp}');
  return scheme.kind === 'standard-webhooks';
}

/** What a delivery says of itself. `id` is empty where its source has none. */
export type DeliveryIdentity = { id: string; at?: number };

export type DeliveryIdentityFault = {
  code: 'delivery-unmarked' | 'timestamp-stale' | 'timestamp-future';
  detail: string;
};

type Marked = { headers: Headers; value: unknown; now: number; toleranceSeconds: number };

/** Reads and judges id and time of a verified delivery. `value`: its parsed body. */
export function readDeliveryIdentity(
  rule: ReplayRule,
  delivery: Marked,
): { marks: DeliveryIdentity } | { fault: DeliveryIdentityFault } {
  const id = readId(rule, delivery);
  const { timestampField } = rule;
  if (id === undefined) {
    const where =
      rule.id === undefined ? '' : 'header' in rule.id ? `header ${rule.id.header}` : `field ${rule.id.field}`;
    return unmarked(`The ${where} is needed: 1 to 256 characters, of its own for every delivery.`);
  }
  if (timestampField === undefined) return { marks: { id } };
  const at = parseInstant(fieldOf(delivery.value, timestampField));
  if (at === undefined) {
    return unmarked(`The field ${timestampField} is needed: Unix time, or ISO 8601 with its zone.`);
  }
  const fault = judgeAge(delivery.now - at, rule.retryMs, delivery.toleranceSeconds * 1000);
  return fault === undefined ? { marks: { id, at } } : { fault };
}

const unmarked = (detail: string): { fault: DeliveryIdentityFault } => ({
  fault: { code: 'delivery-unmarked', detail },
});

function judgeAge(ageMs: number, retryMs: number, toleranceMs: number): DeliveryIdentityFault | undefined {
  if (ageMs > retryMs + toleranceMs) {
    const detail = `It was made more than ${retryMs / 1000} seconds ago, longer than this source sends again.`;
    return { code: 'timestamp-stale', detail };
  }
  if (ageMs >= -toleranceMs) return undefined;
  return { code: 'timestamp-future', detail: 'Hold the clock of the sender against a time server.' };
}

/** undefined: it is needed and missing, or no id. */
function readId({ id, idNeeded }: ReplayRule, { headers, value }: Marked): string | undefined {
  const given = id === undefined ? undefined : 'header' in id ? headerOf(headers, id.header) : fieldOf(value, id.field);
  if (given === undefined) return idNeeded ? undefined : '';
  const text = typeof given === 'number' ? String(given) : given;
  return typeof text === 'string' && text.length >= 1 && text.length <= 256 && text.isWellFormed() ? text : undefined;
}

/** A field by its names from the top; what objects inherit is no field. */
function fieldOf(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), value);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * The body without the top-level fields that only mark the delivery: they are no part of our own contract. A mark
 * deeper in the body belongs to a payload that somebody maps, and stays.
 */
export function withoutDeliveryIdentity(rule: ReplayRule, value: unknown): unknown {
  if (!isObject(value)) return value;
  const marks = topMarks(rule);
  return Object.fromEntries(Object.entries(value).filter(([name]) => !marks.includes(name)));
}

function topMarks({ id, timestampField }: ReplayRule): string[] {
  const names = [timestampField, id !== undefined && 'field' in id ? id.field : undefined];
  return names.filter((name) => name !== undefined).filter((name) => !name.includes('.'));
}

/** The body with the top-level marks that its source wants and that it does not have yet: for samples. */
export function withDeliveryIdentity(rule: ReplayRule, value: unknown, marks: { id: string; at: number }): unknown {
  if (!isObject(value)) return value;
  const missing = topMarks(rule).filter((name) => !Object.hasOwn(value, name));
  const added = missing.map((name) => [name, name === rule.timestampField ? marks.at : marks.id]);
  return { ...value, ...Object.fromEntries(added) };
}

/** A delivery that was taken up, by its body. Kept until nobody sends it again. */
export type DeliveryRecord = {
  version: number;
  source: string;
  /** SHA-256 of the raw body, hex. */
  bodyHash: string;
  /** As its source gave it; empty: it gives none. */
  id: string;
  /** When it first came; epoch ms. */
  at: number;
  /** Epoch ms; by this clock it counts as forgotten, whenever the table deletes it. */
  keptUntil: number;
};

/** A body that does not say when it was made is remembered this much longer than it is sent again: then it is too late. */
const REMEMBERED_MS = 30 * day;

/** How long a body must be remembered so that it cannot be told as new: as long as it passes for fresh, or long. */
export function retentionEnd(
  rule: ReplayRule,
  { at }: DeliveryIdentity,
  now: number,
  toleranceSeconds: number,
): number {
  return at === undefined ? now + rule.retryMs + REMEMBERED_MS : at + rule.retryMs + 2 * toleranceSeconds * 1000;
}

/** `resumed`: the very same delivery again, which gets the answer of the first. */
export type ReplayVerdict = 'resumed' | 'other-id' | 'too-late';

/** Judges a delivery whose body was there before. */
export function judgeReplay(rule: ReplayRule, before: DeliveryRecord, id: string, now: number): ReplayVerdict {
  if (before.id !== id) return 'other-id';
  return now - before.at > rule.retryMs ? 'too-late' : 'resumed';
}
