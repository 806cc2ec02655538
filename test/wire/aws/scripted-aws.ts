import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export type ScriptedRequest = { operation: string; body: Record<string, unknown>; userAgent: string };
/** `text`: sent as it is, in place of the body. */
export type ScriptedAnswer = { status?: number; body?: unknown; text?: string };

export type ScriptedAws = {
  env: Record<string, string>;
  readonly requests: ScriptedRequest[];
  close(): Promise<void>;
};

/** An AWS service of the JSON protocols with scripted answers; `undefined` leaves the request unanswered. */
export async function openScriptedAws(
  answer: (request: ScriptedRequest) => ScriptedAnswer | undefined | Promise<ScriptedAnswer | undefined>,
): Promise<ScriptedAws> {
  const requests: ScriptedRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const request = await readRequest(incoming);
    requests.push(request);
    const answered = await answer(request);
    if (answered === undefined) return;
    outgoing.writeHead(answered.status ?? 200, { 'content-type': 'application/x-amz-json-1.0' });
    outgoing.end(answered.text ?? JSON.stringify(answered.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_REGION: 'eu-central-1' },
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ScriptedRequest> {
  const text = (await buffer(incoming)).toString();
  return {
    operation: String(incoming.headers['x-amz-target']).split('.').at(-1) ?? '',
    body: JSON.parse(text),
    userAgent: String(incoming.headers['user-agent']),
  };
}
