import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is turned away; `undefined`: it may pass. */
export type Refusal = { status: 403 | 421; sentence: string };

/** `token` is the browser's, by its cookie. `command` printed the link that gives it. */
export type PageAccess = { port: number; token: string; command: string };

/**
 * The page can change things, so a web site the user happens to visit must not reach it: the Host must be ours (a name
 * rebound to 127.0.0.1 is not), a form or script must come from our own origin, and the browser must hold the session
 * that the link printed at the start gave it.
 */
export function refuse(request: IncomingMessage, access: PageAccess): Refusal | undefined {
  const hosts = [`127.0.0.1:${access.port}`, `localhost:${access.port}`];
  const { host, origin } = request.headers;
  if (host === undefined || !hosts.includes(host))
    return { status: 421, sentence: 'This page is served on its own address only.' };
  if ((origin !== undefined && origin !== `http://${host}`) || isFromOtherPage(request))
    return { status: 403, sentence: 'Requests from other sites are not allowed.' };
  if (request.method !== 'GET' && origin === undefined)
    return { status: 403, sentence: 'A request that changes data needs an Origin header.' };
  if (!equal(readSession(request, access.port), access.token))
    return { status: 403, sentence: `Open the page with the link that ${access.command} printed.` };
  return undefined;
}

/**
 * True if a page of another origin loads something here. A page of another port of this machine gets the cookie sent, and a page of
 * ours may read ZPA; a person who follows a link from there is let in.
 */
function isFromOtherPage({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'] ?? 'none';
  const isOpened = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return site !== 'none' && site !== 'same-origin' && !isOpened;
}

/** The request names this page's own host; only then may the link's token be looked at. */
export const isOwnHost = (request: IncomingMessage, access: PageAccess) => refuse(request, access)?.status !== 421;

/** Cookies do not keep ports apart, so the name does. */
export function sessionCookie(access: PageAccess): string {
  return `zpa-changes-${access.port}=${access.token}; HttpOnly; SameSite=Strict; Path=/`;
}

/** The link's token is ours; the answer then sets the cookie and takes the token out of the address. */
export function isEntry(url: URL, token: string): boolean {
  return equal(url.searchParams.get('token') ?? '', token);
}

function readSession(request: IncomingMessage, port: number): string {
  const cookies = (request.headers.cookie ?? '').split(/; */);
  const name = `zpa-changes-${port}=`;
  return cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length) ?? '';
}

function equal(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** On every answer of the page. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;
