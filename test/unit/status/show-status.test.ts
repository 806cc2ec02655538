import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied, BROWSER, createStatusWorld, recordOf, rejected } from './status-world.ts';

describe('a status link', () => {
  it('answers JSON to a program', async () => {
    const world = await createStatusWorld(recordOf({ state: 'settled', attempts: 1, outcome: applied }));
    const answer = await world.get('application/json');
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(answer.body)).toMatchObject({
      idempotencyKey: 'CHG0031337/1@APPR0007',
      state: 'settled',
      ticket: { id: 'CHG0031337' },
      attempts: 1,
      timeline: [
        { event: 'received', at: '2026-12-01T08:00:00.000Z' },
        { event: 'queued', at: '2026-12-01T08:00:00.500Z' },
        { event: 'attempt', number: 1 },
        { event: 'settled', at: '2026-12-01T08:00:04.000Z' },
      ],
      outcome: {
        kind: 'applied',
        effect: { before: { enabled: false }, after: { enabled: true }, added: ['42', '43'] },
      },
    });
  });

  it('tells of a retried change when it was received and when it was retried', async () => {
    const times = {
      acceptedAt: Date.parse('2026-12-03T08:00:00Z'),
      firstAcceptedAt: Date.parse('2026-12-01T08:00:00Z'),
    };
    const world = await createStatusWorld(recordOf({ generation: 2, ...times }));
    expect(JSON.parse((await world.get('application/json')).body).timeline.slice(0, 2)).toEqual([
      { event: 'received', at: '2026-12-01T08:00:00.000Z' },
      { event: 'retried', at: '2026-12-03T08:00:00.000Z' },
    ]);
    expect((await world.get(BROWSER)).body).toMatch(/<b>Received<[\s\S]*<b>Retry 1</);
  });

  it('answers a page to a browser', async () => {
    const answer = await (await createStatusWorld()).get(BROWSER);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    expect(answer.body).toMatch(/^<!doctype html>/);
  });

  it.each([
    [undefined, 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['text/html;q=0.5, application/json', 'json'],
    ['application/json;q=0.5, text/html', 'html'],
    ['TEXT/HTML', 'html'],
    ['text/html;q=0', 'json'],
    ['text/html;q=nonsense', 'json'],
  ])('asked with Accept %s answers %s', async (accept, type) => {
    expect((await (await createStatusWorld()).get(accept)).headers['content-type']).toContain(type);
  });

  it.each([undefined, BROWSER])('is kept by nobody on the way (Accept: %s)', async (accept) => {
    const world = await createStatusWorld();
    for (const token of [world.token, 'unknown']) {
      expect((await world.get(accept, token)).headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        vary: 'accept',
      });
    }
  });

  it('lasts until it expires by the clock, whether the table has deleted it or not', async () => {
    const world = await createStatusWorld();
    await world.clock.advance(30 * world.DAY - 1);
    expect((await world.get()).status).toBe(200);
    await world.clock.advance(1);
    expect((await world.get()).status).toBe(404);
  });

  it.each([undefined, BROWSER])(
    'unknown, malformed or expired gets one and the same answer (Accept: %s)',
    async (accept) => {
      const world = await createStatusWorld();
      const answers = [
        await world.get(accept, 'A'.repeat(43)),
        await world.get(accept, '../x'),
        await world.get(accept, ''),
      ];
      await world.clock.advance(31 * world.DAY);
      answers.push(await world.get(accept));
      expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
      expect(answers[0]?.status).toBe(404);
    },
  );

  it('is read only', async () => {
    const world = await createStatusWorld();
    expect(await world.get(undefined, world.token, 'POST')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    });
    expect(await world.get(undefined, world.token, 'HEAD')).toMatchObject({ status: 200, body: '' });
  });

  it('that cannot be read right now says so, and the token stays out of the log', async () => {
    const readStatusLink = () => Promise.reject(new Error('table away'));
    const world = await createStatusWorld(recordOf(), {
      ledger: { readStatusLink, readChange: async () => undefined },
    });
    expect(await world.get()).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
    expect(world.log.lines).toHaveLength(1);
    expect(world.log.text()).not.toContain(world.token);
  });

  it('answers any event without an exception', async () => {
    const world = await createStatusWorld();
    const event = fc.record({ headers: fc.anything(), pathParameters: fc.anything(), requestContext: fc.anything() });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.anything(), event), async (any) => {
        expect([404, 405]).toContain((await world.handle(any)).statusCode);
      }),
    );
  });
});

describe('the JSON', () => {
  it('holds what is meant for the requester and nothing else of the record', async () => {
    const record = recordOf({ state: 'settled', outcome: applied, failed: true, fingerprint: 'f'.repeat(64) });
    const { body } = await (await createStatusWorld(record)).get();
    for (const inner of ['fingerprint', 'correlation-1', 'write-1', 'PRODUCTION:1', '"sequence"', '"version"']) {
      expect(body).not.toContain(inner);
    }
  });

  it('tells a rejection with code, sentence and remedy, and what became of earlier tries', async () => {
    const record = recordOf({
      state: 'settled',
      generation: 2,
      outcome: { ...rejected, generation: 2 },
      history: [rejected],
    });
    expect(JSON.parse((await (await createStatusWorld(record)).get()).body)).toMatchObject({
      generation: 2,
      attempts: 2,
      outcome: {
        kind: 'rejected',
        code: 'zpa-refused',
        remedy: 'Choose another name.',
        zpaError: { zpaId: 'bad.name' },
      },
      earlier: [{ kind: 'rejected', generation: 1 }],
    });
  });
});
