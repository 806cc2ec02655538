import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createNetServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { handleCall } from './calls.ts';
import type { SimulatorParts } from './simulator-parts.ts';

const TLS_HANDSHAKE = 0x16;

/**
 * One port for everything: plain HTTP, https where there is a certificate, and then also CONNECT, so that a client that
 * knows only Zscaler's hosts can be pointed here by its proxy setting and a CA bundle.
 */
export async function listen(
  parts: SimulatorParts,
  port: number,
  tls: { cert: string; key: string } | undefined,
): Promise<{ port: number; close(): Promise<void> }> {
  const onCall = (request: IncomingMessage, response: ServerResponse): void => {
    handleCall(parts, request, response).catch((error: unknown) => fail(response, error));
  };
  const http = createHttpServer({ keepAliveTimeout: 60_000 }, onCall);
  const https = tls && createHttpsServer({ ...tls, keepAliveTimeout: 60_000 }, onCall);
  const front = https === undefined ? http : createSniffer(http, https);
  if (https !== undefined) {
    http.on('connect', (_request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) socket.unshift(head);
      https.emit('connection', socket);
    });
  }
  const sockets = new Set<Socket>();
  front.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A caller that gives up is expected, so its connection error is ignored.
    socket.on('error', () => {});
  });
  front.listen(port, '127.0.0.1');
  await once(front, 'listening');
  const address = front.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      front.close();
      await once(front, 'close');
    },
  };
}

/** Reads a connection's first byte to distinguish TLS from plain HTTP. */
function createSniffer(http: Server, https: Server): Server {
  return createNetServer((socket) => {
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? https : http).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
}

/** A defect of the simulator itself is answered openly, in a form that no ZPA answers. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response.writeHead(500, { 'content-type': 'text/plain' });
  response.end(`the simulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
