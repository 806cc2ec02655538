import { createHash } from 'node:crypto';
import { type CatalogPage, pageAfter } from '../../shared/domain/catalog/catalog-page.ts';
import { type CatalogEntry, compareEntries, visibleEntries } from '../../shared/domain/catalog/visible-entries.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { isWithin } from '../../shared/domain/source/ip-allowlist.ts';
import { toCsv } from '../../shared/domain/text/csv.ts';
import { authenticate } from './authenticate.ts';
import type { CatalogPorts, CatalogRequest } from './ports.ts';
import { type NotRead, readCatalogs } from './read-catalogs.ts';
import { type CatalogQuery, readQuery } from './read-query.ts';

/** RFC 9110 wants a challenge with every 401. */
const CHALLENGE = { 'www-authenticate': 'Basic realm="catalog", charset="UTF-8"' };

/**
 * Shows the names that a source may use in its tickets: groups and applications with their ids, as of the last complete
 * read of each tenant, and which tenants are missing. Never rejects.
 */
export async function showCatalog(ports: CatalogPorts, request: CatalogRequest): Promise<HttpAnswer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const detail = 'The catalog is read with GET.';
    return problem('method-not-allowed', { detail, headers: { allow: 'GET, HEAD' } });
  }
  try {
    return await passGates(ports, request);
  } catch (error) {
    ports.log.error('the catalog could not be read', { code: 'catalog-unavailable', error });
    ports.meter.count('CatalogUnavailable', 1);
    return problem('catalog-unavailable', { detail: 'Try again in a moment.', headers: { 'retry-after': '10' } });
  }
}

async function passGates(ports: CatalogPorts, request: CatalogRequest): Promise<HttpAnswer> {
  const authenticated = await authenticate(ports, request);
  if ('refused' in authenticated) {
    ports.meter.count('CatalogRefused', 1);
    return REFUSALS[authenticated.refused]();
  }
  const { source } = authenticated;
  if (source.allowedCidrs !== undefined && !isWithin(request.sourceIp, source.allowedCidrs)) {
    ports.meter.count('CatalogRefused', 1);
    return REFUSALS.wrong();
  }
  const query = readQuery(ports.configuration, source, request);
  if ('refusal' in query) return query.refusal;
  const read = await readCatalogs(ports, source, query.tenants);
  if ('refusal' in read) return read.refusal;
  const { catalogs, notRead } = read;
  const entries = catalogs
    .flatMap((catalog) => visibleEntries(ports.configuration, source, catalog))
    .filter(({ kind }) => query.kind === undefined || kind === query.kind)
    .sort(compareEntries);
  const page = pageAfter(entries, query.after, query.limit);
  const asOf = Object.fromEntries(catalogs.map((one) => [one.tenant, new Date(one.asOf).toISOString()]));
  return answer(request, query, { ...page, asOf, notRead });
}

const REFUSALS = {
  missing: () =>
    problem('credentials-missing', {
      detail: 'Send the catalog secret of a source: HTTP Basic with the source as user, or a bearer and ?source=NAME.',
      headers: CHALLENGE,
    }),
  wrong: () =>
    problem('credentials-wrong', {
      detail: 'No source with a catalog has this name and secret. The secret of its deliveries is another one.',
      headers: CHALLENGE,
    }),
};

/** `asOf`: tenant → the instant its read began. `notRead` is on each page, so that no list is taken for complete. */
type Shown = CatalogPage & { asOf: Record<string, string>; notRead: NotRead[] };

function answer(
  { headers, query: parameters }: CatalogRequest,
  { format }: CatalogQuery,
  { asOf, entries, notRead, next }: Shown,
): HttpAnswer {
  const rows = () => [COLUMNS, ...notRead.map(toNotReadRow), ...entries.map(toRow)];
  const body = format === 'csv' ? toCsv(rows()) : JSON.stringify({ asOf, notRead, entries, next });
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const oldest = Object.values(asOf).sort()[0];
  const always = {
    etag,
    'cache-control': 'private, no-cache',
    vary: 'accept, authorization',
    'x-content-type-options': 'nosniff',
    ...(oldest === undefined ? {} : { 'last-modified': new Date(oldest).toUTCString() }),
    ...(next === undefined ? {} : { link: `<${nextAddress(parameters, next)}>; rel="next"` }),
  };
  if (isKnown(headers['if-none-match'], etag)) return { status: 304, headers: always, body: '' };
  const csv = { 'content-type': 'text/csv; charset=utf-8; header=present' };
  return { status: 200, headers: { ...always, ...(format === 'csv' ? csv : JSON_TYPE) }, body };
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** RFC 9110, 13.1.2: a list, compared weakly; a star is anything. */
function isKnown(header: string | undefined, etag: string): boolean {
  const known = (header ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}

/** RFC 8288: relative to this address. */
function nextAddress(query: CatalogRequest['query'], next: string): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, value);
  parameters.set('after', next);
  return `/catalog?${parameters}`;
}

const COLUMNS = ['kind', 'tenant', 'microtenant', 'id', 'name', 'enabled', 'group_id', 'group_name'];

const toRow = ({ kind, tenant, microtenant = '', id, name, enabled, group }: CatalogEntry): string[] => [
  ...[kind, tenant, microtenant, id, name],
  ...[enabled ? 'true' : 'false', group?.id ?? '', group?.name ?? ''],
];

/** The reason is where a person who reads the list sees it. */
const toNotReadRow = ({ tenant, microtenant = '', why }: NotRead): string[] => [
  ...['not-read', tenant, microtenant, '', why],
  ...['', '', ''],
];
