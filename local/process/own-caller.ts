import type { IncomingMessage } from 'node:http';

const LOOPBACK_NAMES: readonly unknown[] = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * True if a request comes from a program of this machine and not from a web page that its user visits. A page reaches
 * 127.0.0.1 under a name of its own (DNS rebinding), or from another origin, whose simple requests the browser sends
 * without asking first. Only the host name is compared: a proxy on this machine has another port.
 */
export function isOwnCaller({ headers }: IncomingMessage): boolean {
  const { host = '', origin } = headers;
  return LOOPBACK_NAMES.includes(host.replace(/:\d+$/, '')) && (origin === undefined || origin === `http://${host}`);
}
