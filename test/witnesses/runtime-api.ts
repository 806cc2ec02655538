import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Invoked, LambdaError } from '../contract/lambda-runtime.contract.ts';

/** AWS's runtime API, as much of it as one runtime needs that takes one event at a time. */
export type RuntimeApi = {
  /** Host and port. */
  address: string;
  /** Resolves when the runtime asks for its first event, or to the error that it reports instead. */
  started: Promise<LambdaError | undefined>;
  invoke(event: unknown): Promise<Invoked>;
  close(): void;
};

type Pending = { event: unknown; answer: (invoked: Invoked) => void };

/** @param timeoutMs the time of an invocation that the runtime is told */
export async function startRuntimeApi(timeoutMs: number): Promise<RuntimeApi> {
  const started = Promise.withResolvers<LambdaError | undefined>();
  const waiting: Pending[] = [];
  const underWay = new Map<string, Pending>();
  let asking: ServerResponse | undefined;

  /** Hands the oldest event to the runtime, if it asks for one. */
  function handOut(): void {
    const next = asking === undefined ? undefined : waiting.shift();
    if (next === undefined || asking === undefined) return;
    const id = randomUUID();
    underWay.set(id, next);
    asking.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': id,
      'lambda-runtime-deadline-ms': String(Date.now() + timeoutMs),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-central-1:000000000000:function:witness',
    });
    asking.end(JSON.stringify(next.event));
    asking = undefined;
  }

  const server = createServer(async (request, response) => {
    const [, , , area, id = '', kind] = request.url?.split('/') ?? [];
    if (id === 'next') {
      asking = response;
      started.resolve(undefined);
      handOut();
      return;
    }
    const body: unknown = JSON.parse((await readAll(request)) || 'null');
    if (area === 'init') started.resolve(body as LambdaError);
    underWay.get(id)?.answer(kind === 'error' ? { error: body as LambdaError } : { result: body });
    response.writeHead(202).end('{}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    address: `127.0.0.1:${address.port}`,
    started: started.promise,
    invoke: (event) =>
      new Promise((answer) => {
        waiting.push({ event, answer });
        handOut();
      }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
