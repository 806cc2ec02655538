import type { ServerResponse } from 'node:http';

/** Longest a browser waits for news, ms; faster changes arrive together. */
const PACE_MS = 150;

/** Sends the page's moving parts to every open browser as server-sent events, only when something happened. */
export type Live = { join(response: ServerResponse): void; touch(): void; close(): void };

export function createLive(render: () => Promise<Record<string, string>>): Live {
  const listeners = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | undefined;
  let sending = false;
  let again = false;

  const send = async () => {
    if (sending) {
      again = true;
      return;
    }
    sending = true;
    try {
      const event = `event: parts\ndata: ${JSON.stringify(await render())}\n\n`;
      for (const listener of listeners) listener.write(event);
    } catch {
      // Something was away just now, or the world is closing, which ends the timer: shown as soon as it can be read.
      again = true;
    } finally {
      sending = false;
    }
    if (again) {
      again = false;
      touch();
    }
  };
  const touch = () => {
    if (listeners.size === 0 || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void send();
    }, PACE_MS);
  };

  return {
    join(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write('retry: 1000\n\n');
      listeners.add(response);
      response.on('close', () => listeners.delete(response));
      touch();
    },
    touch,
    close() {
      clearTimeout(timer);
      for (const listener of listeners) listener.end();
      listeners.clear();
    },
  };
}
