import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { callerOf } from '../../local/aws/access/caller.ts';

/** Calls of a part of the world, in the units that AWS bills. */
export type Calls = {
  /** Write request units: one per KB of an item, and one for its entries in the indexes. */
  writeUnits: number;
  /** Read request units: one per 4 KB of what is read consistently, as the ledger is; at least one. */
  readUnits: number;
  sqs: number;
  sns: number;
  secrets: number;
  s3Puts: number;
  s3Gets: number;
  zpa: number;
};

/** Calls of DynamoDB by their names, for the reader of the table. */
export type Counted = { calls: Calls; operations: Record<string, number> };

const CHANNEL = 'http.server.response.finish';

const NOTHING: Calls = { writeUnits: 0, readUnits: 0, sqs: 0, sns: 0, secrets: 0, s3Puts: 0, s3Gets: 0, zpa: 0 };

/**
 * Counts the calls of functions, and of the pollers that Lambda runs in their name, to the world's AWS and ZPA. Sizes
 * are those of the requests and answers in DynamoDB's JSON, which is longer than what DynamoDB counts: the units are
 * rather too many.
 */
export function countCalls({ aws, zpa }: { aws: string; zpa: string }) {
  const [awsPort, zpaPort] = [aws, zpa].map((url) => Number(new URL(url).port));
  let counted: Counted = { calls: { ...NOTHING }, operations: {} };
  const onFinish = (message: unknown) => {
    const { request, response, server } = message as {
      request: IncomingMessage;
      response: ServerResponse;
      server: Server;
    };
    const port = (server.address() as AddressInfo | null)?.port;
    if (port === zpaPort) counted.calls.zpa += 1;
    if (port === awsPort && callerOf(request) !== 'operator') count(counted, request, response);
  };
  subscribe(CHANNEL, onFinish);
  return {
    /** The counts since the last call. */
    take(): Counted {
      const taken = counted;
      counted = { calls: { ...NOTHING }, operations: {} };
      return taken;
    },
    close: () => void unsubscribe(CHANNEL, onFinish),
  };
}

function count({ calls, operations }: Counted, request: IncomingMessage, response: ServerResponse): void {
  const target = request.headers['x-amz-target'];
  const [service = '', operation = ''] = typeof target === 'string' ? target.split('.') : [];
  if (service.startsWith('DynamoDB')) {
    operations[operation] = (operations[operation] ?? 0) + 1;
    if (/^(Put|Update|Delete)/.test(operation))
      calls.writeUnits += Math.ceil(bytes(request.headers['content-length']) / 1024) + 1;
    else calls.readUnits += Math.max(1, Math.ceil(bytes(response.getHeader('content-length')) / 4096));
  } else if (service.startsWith('AmazonSQS')) {
    // Empty receives do not come from changes: they are counted as the pollers' own, by the hour.
    if (/Send|Delete|ChangeMessage/.test(operation)) calls.sqs += 1;
  } else if (service === 'secretsmanager') calls.secrets += 1;
  else if (request.method === 'PUT') calls.s3Puts += 1;
  else if (request.method === 'GET' || request.method === 'HEAD') calls.s3Gets += 1;
  else calls.sns += 1;
}

const bytes = (length: unknown) => Number(length ?? 0);
