import { compose as composeIngest } from '../../../functions/ingest/compose.ts';
import { compose as composeStatus } from '../../../functions/status/compose.ts';
import { signedBy } from '../../../local/aws/access/caller.ts';
import { resourceNames } from '../../../local/aws/common/resource-names.ts';
import { createResources } from '../../../local/aws/create-resources.ts';
import { startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import { startHttpFront } from '../../../local/lambda/http-front.ts';
import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import { FUNCTIONS, type FunctionName } from '../../../shared/deployment/resources.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { signPayload } from '../../../shared/domain/source/sign-payload.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
export const LANE = 'PRODUCTION:216196257331281920';

const GRANT = {
  tenants: ['acme-prod'],
  actions: ['create', 'update', 'delete'],
  groups: ['*'],
  applications: ['*'],
} as const;

const CONFIGURATION = configurationSchema.parse({
  name: 'wire',
  tenants: { 'acme-prod': { customerId: '216196257331281920', vanity: 'acme' } },
  sources: {
    servicenow: {
      system: 'servicenow',
      ticketUrl: 'https://acme.example/{id}',
      grants: [GRANT],
    },
    bare: { system: 'bare' },
    github: { system: 'github', scheme: 'github', allowedCidrs: ['127.0.0.0/8', '::1/128'], grants: [GRANT] },
    elsewhere: { system: 'elsewhere', allowedCidrs: ['203.0.113.0/24'], grants: [GRANT] },
  },
});

const SECRETS = {
  'wire/source/servicenow': JSON.stringify({ secrets: [SECRET] }),
  'wire/source/github': JSON.stringify({ secrets: [SECRET] }),
  'wire/source/elsewhere': JSON.stringify({ secrets: [SECRET] }),
  'wire/status': 'any long random text',
};

/** `headers`: replace the signed headers; a list is sent as that many headers. */
type Sending = {
  source?: string;
  secret?: string;
  contentType?: string;
  id?: string;
  headers?: Record<string, string | string[]>;
};

function send(url: string, text: string, options: Sending): Promise<Response> {
  const { source = 'servicenow', secret = SECRET, contentType = 'application/json', id = 'msg_1' } = options;
  const proving = CONFIGURATION.sources[source] ?? { scheme: { kind: 'standard-webhooks' } };
  const { headers, body } = signPayload(proving, secret, { id, at: Date.now(), body: text });
  const all = new Headers({ ...headers, 'content-type': contentType });
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    all.delete(name);
    for (const one of [value].flat()) all.append(name, one);
  }
  return fetch(`${url}/webhooks/${source}`, { method: 'POST', headers: all, body });
}

/** ingest and status as deployed, behind an HTTP API, over the AWS of this machine: real sockets, real SDK clients. */
export async function startFrontWorld() {
  const aws = await startAwsEndpoint();
  const resources = await createResources(aws, CONFIGURATION, SECRETS);
  const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  const env = { ...resources, ...quiet };
  const as = (name: FunctionName) => signedBy(env, { configuration: CONFIGURATION.name, name });
  const ingest = composeIngest({ ...as('ingest'), PUBLIC_URL: 'https://hooks.example' });
  const status = composeStatus(as('status'));
  const front = await startHttpFront({
    routes: [
      { route: FUNCTIONS.ingest.route, function: { name: 'ingest', timeoutMs: 15_000, handler: ingest } },
      { route: FUNCTIONS.status.route, function: { name: 'status', timeoutMs: 10_000, handler: status } },
    ],
  });
  return {
    aws,
    ledger: createDynamoLedger({ env, tableName: resources.TABLE_NAME }),
    queued: () => aws.contents(resourceNames(CONFIGURATION.name).changes, 1000)?.messages ?? [],
    deliver: (body: unknown, options: Sending = {}) => send(front.url, JSON.stringify(body), options),
    deliverText: (text: string, options: Sending = {}) => send(front.url, text, options),
    /** The address of this front for a status address. */
    statusAt: (address: unknown) => `${front.url}${new URL(String(address)).pathname}`,
    async close() {
      await front.close();
      await aws.close();
    },
  };
}

export type FrontWorld = Awaited<ReturnType<typeof startFrontWorld>>;
