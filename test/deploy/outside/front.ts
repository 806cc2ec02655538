import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One address of this machine for all systems around the product, so that one tunnel reaches them. */
export type Front = {
  /** Public address of the system that answers at this address of this machine. */
  addressOf(inner: string): string;
  close(): Promise<void>;
};

type Options = {
  /** Addresses of the systems on this machine. */
  inner: readonly string[];
  port: number;
  /** The address from which the port is reached; default: this machine's. */
  reachedAt: string | undefined;
};

/**
 * Passes requests on by the first parts of their path. The first is unguessable, because a tunnel is open to anybody;
 * the systems' own controls are not passed on.
 */
export async function openFront({ inner, port, reachedAt }: Options): Promise<Front> {
  const key = randomBytes(16).toString('hex');
  const server = createServer((incoming, outgoing) => {
    const [, given, index, rest = ''] = /^\/([0-9a-f]+)\/(\d)(\/.*)?$/.exec(incoming.url ?? '') ?? [];
    const base = inner[Number(index)];
    if (given !== key || base === undefined || rest.startsWith('/__')) return void outgoing.writeHead(404).end();
    pass(incoming, outgoing, base + rest);
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', listening);
  });
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    addressOf: (address) => `${(reachedAt ?? own).replace(/\/+$/, '')}/${key}/${inner.indexOf(address)}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** The systems answer only callers of this machine, so the host is theirs. */
function pass(incoming: IncomingMessage, outgoing: ServerResponse, to: string): void {
  const { host } = new URL(to);
  const { method, headers } = incoming;
  const onward = request(to, { method, headers: { ...headers, host } }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
