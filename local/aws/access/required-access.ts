import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { TABLE } from '../../../shared/deployment/resources.ts';
import type { AwsRequest } from '../common/aws-request.ts';
import type { AwsService } from '../common/faults.ts';

/** The permission that a request needs; `keys`: the partitions that it names, `prefix`: that of the objects it lists. */
export type RequiredAccess = { action: string; resource: string; keys?: readonly string[]; prefix?: string };

type Place = { region: string; accountId: string };

/** An ARN of this place; a bucket's has neither region nor account. */
export const arnOf = (service: AwsService, name: string, { region, accountId }: Place): string =>
  service === 's3' ? `arn:aws:s3:::${name}` : `arn:aws:${service}:${region}:${accountId}:${name}`;

/**
 * The permissions that a request needs, as IAM sees it. An unknown request becomes an action or a resource of its own
 * name, which no permission has: it is refused.
 */
export function requiredAccess(request: IncomingMessage, awsRequest: AwsRequest, place: Place): RequiredAccess[] {
  const { service, operation } = awsRequest;
  const text = awsRequest.body.toString('utf8');
  if (service === 's3') return accessToObject(request, place);
  const input = inputSchema.parse(service === 'sns' ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text));
  if (service === 'dynamodb') return accessToTable(operation, input, place);
  // IAM knows no action of a batch: each of its entries is one of the single call.
  const action = `${service}:${operation.replace(/Batch$/, '')}`;
  if (service === 'sns') return [{ action, resource: input.TopicArn ?? '' }];
  if (service === 'sqs') return [{ action, resource: arnOf('sqs', input.QueueUrl?.split('/').at(-1) ?? '', place) }];
  return [{ action, resource: arnOf('secretsmanager', `secret:${input.SecretId}-`, place) }];
}

const item = z.record(z.string(), z.unknown());
const inputSchema = z.object({
  TopicArn: z.string().optional(),
  QueueUrl: z.string().optional(),
  SecretId: z.string().optional(),
  TableName: z.string().optional(),
  IndexName: z.string().optional(),
  Key: item.optional(),
  Item: item.optional(),
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(item).optional() })).optional(),
});

const partitionSchema = z.object({ S: z.string() });

/**
 * A query names its partitions in an expression, which is not read here: a permission on some partitions only refuses
 * it.
 */
function accessToTable(operation: string, input: z.infer<typeof inputSchema>, place: Place): RequiredAccess[] {
  const access = (table: string, items: readonly Record<string, unknown>[]): RequiredAccess => {
    const keys = items.map((one) => partitionSchema.parse(one[TABLE.partitionKey]).S);
    const resource = arnOf('dynamodb', `table/${table}`, place);
    return { action: `dynamodb:${operation}`, resource, ...(keys.length > 0 && { keys }) };
  };
  const tables = Object.entries(input.RequestItems ?? {});
  if (tables.length > 0) return tables.map(([table, { Keys = [] }]) => access(table, Keys));
  const index = input.IndexName === undefined ? '' : `/index/${input.IndexName}`;
  return [access(`${input.TableName}${index}`, [input.Key ?? input.Item ?? []].flat())];
}

const OBJECT_ACTIONS: Record<string, string> = { GET: 'GetObject', HEAD: 'GetObject', PUT: 'PutObject' };

/**
 * Reading an object needs `s3:ListBucket` too, or a missing one is answered as forbidden: in AWS only where it is missing,
 * here always, so that no test needs to miss one.
 */
function accessToObject(request: IncomingMessage, place: Place): RequiredAccess[] {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/.exec(decodeURIComponent(pathname)) ?? [];
  const method = request.method ?? 'GET';
  const listed = (prefix: string) => ({ action: 's3:ListBucket', resource: arnOf('s3', bucket, place), prefix });
  if (method === 'GET' && key === '' && searchParams.get('list-type') === '2')
    return [listed(searchParams.get('prefix') ?? '')];
  const plain = [...searchParams.keys()].every((name) => name === 'x-id');
  const known = plain && key !== '' ? OBJECT_ACTIONS[method] : undefined;
  const action = `s3:${known ?? `${method} ${request.url}`}`;
  const access = { action, resource: arnOf('s3', `${bucket}/${key}`, place) };
  return known === 'GetObject' ? [access, listed(key)] : [access];
}
