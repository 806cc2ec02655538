import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { secretNames } from '../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import { schemeOf } from '../../shared/domain/source/schemes.ts';
import { signPayload } from '../../shared/domain/source/sign-payload.ts';
import { createMemorySecrets } from '../fakes/memory-secrets.ts';
import { accessTo, createMemoryTickets } from '../fakes/memory-tickets.ts';
import { createIngestWorld } from '../unit/ingest/ingest-world.ts';
import { snowTicket } from '../unit/ingest/ticket-world.ts';
import { FUZZ_CONFIGURATION, SOURCES } from './fuzz-sources.ts';
import type { HostileRequest } from './hostile-requests.ts';

const KEY = new Uint8Array(32).fill(7);
const FOREIGN = new Uint8Array(32).fill(9);

const secretOf = (source: string, key = KEY) => {
  const configured = lookup(SOURCES, source);
  return schemeOf(configured?.scheme ?? { kind: 'standard-webhooks' }).toSecret(key);
};

/** Every text that proves something, and the parts of it that a log line could show. */
export const SECRETS = [
  ...new Set(Object.keys(SOURCES).flatMap((source) => secretOf(source).split(/whsec_|zpa-changes:/))),
].filter((text) => text !== '');

const TEXTS = Object.fromEntries(
  Object.keys(SOURCES).map((source) => [
    secretNames.source(FUZZ_CONFIGURATION.name, source),
    JSON.stringify({ secrets: [secretOf(source)] }),
  ]),
);

/** The result of a request: every answer, every parsed text, and everything logged and stored meanwhile. */
export type Observed = {
  answers: APIGatewayProxyStructuredResultV2[];
  /** The body as it was sent, if it was text. */
  sent: string;
  /** The proof fits the body as it was sent, and the event is one of API Gateway's. */
  proved: boolean;
  parsed: string[];
  /** Log lines before anything is redacted, and names and dimensions of metrics. */
  said: string;
  kept: number;
};

/** A world of its own for each request: what is found depends on nothing that came before. */
export async function play(request: HostileRequest): Promise<Observed> {
  const tickets = createMemoryTickets();
  tickets.tickets.set('CHG0031337', snowTicket());
  const world = createIngestWorld({
    configuration: FUZZ_CONFIGURATION,
    secrets: createMemorySecrets({ ...TEXTS, [secretNames.status(FUZZ_CONFIGURATION.name)]: 'any long random text' }),
    tickets: accessTo({ snow: tickets, 'snow-open': tickets }),
    plans: { send: async () => undefined },
  });
  const made = makeEvent(request, world.clock.now());
  const events = [made.event];
  if (request.followedBy === 'again') events.push(made.event);
  if (request.followedBy === 'other-id') events.push(underOtherId(made.event));
  const { results, parsed } = await listening(async () => {
    const answers: APIGatewayProxyStructuredResultV2[] = [];
    for (const event of events) answers.push(await world.handle(event));
    return answers;
  });
  return {
    answers: results,
    sent: made.sent,
    proved: made.proved,
    parsed,
    said: `${world.log.text()}\n${JSON.stringify(world.meter.counts)}`,
    kept: world.ledger.writes + world.queue.sent.length + tickets.reads.length + tickets.comments.length,
  };
}

type Event = { headers: Record<string, string | undefined>; [name: string]: unknown };

function makeEvent(request: HostileRequest, now: number): { event: Event; sent: string; proved: boolean } {
  const bytes = Buffer.from(request.body);
  const text = bytes.toString('utf8');
  const faithful = Buffer.compare(Buffer.from(text), bytes) === 0;
  const signed = prove(request, text, now);
  const sent = typeof request.body === 'string' ? (signed?.body ?? text) : text;
  const raw = typeof request.body === 'string' ? Buffer.from(sent) : bytes;
  const event = {
    version: '2.0',
    headers: { ...request.noise, ...signed?.headers, ...request.over },
    pathParameters: { source: request.source },
    body: raw.toString(request.base64 || !faithful ? 'base64' : 'utf8'),
    isBase64Encoded: request.base64 || !faithful,
    requestContext: { domainName: 'hooks.example', http: { method: request.method, sourceIp: request.sourceIp } },
    ...request.event,
  };
  const whole = Object.keys(request.event).length === 0 && faithful;
  return { event, sent, proved: whole && isGenuine(request) };
}

/** A delivery that is only old still proves its source, unless its scheme signs the time. */
function isGenuine({ source, proof }: HostileRequest): boolean {
  const scheme = lookup(SOURCES, source)?.scheme;
  if (scheme === undefined) return false;
  const dated = scheme.kind === 'standard-webhooks' || (scheme.kind === 'hmac' && scheme.timestampHeader !== undefined);
  return proof === 'genuine' || (proof === 'stale' && !dated);
}

const YEAR_MS = 365 * 24 * 3_600_000;

/** Headers and body as the source would send them, then corrupted as the case requires. */
function prove({ source, proof, body }: HostileRequest, text: string, now: number) {
  const configured = lookup(SOURCES, source);
  if (configured === undefined || proof === 'none') return undefined;
  const at = proof === 'stale' ? now - YEAR_MS : now;
  const secret = secretOf(source, proof === 'foreign' ? FOREIGN : KEY);
  const sample = { id: 'delivery-1', at, body: text };
  const proving = schemeOf(configured.scheme).sign(secret, sample);
  // Bytes go as they are: no id and time are written into them.
  const whole: { headers: Record<string, string>; body: string } = signPayload(configured, secret, sample);
  const signed = typeof body === 'string' ? whole : { headers: proving, body: text };
  if (proof !== 'spoiled') return signed;
  const last = Object.keys(proving).at(-1) ?? '';
  const spoiled = { ...signed.headers, [last]: flipLast(proving[last] ?? '') };
  return { ...signed, headers: spoiled };
}

const flipLast = (text: string) => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;

const ID_HEADERS = ['webhook-id', 'x-id', 'x-github-delivery', 'x-atlassian-webhook-identifier'];

function underOtherId(event: Event): Event {
  const { headers } = event;
  if (headers === null || typeof headers !== 'object' || Array.isArray(headers)) return event;
  const changed = Object.entries(headers).map(([name, value]) => [
    name,
    ID_HEADERS.includes(name) ? 'delivery-2' : value,
  ]);
  return { ...event, headers: Object.fromEntries(changed) };
}

/** Every text that `JSON.parse` is given while `work` runs. */
async function listening<T>(work: () => Promise<T>): Promise<{ results: T; parsed: string[] }> {
  const parsed: string[] = [];
  const { parse } = JSON;
  JSON.parse = (text: string, reviver?: Parameters<typeof parse>[1]) => {
    parsed.push(text);
    return parse(text, reviver);
  };
  try {
    return { results: await work(), parsed };
  } finally {
    JSON.parse = parse;
  }
}
