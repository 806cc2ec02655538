import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isEntry, isOwnHost, type PageAccess } from '../web/guard.ts';

const newToken = () => randomBytes(32).toString('base64url');

/**
 * Lets in whoever has the printed link, as often as they like. The link with which a browser is opened works once, because
 * other users of this machine can read the arguments of the program that opens it.
 */
export function createEntrance(port: number, command: string) {
  const access: PageAccess = { port, token: newToken(), command };
  const opening = newToken();
  let isOpened = false;
  const linkOf = (token: string) => `http://127.0.0.1:${port}/?token=${token}`;
  return {
    access,
    entryUrl: linkOf(access.token),
    openUrl: linkOf(opening),
    /** True if the request comes by one of the links; the answer then gives the browser its cookie. */
    admits(request: IncomingMessage, url: URL): boolean {
      if (request.method !== 'GET' || url.pathname !== '/' || !isOwnHost(request, access)) return false;
      if (isEntry(url, access.token)) return true;
      if (isOpened || !isEntry(url, opening)) return false;
      isOpened = true;
      return true;
    },
  };
}
