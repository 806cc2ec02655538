import { IncomingMessage } from 'node:http';
import type { AwsService } from './faults.ts';

/** A request that has arrived completely, with its service and operation. */
export type AwsRequest = { service: AwsService; operation: string; body: Buffer };

/** More than any request of these services may carry but S3's largest; reports are far smaller. */
const MAX_BYTES = 64 * 1024 * 1024;

const TARGETS: Record<string, AwsService> = {
  DynamoDB_20120810: 'dynamodb',
  AmazonSQS: 'sqs',
  secretsmanager: 'secretsmanager',
};

/** Routes by what each wire protocol puts where: X-Amz-Target, a form with an Action, everything else is S3. */
export async function readAwsRequest(request: IncomingMessage): Promise<AwsRequest> {
  const body = await readBody(request);
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const [prefix = '', operation = ''] = target.split('.');
    const service = TARGETS[prefix];
    if (service !== undefined) return { service, operation, body };
  }
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const form = new URLSearchParams(body.toString('utf8'));
    return { service: 'sns', operation: form.get('Action') ?? '', body };
  }
  return { service: 's3', operation: request.method ?? 'GET', body };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece: Buffer = chunk;
    bytes += piece.length;
    if (bytes > MAX_BYTES) throw new Error('request body too large');
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}

/** The same request again, unread, for an embedded emulator. */
export function replay(request: IncomingMessage, body: Buffer): IncomingMessage {
  const copy = new IncomingMessage(request.socket);
  copy.method = request.method ?? 'GET';
  copy.url = request.url ?? '/';
  copy.httpVersion = request.httpVersion;
  copy.httpVersionMajor = request.httpVersionMajor;
  copy.httpVersionMinor = request.httpVersionMinor;
  copy.headers = request.headers;
  copy.rawHeaders = request.rawHeaders;
  // Complete: its end must not look like a lost connection.
  copy.complete = true;
  copy.push(body);
  copy.push(null);
  return copy;
}
