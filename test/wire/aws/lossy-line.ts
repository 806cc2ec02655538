import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type LossyLine = {
  url: string;
  /** Number of writes that took effect before their answer was lost. */
  readonly lost: number;
  close(): Promise<void>;
};

/**
 * A proxy to DynamoDB that loses the answer to every write once: the write takes effect, the connection breaks, and only
 * its repetition (the same bytes) is answered.
 */
export async function openLossyLine(target: string): Promise<LossyLine> {
  const answered = new Set<string>();
  let lost = 0;
  const server = createServer((incoming, outgoing) => {
    void passOn(target, incoming, outgoing, (operation, body) => {
      const key = `${operation} ${body}`;
      if (!/\.(PutItem|UpdateItem)$/.test(operation) || answered.has(key)) return false;
      answered.add(key);
      lost += 1;
      return true;
    }).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get lost() {
      return lost;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function passOn(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  loses: (operation: string, body: string) => boolean,
): Promise<void> {
  const body = await buffer(incoming);
  const { method = 'POST', headers } = incoming;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(target, { method, headers }, resolve).on('error', reject).end(body);
  });
  const answerBody = await buffer(answer);
  const succeeded = answer.statusCode === 200;
  if (succeeded && loses(String(headers['x-amz-target']), body.toString())) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(answerBody);
}
