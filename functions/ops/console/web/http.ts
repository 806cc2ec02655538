import { readFile } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PAGE_HEADERS } from './guard.ts';

/** An edited change of a thousand application segments fits. */
export const MAX_FORM_BYTES = 1024 * 1024;

/** Files beside this one that a page may load. */
const ASSETS: Record<string, string> = {
  'base.css': 'text/css',
  'frame.css': 'text/css',
  'parts.css': 'text/css',
  'media.css': 'text/css',
  'story.css': 'text/css',
  'tables.css': 'text/css',
  'console.js': 'text/javascript',
  'icon.svg': 'image/svg+xml',
};

/** Listens on this machine alone; 0: any free port. Resolves to the port. */
export async function listenOnLoopback(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Ends open connections too, which a browser keeps. */
export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Sets the headers of every answer: nothing is cached, framed, or loaded from elsewhere. */
export function setPageHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
}

export function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body);
}

/**
 * The form of a request; undefined: it is longer than a form of ours can be. All of it is taken, because a browser shows no
 * answer before it has sent all.
 */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    if (text.length <= MAX_FORM_BYTES) text += chunk;
  }
  return text.length > MAX_FORM_BYTES ? undefined : new URLSearchParams(text);
}

/** Sends a style sheet, script or icon by its name; false: there is none of this name. */
export async function sendAsset(name: string, response: ServerResponse): Promise<boolean> {
  const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
  if (type === undefined) return false;
  send(response, 200, type, await readFile(new URL(name, import.meta.url), 'utf8'));
  return true;
}
