import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createIngestHandler } from '../../../functions/ingest/handler.ts';
import type { IngestPorts } from '../../../functions/ingest/ports.ts';
import { type Configuration, configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { TIMING } from '../../../shared/domain/ledger/timing.ts';
import { signWebhook } from '../../../shared/domain/source/webhook-signature.ts';
import { createFakeChance } from '../../fakes/fake-chance.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';
import { createMemoryKnownLanes } from '../../fakes/memory-known-lanes.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { createMemoryQueue } from '../../fakes/memory-queues.ts';
import { createMemorySecrets } from '../../fakes/memory-secrets.ts';
import { createMemoryWithdrawals } from '../../fakes/memory-withdrawals.ts';
import { createRecordingLog, createRecordingMeter } from '../../fakes/recording.ts';

export const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
export const PREVIOUS = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
export const LANE = 'PRODUCTION:216196257331281920';

/** Two tenants of different customers, one of them with microtenants; sources from wide grants to none. */
export const CONFIGURATION: Configuration = configurationSchema.parse({
  name: 'test',
  tenants: {
    'acme-prod': { customerId: '216196257331281920', vanity: 'acme' },
    'acme-beta': { cloud: 'BETA', customerId: '7', vanity: 'acme', microtenants: { berlin: '1', paris: '2' } },
    secret: { customerId: '9', vanity: 'acme' },
  },
  sources: {
    servicenow: {
      system: 'servicenow',
      ticketUrl: 'https://acme.service-now.example/nav_to.do?id={id}',
      grants: [
        {
          tenants: ['acme-prod', 'acme-beta'],
          actions: ['create', 'update', 'delete'],
          groups: ['*'],
          applications: ['*'],
          flags: ['leaveUngrouped'],
          changesPerHour: 200,
        },
      ],
    },
    jira: {
      system: 'jira',
      grants: [
        { tenants: ['acme-prod'], actions: ['update'], groups: ['Remote*'], applications: [], changesPerHour: 3 },
      ],
    },
    split: {
      system: 'split',
      grants: ['update', 'delete'].map((action) => ({
        tenants: ['acme-prod'],
        actions: [action],
        groups: ['*'],
        changesPerHour: 1,
      })),
    },
    idle: { system: 'idle' },
  },
});

export function createIngestWorld(overrides: Partial<IngestPorts> = {}) {
  const ledger = createMemoryLedger();
  const queue = createMemoryQueue();
  const clock = createFakeClock();
  const log = createRecordingLog();
  const meter = createRecordingMeter();
  const secrets = createMemorySecrets({
    'test/source/servicenow': JSON.stringify({ secrets: [SECRET, PREVIOUS] }),
    'test/source/jira': JSON.stringify({ secrets: [SECRET] }),
    'test/source/split': JSON.stringify({ secrets: [SECRET] }),
    'test/source/idle': JSON.stringify({ secrets: [SECRET] }),
    'test/status': 'any long random text',
  });
  const knownLanes = createMemoryKnownLanes();
  const withdrawals = createMemoryWithdrawals();
  const ports = { ledger, withdrawals, knownLanes, queue, secrets, clock, chance: createFakeChance(), log, meter };
  const ingest: IngestPorts = { configuration: CONFIGURATION, timing: TIMING, ...ports, ...overrides };
  const handle = createIngestHandler(ingest, undefined);
  const send = (body: unknown, options: SendOptions = {}) => handle(toEvent(body, clock.now(), options));
  return { ...ports, handle, send };
}

export type IngestWorld = ReturnType<typeof createIngestWorld>;

export type SendOptions = {
  source?: string;
  method?: string;
  secret?: string;
  /** Replaces headers; undefined removes one. */
  headers?: Record<string, string | undefined>;
  /** The timestamp's distance from now. */
  seconds?: number;
  base64?: boolean;
};

/** An HTTP API event of a signed delivery; a body that is no text or bytes is sent as its JSON. */
function toEvent(body: unknown, now: number, options: SendOptions = {}) {
  const bytes =
    body instanceof Uint8Array
      ? Buffer.from(body)
      : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const signedAt = now + (options.seconds ?? 0) * 1000;
  const signed = signWebhook(options.secret ?? SECRET, 'msg_1', signedAt, bytes.toString('utf8'));
  return {
    version: '2.0',
    headers: { 'content-type': 'application/json', ...signed, ...options.headers },
    pathParameters: { source: options.source ?? 'servicenow' },
    body: bytes.toString(options.base64 === true ? 'base64' : 'utf8'),
    isBase64Encoded: options.base64 === true,
    requestContext: { domainName: 'hooks.example', stage: '$default', http: { method: options.method ?? 'POST' } },
  };
}

/** A structured result with its body read. */
export function read(result: APIGatewayProxyStructuredResultV2) {
  const body: Record<string, unknown> = JSON.parse(result.body ?? '{}');
  return { status: result.statusCode, headers: result.headers ?? {}, body, text: result.body ?? '' };
}
