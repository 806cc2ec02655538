import { type Headers, headerOf } from './scheme.ts';
import type { ReplaySettings, SchemeSettings } from './scheme-schema.ts';
import { parseInstant } from './timestamp.ts';

/** The rule that tells a source's deliveries apart where the scheme does not sign their identity; durations in ms. */
export type ReplayRule = {
  id?: { header: string } | { field: string };
  timestampField?: string;
  /** A delivery without an id is refused. */
  idNeeded: boolean;
  /** The time during which the sender retries the same delivery. */
  retryMs: number;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Defaults for a source's `replay`. Jira retries up to five times, each up to half an hour after the one before, under one
 * `X-Atlassian-Webhook-Identifier`, and its body holds the time (developer.atlassian.com, "Webhooks"). GitHub never
 * retries by itself; a person may redeliver for three days under the same `X-GitHub-Delivery` (docs.github.com,
 * "Redelivering webhooks"). Senders that only present a secret must put id and time into the body. Svix and Standard
 * Webhooks give up after 28 hours, so three days are enough for unknown senders.
 */
const DEFAULTS: Record<SchemeSettings['kind'], ReplayRule> = {
  'standard-webhooks': { idNeeded: false, retryMs: 3 * DAY },
  jira: {
    id: { header: 'x-atlassian-webhook-identifier' },
    timestampField: 'timestamp',
    idNeeded: false,
    retryMs: 3 * HOUR,
  },
  github: { id: { header: 'x-github-delivery' }, idNeeded: true, retryMs: 3 * DAY },
  hmac: { idNeeded: false, retryMs: 3 * DAY },
  bearer: { id: { field: 'requestId' }, timestampField: 'timestamp', idNeeded: true, retryMs: HOUR },
  basic: { id: { field: 'requestId' }, timestampField: 'timestamp', idNeeded: true, retryMs: HOUR },
};

/**
 * The source's replay rule. undefined: the signature covers id and time, so none is needed, or the configuration states
 * "none"; then only the idempotency keys of their changes tell its deliveries apart.
 */
export function replayRuleOf(scheme: SchemeSettings, settings: ReplaySettings | undefined): ReplayRule | undefined {
  if (settings === 'none' || (settings === undefined && signsIdentity(scheme))) return undefined;
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

function signsIdentity(scheme: SchemeSettings): boolean {
  if (scheme.kind === 'hmac') return scheme.content.includes('{id}') && scheme.content.includes('{timestamp}');
  return scheme.kind === 'standard-webhooks';
}

/** The identity that a delivery states; `at` in epoch ms. `id` is empty where its source gives none. */
export type DeliveryIdentity = { id: string; at?: number };

export type DeliveryIdentityFault = {
  code: 'delivery-unmarked' | 'timestamp-stale' | 'timestamp-future';
  detail: string;
};

type VerifiedDelivery = { headers: Headers; value: unknown; now: number; toleranceSeconds: number };

/** Reads and checks id and time of a verified delivery. `value`: its parsed body. */
export function readDeliveryIdentity(
  rule: ReplayRule,
  delivery: VerifiedDelivery,
): { identity: DeliveryIdentity } | { fault: DeliveryIdentityFault } {
  const id = readId(rule, delivery);
  const { timestampField } = rule;
  if (id === undefined) {
    const where =
      rule.id === undefined ? '' : 'header' in rule.id ? `header ${rule.id.header}` : `field ${rule.id.field}`;
    return missingIdentity(`The ${where} is needed: 1 to 256 characters, of its own for every delivery.`);
  }
  if (timestampField === undefined) return { identity: { id } };
  const at = parseInstant(fieldOf(delivery.value, timestampField));
  if (at === undefined) {
    return missingIdentity(`The field ${timestampField} is needed: Unix time, or ISO 8601 with its zone.`);
  }
  const fault = judgeAge(delivery.now - at, rule.retryMs, delivery.toleranceSeconds * 1000);
  return fault === undefined ? { identity: { id, at } } : { fault };
}

const missingIdentity = (detail: string): { fault: DeliveryIdentityFault } => ({
  fault: { code: 'delivery-unmarked', detail },
});

function judgeAge(ageMs: number, retryMs: number, toleranceMs: number): DeliveryIdentityFault | undefined {
  if (ageMs > retryMs + toleranceMs) {
    const detail = `It was made more than ${retryMs / 1000} seconds ago, longer than this source repeats deliveries.`;
    return { code: 'timestamp-stale', detail };
  }
  if (ageMs >= -toleranceMs) return undefined;
  return { code: 'timestamp-future', detail: 'Check the clock of the sender against a time server.' };
}

/** undefined: the id is needed and missing, or it is not an id. */
function readId({ id, idNeeded }: ReplayRule, { headers, value }: VerifiedDelivery): string | undefined {
  const given = id === undefined ? undefined : 'header' in id ? headerOf(headers, id.header) : fieldOf(value, id.field);
  if (given === undefined) return idNeeded ? undefined : '';
  const text = typeof given === 'number' ? String(given) : given;
  return typeof text === 'string' && text.length >= 1 && text.length <= 256 && text.isWellFormed() ? text : undefined;
}

/** A field by its names from the top level; inherited properties are no fields. */
function fieldOf(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), value);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/**
 * The body without the top-level fields that only identify the delivery, because the contract does not have them. A
 * nested one belongs to a payload that a mapping reads, and stays.
 */
export function withoutDeliveryIdentity(rule: ReplayRule, value: unknown): unknown {
  if (!isObject(value)) return value;
  const fields = topLevelIdentityFields(rule);
  return Object.fromEntries(Object.entries(value).filter(([name]) => !fields.includes(name)));
}

function topLevelIdentityFields({ id, timestampField }: ReplayRule): string[] {
  const names = [timestampField, id !== undefined && 'field' in id ? id.field : undefined];
  return names.filter((name) => name !== undefined).filter((name) => !name.includes('.'));
}

/** The body with the top-level identity fields that its source needs and that it does not have yet; for samples. */
export function withDeliveryIdentity(rule: ReplayRule, value: unknown, identity: { id: string; at: number }): unknown {
  if (!isObject(value)) return value;
  const missing = topLevelIdentityFields(rule).filter((name) => !Object.hasOwn(value, name));
  const added = missing.map((name) => [name, name === rule.timestampField ? identity.at : identity.id]);
  return { ...value, ...Object.fromEntries(added) };
}

/** An accepted delivery, recorded by its body until no sender retries it any more. */
export type DeliveryRecord = {
  version: number;
  source: string;
  /** SHA-256 of the raw body, hex. */
  bodyHash: string;
  /** The source's id for it; empty: the source gives none. */
  id: string;
  /** Time of the first delivery; epoch ms. */
  at: number;
  /** Epoch ms; from then on the record counts as deleted, even if the table deletes it later. */
  keptUntil: number;
};

/**
 * A body without a time stays recorded this much longer than its sender retries. In that time a resend is recognised
 * and refused as too late.
 */
const UNDATED_RETENTION_MS = 30 * DAY;

/**
 * The time (epoch ms) until which a body must stay recorded so that a replay cannot pass for a new delivery: as long as
 * its time counts as fresh, or without a time `UNDATED_RETENTION_MS` beyond the retries.
 */
export function retentionEnd(
  rule: ReplayRule,
  { at }: DeliveryIdentity,
  now: number,
  toleranceSeconds: number,
): number {
  return at === undefined ? now + rule.retryMs + UNDATED_RETENTION_MS : at + rule.retryMs + 2 * toleranceSeconds * 1000;
}

/** `resumed`: a resend of the same delivery, which gets the first one's answer. */
export type ReplayVerdict = 'resumed' | 'other-id' | 'too-late';

/** Judges a delivery whose body is recorded already. `now`: epoch ms. */
export function judgeReplay(rule: ReplayRule, before: DeliveryRecord, id: string, now: number): ReplayVerdict {
  if (before.id !== id) return 'other-id';
  return now - before.at > rule.retryMs ? 'too-late' : 'resumed';
}
