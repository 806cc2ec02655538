import type { IncomingMessage, ServerResponse } from 'node:http';

/** An emulator inside this process: it receives requests by calls instead of listening itself. */
export type EmbeddedService = {
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
};
