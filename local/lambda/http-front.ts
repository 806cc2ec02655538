import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { z } from 'zod';
import type { Clock } from '../../shared/ports/ports.ts';
import { machineClock } from '../aws/common/scaled-clock.ts';
import { type MatchedRoute, toHttpEvent } from './http-event.ts';
import { invoke, type LambdaFunction } from './invocation.ts';

export type HttpRoute = {
  /** `ANY /webhooks/{source}`, as in `FUNCTIONS`. */
  route: string;
  function: LambdaFunction<APIGatewayProxyEventV2>;
};

export type HttpFrontOptions = {
  port?: number;
  routes: readonly HttpRoute[];
  clock?: Clock;
  /** Called with the status of each answer. */
  onAnswer?: (status: number) => void;
};
export type HttpFront = { url: string; close(): Promise<void> };

/** "Quotas for HTTP APIs": payload size. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** An HTTP API of API Gateway (payload version 2.0) on 127.0.0.1. Closing lets running requests end. */
export async function startHttpFront(options: HttpFrontOptions): Promise<HttpFront> {
  const clock = options.clock ?? machineClock;
  const routes = options.routes.map(compileRoute);
  const server = createServer((request, response) => {
    response.once('finish', () => options.onAnswer?.(response.statusCode));
    serve(routes, clock, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  // A TCP server's address is always an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

type CompiledRoute = HttpRoute & { match: (method: string, path: string) => MatchedRoute | undefined };

/** Each `{name}` stands for one path segment. */
function compileRoute(route: HttpRoute): CompiledRoute {
  const [method = '', template = ''] = route.route.split(' ');
  const parts = template.split('/');
  const match = (requestMethod: string, path: string): MatchedRoute | undefined => {
    const given = path.split('/');
    if ((method !== 'ANY' && requestMethod !== method) || given.length !== parts.length) return undefined;
    const pathParameters: Record<string, string> = {};
    for (const [index, part] of parts.entries()) {
      const value = given[index] ?? '';
      const name = /^\{(\w+)\}$/.exec(part)?.[1];
      if (name === undefined ? part !== value : value === '') return undefined;
      if (name !== undefined) pathParameters[name] = decode(value);
    }
    return { routeKey: route.route, pathParameters };
  };
  return { ...route, match };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function serve(
  routes: readonly CompiledRoute[],
  clock: Clock,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  for (const route of routes) {
    const matched = route.match(request.method ?? 'GET', path);
    if (matched === undefined) continue;
    const body = await readBody(request);
    if (body === undefined) {
      answer(response, 413, 'Request Entity Too Large');
      return;
    }
    const invoked = await invoke(route.function, toHttpEvent(request, body, matched, clock.now()), clock);
    if (invoked.outcome === 'returned') sendResult(response, invoked.result);
    else if (invoked.outcome === 'throttled') answer(response, 503, 'Service Unavailable');
    else answer(response, 500, 'Internal Server Error');
    return;
  }
  request.resume();
  answer(response, 404, 'Not Found');
}

/** undefined: larger than API Gateway accepts; the rest of it is read and discarded. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece: Buffer = chunk;
    bytes += piece.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(piece);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

function answer(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ message }));
}

const structured = z.looseObject({
  statusCode: z.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
  cookies: z.array(z.string()).nullish(),
});

/** "Lambda function response for format 2.0": without a status code the result itself is the JSON body of a 200. */
function sendResult(response: ServerResponse, result: unknown): void {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(typeof result === 'string' ? result : JSON.stringify(result));
    return;
  }
  const parsed = structured.safeParse(result);
  if (!parsed.success) {
    answer(response, 500, 'Internal Server Error');
    return;
  }
  const { statusCode, headers, body, isBase64Encoded, cookies } = parsed.data;
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, String(value));
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'text/plain; charset=utf-8');
  if (cookies?.length) response.setHeader('set-cookie', cookies);
  response.writeHead(statusCode);
  response.end(Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'));
}
