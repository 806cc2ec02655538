import type { Quirks } from '../behaviour/chosen-quirks.ts';
import { DEFAULT_MICROTENANT } from '../tenant/documents.ts';
import type { TenantView } from '../tenant/shelves.ts';
import type { Tenant } from '../tenant/store.ts';
import type { Answer } from './answers.ts';

/** One call to the controller, behind gateway, token and limits. */
export type Call = {
  method: string;
  version: 1 | 2;
  /** Path after `/mgmtconfig/vN/admin/customers/{id}`, without the leading slash, decoded. */
  path: string[];
  query: URLSearchParams;
  /** Parsed JSON; undefined: none or not JSON. */
  body: unknown;
  /** Id of the API client, as `modifiedBy`. */
  admin: string;
  /** Epoch seconds. */
  now: string;
  quirks: Quirks;
  /** The order in which a page sees a list, which may move between two pages. */
  arrange: Arrange;
};

export type Arrange = <T extends { id: string }>(
  items: readonly T[],
  asked: { page: number; size: number },
) => readonly T[];

export type Reader = (call: Call, tenant: TenantView) => Answer;
export type Writer = (call: Call, tenant: Tenant) => Answer;

/** The body as an object; undefined for anything else. */
export function objectBody(call: Call): Record<string, unknown> | undefined {
  return isRecord(call.body) ? call.body : undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * The microtenant a call is about: query before body. undefined: none named, which for reads means all of them and for
 * creation the Default one (help.zscaler.com, Configuring Segment Groups Using API).
 */
export function scopeOf(call: Call): string | undefined {
  const value = call.query.get('microtenantId') ?? idText(objectBody(call)?.microtenantId);
  return value === undefined || value === '' || value === 'null' ? undefined : value;
}

/** Tells whether a call of that scope can see what lives in `microtenantId`. */
export function sees(call: Call, microtenantId: string): boolean {
  const scope = scopeOf(call);
  if (scope !== undefined) return scope === microtenantId;
  const unscopedWrite = call.method !== 'GET' && call.quirks.get('unscoped-write') === 'default-only';
  return !unscopedWrite || microtenantId === DEFAULT_MICROTENANT;
}

/** Ids come as strings, from some clients as numbers. */
export function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}
