import type { SQSClientConfig } from '@aws-sdk/client-sqs';

/** `process.env`, or what the local world hands a function instead. */
export type AwsEnvironment = Record<string, string | undefined>;

/** An SDK client, or the environment to make one from. The maker of a client closes it; one made here lives as long as the process. */
export type ClientOrEnv<Client> = { client: Client } | { env: AwsEnvironment };

/** Nothing is listening: give up soon. */
const CONNECT_MS = 1_000;
/** No answer: SQS, SNS, DynamoDB and Secrets Manager answer within tens of milliseconds. */
const ANSWER_MS = 5_000;

type Logger = NonNullable<SQSClientConfig['logger']>;

/**
 * What the SDK has to say on its own. It prepares a copy of every command's input and output for `info` even if nobody
 * listens; without an `info` it does not, which saves a tenth of each call's CPU. Errors reach us as errors.
 */
const SILENT: Pick<Logger, 'debug' | 'warn' | 'error'> = { debug() {}, warn() {}, error() {} };

/**
 * Options that every SDK client of ours has. Three attempts with the SDK's backoff; a request without an answer fails
 * after five seconds instead of hanging until the invocation ends (the SDK's default is to wait for ever). With
 * `AWS_ENDPOINT_URL` the client speaks to that endpoint, with the credentials of the same environment, or dummy ones: the
 * SDK is not left to find the developer's own.
 */
export function clientOptions(env: AwsEnvironment) {
  const endpoint = env.AWS_ENDPOINT_URL;
  const { AWS_ACCESS_KEY_ID: accessKeyId = 'local', AWS_SECRET_ACCESS_KEY: secretAccessKey = 'local' } = env;
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
    },
    customUserAgent: [['zpa-changes', '1'] as [string, string]],
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint, credentials: { accessKeyId, secretAccessKey } }),
  };
}

/** The client given, or one made from the environment. */
export function clientFrom<Client>(
  from: ClientOrEnv<Client>,
  make: (options: ReturnType<typeof clientOptions>) => Client,
): Client {
  return 'client' in from ? from.client : make(clientOptions(from.env));
}
