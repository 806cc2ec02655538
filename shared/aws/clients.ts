import type { SQSClientConfig } from '@aws-sdk/client-sqs';
import type { Environment } from '../runtime/env.ts';

/**
 * An SDK client, or the environment to call its service in. The caller closes a client that it passes; a client created
 * here lives as long as the process.
 */
export type ClientOrEnv<Client> = { client: Client } | { env: Environment };

/** Limit for a connection, short because an endpoint that listens accepts at once. */
const CONNECT_MS = 1_000;
/** Connections of one client, which all adapters share; a call that waits for one counts as connecting. */
const MAX_CONNECTIONS = 250;
/** Limit for an answer; SQS, SNS, DynamoDB and Secrets Manager answer within tens of milliseconds. */
const ANSWER_MS = 5_000;

type Logger = NonNullable<SQSClientConfig['logger']>;

/**
 * A logger without `info`. The SDK copies every command's input and output for `info` even if the method does nothing;
 * without `info` it does not, which saves a tenth of each call's CPU. Errors are thrown to the caller anyway.
 */
const SILENT: Pick<Logger, 'debug' | 'warn' | 'error'> = { debug() {}, warn() {}, error() {} };

/**
 * Options of every SDK client. A call has three attempts with the SDK's backoff. A request without an answer fails
 * after five seconds, because by default the SDK waits until the invocation ends. With `AWS_ENDPOINT_URL` the client
 * calls that endpoint with the credentials of the same environment; a role's temporary ones count only with their
 * session token. Without any it signs as nobody, so that the SDK does not use the developer's own credentials and the
 * local endpoint refuses the call. S3 needs the path style there, because an endpoint has no host name per bucket.
 */
export function clientOptions(env: Environment) {
  const endpoint = env.AWS_ENDPOINT_URL;
  const { AWS_ACCESS_KEY_ID: accessKeyId = 'nobody', AWS_SECRET_ACCESS_KEY: secretAccessKey = 'nobody' } = env;
  const { AWS_SESSION_TOKEN: sessionToken } = env;
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? (endpoint === undefined ? undefined : 'eu-central-1');
  return {
    maxAttempts: 3,
    retryMode: 'standard' as const,
    logger: SILENT as Logger,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      socketTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: MAX_CONNECTIONS },
      httpsAgent: { maxSockets: MAX_CONNECTIONS },
    },
    customUserAgent: [['zpa-changes', '1'] as [string, string]],
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint, credentials, forcePathStyle: true }),
  };
}

type Service<Client> = new (options: ReturnType<typeof clientOptions>) => Client;

const made = new WeakMap<Environment, Map<unknown, unknown>>();

/**
 * Returns the given client, or that of the service in the environment. All adapters share it: a client of its own would open
 * its own connections, and work out its endpoint and credentials once more with its first call.
 */
export function clientFrom<Client>(from: ClientOrEnv<Client>, service: Service<Client>): Client {
  if ('client' in from) return from.client;
  const clients = made.get(from.env) ?? new Map<unknown, unknown>();
  made.set(from.env, clients);
  const client = (clients.get(service) as Client | undefined) ?? new service(clientOptions(from.env));
  clients.set(service, client);
  return client;
}
