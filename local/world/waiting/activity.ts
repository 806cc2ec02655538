import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An answer that one of the world's own servers has just finished sending. */
export type Activity = { port: number; operation: string };

/** Node's channel for every answer of every HTTP server in this process (diagnostics_channel, "Built-in channels"). */
const CHANNEL = 'http.server.response.finish';

/**
 * Reports what happens in the world without polling: after each answer of a server of this process
 * on one of `ports`, with the AWS operation if it was one (`PutItem`, `Publish`), otherwise the HTTP method.
 */
export function watchActivity(ports: readonly number[], onActivity: (activity: Activity) => void): { close(): void } {
  const onFinish = (message: unknown) => {
    const { request, server } = message as { request: IncomingMessage; server: Server };
    const port = (server.address() as AddressInfo | null)?.port;
    if (port === undefined || !ports.includes(port)) return;
    onActivity({ port, operation: readOperation(request) });
  };
  subscribe(CHANNEL, onFinish);
  return { close: () => void unsubscribe(CHANNEL, onFinish) };
}

/** `DynamoDB_20120810.PutItem` → `PutItem`. SNS uses forms: without a target header every POST to it is a publish. */
function readOperation(request: IncomingMessage): string {
  const target = request.headers['x-amz-target'];
  return typeof target === 'string' ? (target.split('.').at(-1) ?? '') : (request.method ?? '');
}
