import { compose as composeIngest } from '../../../functions/ingest/compose.ts';
import { compose as composeReconcile } from '../../../functions/reconcile/compose.ts';
import { signedBy } from '../../../local/aws/access/caller.ts';
import { resourceNames } from '../../../local/aws/common/resource-names.ts';
import { createResources } from '../../../local/aws/create-resources.ts';
import { startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import { startHttpFront } from '../../../local/lambda/http-front.ts';
import { startJira } from '../../../local/ticket-systems/jira/jira.ts';
import { startServiceNow } from '../../../local/ticket-systems/servicenow/servicenow.ts';
import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import { FUNCTIONS, type FunctionName } from '../../../shared/deployment/resources.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { laneName } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { signPayload } from '../../../shared/domain/source/sign-payload.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const TENANT = { customerId: '216196257331281920', vanity: 'acme' };
const MINUTE = 60_000;

type SnowPreset = 'servicenow-change' | 'servicenow-task' | 'servicenow-request';

function configurationFor(urls: { snow: string; jira: string }, preset: SnowPreset) {
  const shared = {
    grants: [{ tenants: ['acme-prod'], actions: ['update'], groups: ['*'], applications: ['*'] }],
  };
  const concerns = (field: string) => [{ field, filled: true }];
  const here = { allowedPrivateCidrs: ['127.0.0.0/8'] };
  const tenant = { value: 'acme-prod' };
  return configurationSchema.parse({
    name: 'wire',
    tenants: { 'acme-prod': TENANT },
    sources: {
      snow: {
        ...shared,
        system: 'ServiceNow',
        mapping: { preset, rows: { tenant } },
        tickets: { kind: 'servicenow', url: urls.snow, ...here },
        approval: { gate: { preset, concerns: concerns('record.variables.zpa_action') } },
      },
      jira: {
        ...shared,
        system: 'Jira',
        mapping: { preset: 'jira-issue', rows: { tenant } },
        tickets: { kind: 'jira', url: urls.jira, ...here },
        approval: { gate: { preset: 'jira-issue', concerns: concerns('issue.fields.customfield_10101') } },
      },
    },
  });
}

/** reconcile and ingest as deployed, over the AWS of this machine and two small ticket systems with a clock of their own. */
export async function startReconcileWorld(preset: SnowPreset = 'servicenow-change') {
  // Their times lie in the last hour, a minute apart, so that a later event is later in every system's seconds.
  let at = Date.now() - 60 * MINUTE;
  const now = () => at;
  const [aws, snow, jira] = await Promise.all([startAwsEndpoint(), startServiceNow({ now }), startJira({ now })]);
  const configuration = configurationFor({ snow: snow.url, jira: jira.url }, preset);
  const resources = await createResources(aws, configuration, {
    'wire/status': 'any long random text',
    'wire/source/snow': JSON.stringify({ secrets: [SECRET] }),
    'wire/tickets-read/snow': JSON.stringify({ user: 'zpa.changes', password: 'local' }),
    'wire/tickets-read/jira': JSON.stringify({ email: 'zpa-changes@acme.example', apiToken: 'local' }),
  });
  const quiet = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  const env = { ...resources, ...quiet, PUBLIC_URL: 'https://hooks.example' };
  const as = (name: FunctionName) => signedBy(env, { configuration: configuration.name, name });
  const reconcile = composeReconcile(as('reconcile'));
  const route = FUNCTIONS.ingest.route;
  const front = await startHttpFront({
    routes: [{ route, function: { name: 'ingest', timeoutMs: 15_000, handler: composeIngest(as('ingest')) } }],
  });
  const ledger = createDynamoLedger({ env, tableName: resources.TABLE_NAME });
  const scope = (source: string) => ({
    lane: laneName({ cloud: 'PRODUCTION', ...TENANT }),
    source,
    tenant: 'acme-prod',
  });
  return {
    snow,
    jira,
    tick: () => {
      at += MINUTE;
    },
    run: () => reconcile({}, { getRemainingTimeInMillis: () => 300_000 }),
    changesOf: (source: string, ticket: string): Promise<ChangeRecord[]> =>
      ledger.changesOf(scope(source), `${ticket}/`),
    queued: () => aws.contents(resourceNames(configuration.name).changes, 1000)?.messages ?? [],
    async deliver(source: string, payload: unknown) {
      const sample = { id: 'msg_1', at: Date.now(), body: JSON.stringify(payload) };
      const proving = configuration.sources[source] ?? { scheme: { kind: 'standard-webhooks' } };
      const { headers, body } = signPayload(proving, SECRET, sample);
      const answer = await fetch(`${front.url}/webhooks/${source}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body,
      });
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as unknown };
    },
    async [Symbol.asyncDispose]() {
      await front.close();
      await Promise.all([aws.close(), snow.close(), jira.close()]);
    },
  };
}

export type ReconcileWorld = Awaited<ReturnType<typeof startReconcileWorld>>;
