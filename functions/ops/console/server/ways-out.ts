import { type Html, html } from '../../../../shared/domain/html/html.ts';
import type { OpsError } from '../../output/exit-codes.ts';
import { ADDRESS } from '../contract.ts';
import { addressTo } from '../view/address.ts';
import { changeAddress } from '../view/change-address.ts';
import { statusOf } from './describe-error.ts';
import { listOf } from './list-of.ts';

/** Links that lead on from a page that cannot be shown: to itself if it may succeed later, to what it is about, its list, the overview. */
export function waysOut({ pathname, search, searchParams }: URL, error: OpsError): Html {
  const list = listOf(pathname);
  const isLater = statusOf(error) >= 500;
  const ways = [
    ...(isLater ? [{ to: pathname + search, label: 'Try again' }] : []),
    ...subjectOf(pathname, searchParams, error),
    ...(list === undefined ? [] : [list]),
    { to: ADDRESS.overview, label: 'Overview' },
  ];
  return html`<p class="links">${ways.map(({ to, label }) => html`<a href="${to}">${label}</a> `)}</p>`;
}

/** The change or lane that the address names, unless it is that which was not found. */
function subjectOf(pathname: string, query: URLSearchParams, { code }: OpsError): { to: string; label: string }[] {
  const [source, tenant, key, lane] = ['source', 'tenant', 'key', 'lane'].map((name) => query.get(name) ?? '');
  if (source && tenant && key && pathname !== ADDRESS.change && code !== 'change-not-found') {
    return [{ to: changeAddress({ source, tenant, idempotencyKey: key }), label: 'The change' }];
  }
  if (!lane || code === 'lane-not-found') return [];
  if (pathname.startsWith('/drift/'))
    return [{ to: addressTo(ADDRESS.drift, { lane }), label: 'The findings of this lane' }];
  return pathname.startsWith('/lane/') ? [{ to: addressTo(ADDRESS.lane, { lane }), label: 'The lane' }] : [];
}
