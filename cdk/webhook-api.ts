import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Alias, IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { FUNCTIONS } from '../shared/deployment/resources.ts';
import type { DomainConfiguration } from './configuration/domain-schema.ts';
import type { Releases } from './functions/releases.ts';
import { acknowledge } from './nag/acknowledge.ts';
import { createDomain } from './webhook-domain.ts';

/**
 * Limits of requests per second and of a burst, for each route by itself: anybody may ask for a status link, and a flood of
 * such requests must not take the place of webhooks. A ticket system sends up to 100 changes in one request, and ZPA
 * accepts about one write per second, so these suffice for any real use. They also bound how many functions run at a time;
 * no concurrency is reserved, because an account with Lambda's first quota could not be deployed to.
 */
const THROTTLE = {
  ingest: { rateLimit: 20, burstLimit: 40 },
  status: { rateLimit: 10, burstLimit: 20 },
  catalog: { rateLimit: 5, burstLimit: 10 },
};

/**
 * Fields of the access log, one JSON line per request. It contains the route and not the path, because the path of a
 * status link is its key, and nothing of headers or query.
 */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  at: '$context.requestTimeEpoch',
  route: '$context.routeKey',
  status: '$context.status',
  sourceIp: '$context.identity.sourceIp',
  responseLength: '$context.responseLength',
  responseLatencyMs: '$context.responseLatency',
  error: '$context.error.message',
  integrationError: '$context.integrationErrorMessage',
};

export type WebhookApiProps = {
  name: string;
  releases: Pick<Releases, 'ingest' | 'status' | 'catalog'>;
  logRetentionDays: RetentionDays;
  domain: DomainConfiguration | undefined;
};

/** `domainTarget` is where the name of a domain has to lead, if its record is made elsewhere. */
export type WebhookApi = { api: HttpApi; url: string; domainTarget?: string };

/**
 * Creates the HTTP API: webhooks to `ingest`, status links to `status`, names to `catalog`. It answers on HTTPS only.
 */
export function createWebhookApi(
  scope: Construct,
  { name, releases, logRetentionDays, domain }: WebhookApiProps,
): WebhookApi {
  const api = new HttpApi(scope, 'Api', {
    apiName: name,
    createDefaultStage: false,
    // With a domain, the address of API Gateway would be a second way in that outlives nothing.
    ...(domain !== undefined && { disableExecuteApiEndpoint: true }),
  });
  const routes = [
    ...addRoute(api, FUNCTIONS.ingest.route, releases.ingest, SIGNED),
    ...addRoute(api, FUNCTIONS.status.route, releases.status, UNGUESSABLE),
    ...addRoute(api, FUNCTIONS.catalog.route, releases.catalog, CREDENTIALS),
  ];
  const stage = new HttpStage(scope, 'Stage', {
    httpApi: api,
    stageName: '$default',
    autoDeploy: true,
    // A route that has no limits of its own gets the lowest.
    throttle: THROTTLE.catalog,
    detailedMetricsEnabled: true,
    accessLogSettings: {
      destination: new LogGroupLogDestination(createAccessLogs(scope, name, logRetentionDays)),
      format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
    },
  });
  limitRoutes(stage, routes);
  if (domain === undefined) return { api, url: stage.url.replace(/\/$/, '') };
  const domainTarget = createDomain(scope, domain, { api, stage });
  return { api, url: `https://${domain.hostName}`, ...(domainTarget !== undefined && { domainTarget }) };
}

const SIGNED =
  'Ticket systems cannot sign in to AWS: every delivery is signed, and ingest verifies the signature over the raw body.';
const UNGUESSABLE =
  'The link is the key: 256 random bits, stored as a hash, good for 30 days. People open it from a ticket without an AWS sign-in.';

const CREDENTIALS =
  'Ticket systems cannot sign in to AWS: the function itself asks for the catalog secret of a source and shows what its grants cover.';

/** CloudFormation refuses settings of a route that does not exist yet, so the stage is created after its routes. */
function limitRoutes(stage: HttpStage, routes: readonly HttpRoute[]): void {
  stage.node.addDependency(...routes);
  const settings = Object.entries(THROTTLE).map(([name, { rateLimit, burstLimit }]) => [
    FUNCTIONS[name as keyof typeof THROTTLE].route,
    { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit, DetailedMetricsEnabled: true },
  ]);
  (stage.node.defaultChild as CfnStage).routeSettings = Object.fromEntries(settings);
}

function addRoute(api: HttpApi, route: string, handler: Alias, reason: string): HttpRoute[] {
  const [method, path = ''] = route.split(' ');
  const routes = api.addRoutes({
    path,
    methods: [method === 'ANY' ? HttpMethod.ANY : HttpMethod.GET],
    // The cast is needed because CDK's class does not fit its interface under exactOptionalPropertyTypes (`role`).
    integration: new HttpLambdaIntegration(route, handler as IFunction),
  });
  for (const added of routes) acknowledge(added, 'AwsSolutions-APIG4', reason);
  return routes;
}

/**
 * API Gateway writes through log delivery, whose size-limited resource policy already covers the prefix
 * `/aws/vendedlogs/`.
 */
function createAccessLogs(scope: Construct, name: string, retention: RetentionDays): LogGroup {
  return new LogGroup(scope, 'AccessLogs', {
    logGroupName: `/aws/vendedlogs/${name}/access`,
    retention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
