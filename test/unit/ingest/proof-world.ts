import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { schemeOf } from '../../../shared/domain/source/schemes.ts';
import { signPayload } from '../../../shared/domain/source/sign-payload.ts';
import { createIngestWorld, read } from './ingest-world.ts';

const KEYS = [1, 2, 3].map((fill) => new Uint8Array(32).fill(fill));

type Sending = {
  id?: string;
  /** The delivery is made this many ms from now. */
  ms?: number;
  /** The one of `KEYS` that proves it. */
  key?: number;
  sourceIp?: string | undefined;
  /** Replaces signed headers; undefined removes one. */
  headers?: Record<string, string | undefined>;
};

/** Ingest with one source, `hooks`, of the given scheme; its secret is the first of `KEYS`. */
export function createProofWorld(settings: object) {
  const configuration = configurationSchema.parse({
    name: 'test',
    tenants: { 'acme-prod': { customerId: '216196257331281920', vanity: 'acme' } },
    sources: {
      hooks: {
        system: 'hooks',
        grants: [{ tenants: ['acme-prod'], actions: ['create', 'update', 'delete'], groups: ['*'] }],
        ...settings,
      },
    },
  });
  const source = configuration.sources.hooks;
  if (source === undefined) throw new Error('it is configured above');
  const world = createIngestWorld({ configuration });
  const secretOf = (index: number) => schemeOf(source.scheme).toSecret(KEYS[index] ?? new Uint8Array());
  const live = (...keys: number[]) =>
    world.secrets.secrets.set('test/source/hooks', JSON.stringify({ secrets: keys.map(secretOf) }));
  live(0);

  /** A delivery as the source makes it. */
  function make(body: unknown, { id = 'delivery-1', ms = 0, key = 0, sourceIp, headers }: Sending = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const signed = signPayload(source ?? { scheme: { kind: 'jira' } }, secretOf(key), {
      id,
      at: world.clock.now() + ms,
      body: text,
    });
    return {
      version: '2.0',
      headers: { ...signed.headers, ...headers },
      pathParameters: { source: 'hooks' },
      body: signed.body,
      isBase64Encoded: false,
      requestContext: { domainName: 'hooks.example', http: { method: 'POST', sourceIp } },
    };
  }

  return {
    ...world,
    live,
    make,
    /** Delivers an event unchanged, for example a captured one. */
    deliver: async (event: unknown) => read(await world.handle(event)),
    send: async (body: unknown, sending?: Sending) => read(await world.handle(make(body, sending))),
  };
}
