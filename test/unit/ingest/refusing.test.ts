import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRawChange, rawCreate, rawDelete, rawUpdate } from '../domain/sample-changes.ts';
import { createIngestWorld, PREVIOUS, read, type SendOptions } from './ingest-world.ts';

type Row = [title: string, body: unknown, options: SendOptions, status: number, code: string];

const rows: Row[] = [
  ['another method', rawUpdate(), { method: 'PUT' }, 405, 'method-not-allowed'],
  [
    'a form',
    'a=b',
    { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'unsupported-media-type',
  ],
  ['no content type', rawUpdate(), { headers: { 'content-type': undefined } }, 415, 'unsupported-media-type'],
  [
    'latin-1',
    rawUpdate(),
    { headers: { 'content-type': 'application/json; charset=latin1' } },
    415,
    'unsupported-media-type',
  ],
  ['more than a mebibyte', 'x'.repeat(1024 * 1024 + 1), {}, 413, 'body-too-large'],
  ['no signature', rawUpdate(), { headers: { 'webhook-signature': undefined } }, 401, 'signature-missing'],
  ['no timestamp', rawUpdate(), { headers: { 'webhook-timestamp': undefined } }, 401, 'signature-missing'],
  [
    'a wrong signature',
    rawUpdate(),
    { headers: { 'webhook-signature': `v1,${'A'.repeat(43)}=` } },
    401,
    'signature-wrong',
  ],
  ['the secret of another', rawUpdate(), { source: 'jira', secret: PREVIOUS }, 401, 'signature-wrong'],
  ['a stale timestamp', rawUpdate(), { seconds: -301 }, 401, 'timestamp-stale'],
  ['a future timestamp', rawUpdate(), { seconds: 301 }, 401, 'timestamp-future'],
  ['an unknown source', rawUpdate(), { source: 'nobody' }, 404, 'unknown-source'],
  ['a source named like a method of objects', rawUpdate(), { source: 'constructor' }, 404, 'unknown-source'],
  ['bytes that are not UTF-8', Buffer.from('{"a":"\xff"}', 'latin1'), { base64: true }, 400, 'body-not-utf8'],
  ['no JSON', '{"schemaVersion":1', {}, 400, 'not-json'],
  ['an empty body', '', {}, 400, 'not-json'],
  ['a byte order mark, signed as sent', '\uFEFF{}', {}, 400, 'not-json'],
  ['a key twice', '{"tenant":"a","tenant":"b"}', {}, 400, 'not-json'],
  ['a hundred thousand brackets', '['.repeat(100_000), {}, 400, 'not-json'],
  ['no object', '[]', {}, 422, 'invalid-change'],
  [
    'an object whose length cannot be compared',
    rawUpdate({ group: { name: { length: { toString: '' } } }, set: { enabled: true } }),
    {},
    422,
    'invalid-change',
  ],
  [
    'one of those to be cancelled',
    '{"cancel":[{"idempotencyKey":{"length":{"toString":1,"valueOf":1}},"tenant":"acme-prod","reason":"x"}]}',
    {},
    422,
    'invalid-change',
  ],
  ['no change', { changes: [] }, {}, 422, 'invalid-change'],
  ['101 changes', { changes: Array(101).fill(rawUpdate()) }, {}, 422, 'invalid-change'],
  ['changes and more', { changes: [rawUpdate()], tenant: 'acme-prod' }, {}, 422, 'invalid-change'],
  ['an unknown tenant', rawDelete({ tenant: 'nowhere' }), {}, 422, 'invalid-change'],
  ['a tenant named like a method of objects', rawDelete({ tenant: 'constructor' }), {}, 422, 'invalid-change'],
  ['no microtenant where there are several', rawDelete({ tenant: 'acme-beta' }), {}, 422, 'invalid-change'],
  ['an unknown microtenant', rawDelete({ tenant: 'acme-beta', microtenant: 'rome' }), {}, 422, 'invalid-change'],
  ['a microtenant where there is none', rawDelete({ microtenant: 'rome' }), {}, 422, 'invalid-change'],
  ['an unknown action', { ...rawDelete(), action: 'move' }, {}, 422, 'invalid-change'],
  ['an unknown field', rawDelete({ colour: 'red' }), {}, 422, 'invalid-change'],
  ['an id as number', rawDelete({ group: { id: 45096653 } }), {}, 422, 'invalid-change'],
  ['an empty update', rawUpdate({}), {}, 422, 'invalid-change'],
  ['300 characters', rawCreate({ group: { name: 'x'.repeat(300) } }), {}, 422, 'invalid-change'],
  ['forbidden characters', rawCreate({ group: { name: 'Web<Apps>' } }), {}, 422, 'invalid-change'],
  [
    'an application twice',
    rawUpdate({ applications: { add: [{ id: '1' }], remove: [{ id: '1' }] } }),
    {},
    422,
    'invalid-change',
  ],
  ['a ticket that is no object', rawDelete({ ticket: 'CHG1' }), {}, 422, 'invalid-change'],
  ['a tenant without grant', rawDelete({ tenant: 'secret' }), {}, 403, 'not-permitted'],
  [
    'an action without grant',
    rawDelete({ group: { name: 'Remote Access' } }),
    { source: 'jira' },
    403,
    'not-permitted',
  ],
  ['no grants at all', rawUpdate(), { source: 'idle' }, 403, 'not-permitted'],
];

describe('a delivery with', () => {
  it.each(rows)('%s', async (_, body, options, status, code) => {
    const world = createIngestWorld();
    const answer = read(await world.send(body, options));
    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
    expect(answer.body).toMatchObject({ type: `docs/rejection-codes.md#${code}`, title: expect.any(String) });
    expect(world.ledger.writes).toBe(0);
    expect(world.queue.sent).toEqual([]);
    expect(world.meter.total('DeliveriesRefused')).toBe(1);
  });

  it('one bad change among good ones: none is accepted, every fault is listed', async () => {
    const world = createIngestWorld();
    const changes = [
      rawUpdate(),
      rawDelete({ group: { id: 1 } }),
      rawDelete({ dryRun: true }),
      rawDelete({ tenant: 'secret' }),
    ];
    const answer = read(await world.send({ changes }));
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'invalid-change', detail: expect.stringContaining('3 faults') },
    });
    expect(answer.body.errors).toMatchObject([
      {
        code: 'invalid-change',
        path: 'changes[1].group.id',
        sentence: expect.stringContaining('"changes[1].group.id"'),
      },
      { code: 'invalid-change', path: 'changes[2].dryRun' },
      { code: 'not-permitted', path: 'changes[3]' },
    ]);
    expect(world.ledger.writes).toBe(0);
  });

  it('thousands of faults is answered in bounded length', async () => {
    const applications = Array(1000).fill({ id: 1 });
    const changes = Array.from({ length: 30 }, () => rawCreate({ applications }));
    const answer = read(await createIngestWorld().send({ changes }));
    expect(answer.body.errors).toHaveLength(100);
    expect(answer.text.length).toBeLessThan(100_000);
  });
});

describe('headers that a refusal needs', () => {
  it.each<[string, SendOptions, Record<string, unknown>]>([
    ['405', { method: 'GET' }, { allow: 'POST' }],
    ['401', { secret: PREVIOUS, source: 'jira' }, { 'www-authenticate': 'StandardWebhooks' }],
    ['415', { headers: { 'content-type': 'text/plain' } }, { 'accept-post': 'application/json' }],
  ])('%s', async (_, options, headers) => {
    expect(read(await createIngestWorld().send(rawUpdate(), options)).headers).toMatchObject(headers);
  });
});

describe('who has not signed', () => {
  it('learns nothing of configuration, and nothing of what he sent is logged', async () => {
    for (const options of [
      { secret: PREVIOUS, source: 'jira' },
      { source: 'hunter2' },
      { headers: { 'webhook-signature': 'hunter2' } },
    ]) {
      const world = createIngestWorld();
      const answer = read(await world.send({ note: 'hunter2' }, options));
      expect(answer.text).not.toMatch(/hunter2|servicenow|jira|idle|acme/);
      expect(world.log.text()).not.toContain('hunter2');
      expect(JSON.stringify(world.meter.counts)).not.toContain('hunter2');
    }
  });

  it('causes no read of a secret for a source that is not there', async () => {
    const world = createIngestWorld();
    await world.send(rawUpdate(), { source: 'nobody' });
    expect(world.secrets.reads).toEqual([]);
  });
});

describe('a source whose secret', () => {
  it.each([
    ['is missing', undefined, 'source-secret-missing'],
    ['is not JSON', 'whsec_hunter2', 'source-secret-malformed'],
    ['holds no secrets', '{"secrets":[]}', 'source-secret-malformed'],
    ['holds three', JSON.stringify({ secrets: [PREVIOUS, PREVIOUS, PREVIOUS] }), 'source-secret-malformed'],
    ['is short', '{"secrets":["whsec_aHVudGVyMg=="]}', 'source-secret-malformed'],
  ])('%s cannot be verified: 503, and the operator is told', async (_, text, code) => {
    const world = createIngestWorld();
    if (text === undefined) world.secrets.secrets.delete('test/source/servicenow');
    else world.secrets.secrets.set('test/source/servicenow', text);
    const answer = read(await world.send(rawUpdate()));
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '60' } });
    expect(world.log.lines).toMatchObject([{ level: 'error', fields: { code, source: 'servicenow' } }]);
    expect(world.log.text()).not.toMatch(/hunter2|aHVudGVyMg/);
  });
});

describe('whatever bytes come', () => {
  const anyBody = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: 'binary' }),
    fc.json(),
    anyRawChange,
    fc.tuple(anyRawChange, fc.string(), fc.jsonValue()).map(([raw, key, value]) => ({ ...raw, [key]: value })),
    fc.array(fc.oneof(anyRawChange, fc.jsonValue()), { maxLength: 4 }).map((changes) => ({ changes })),
  );

  it('signed or not, the answer is 202 or the sender’s fault, never ours and never an exception', async () => {
    await fc.assert(
      fc.asyncProperty(anyBody, fc.boolean(), fc.boolean(), async (body, genuine, base64) => {
        const world = createIngestWorld();
        const answer = read(
          await world.send(body, { base64, source: 'jira', secret: genuine ? undefined : PREVIOUS } as SendOptions),
        );
        expect([202, 400, 401, 403, 422]).toContain(answer.status);
        expect(world.ledger.allChanges().length > 0).toBe(answer.status === 202);
      }),
      { numRuns: 300 },
    );
  });

  it('also where the event itself is not one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.anything(),
          fc.record({
            headers: fc.anything(),
            pathParameters: fc.anything(),
            body: fc.anything(),
            requestContext: fc.anything(),
          }),
        ),
        async (event) => {
          expect((await createIngestWorld().handle(event)).statusCode).toBeLessThan(500);
        },
      ),
    );
  });
});
