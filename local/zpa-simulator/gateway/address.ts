import type { Api } from './headers.ts';

/** The part of the simulator that a path leads to. */
export type Address =
  | { to: 'token' }
  | { to: 'sign-in' }
  | { to: 'sign-out' }
  | { to: 'control'; path: string }
  | { to: 'controller'; api: Api; version: 1 | 2; customerId: string; path: string[] }
  | { to: 'nowhere'; api: Api };

/** The same paths at both hosts: OneAPI puts `/zpa` in front of the paths of legacy hosts. */
export function addressOf(pathname: string): Address {
  if (pathname === '/oauth2/v1/token') return { to: 'token' };
  if (pathname === '/signin') return { to: 'sign-in' };
  if (pathname === '/signout') return { to: 'sign-out' };
  const control = /^\/__simulator(\/.*)?$/.exec(pathname);
  if (control !== null) return { to: 'control', path: control[1] ?? '/' };
  const found = /^(\/zpa)?\/mgmtconfig\/v([12])\/admin\/customers\/(\d+)\/(.+?)\/?$/.exec(pathname);
  const [, gateway, version, customerId, rest] = found ?? [];
  if (customerId === undefined || rest === undefined) {
    return { to: 'nowhere', api: pathname.startsWith('/mgmtconfig/') ? 'legacy' : 'oneapi' };
  }
  const path = rest.split('/').map(decoded);
  const api = gateway === undefined ? 'legacy' : 'oneapi';
  return { to: 'controller', api, version: version === '2' ? 2 : 1, customerId, path };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
