import { describe, expect, it } from 'vitest';
import type { IngestPorts } from '../../../functions/ingest/ports.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import type { ChangeRecord } from '../../../shared/domain/records/change-record.ts';
import { createMemoryLedger } from '../../fakes/memory-ledger.ts';
import { rawDelete, rawUpdate } from '../domain/sample-changes.ts';
import { CONFIGURATION, createIngestWorld, type IngestWorld, read } from './ingest-world.ts';

const keyed = (key: number) => rawUpdate({ set: { enabled: true }, idempotencyKey: `CHG1/${key}` });
const many = (count: number, from = 0) => ({ changes: Array.from({ length: count }, (_, i) => keyed(from + i)) });

/** A ledger whose lane has open changes at these places. */
function ledgerWith(places: readonly number[], last: number) {
  const memory = createMemoryLedger();
  const pages: number[] = [];
  const ledger: IngestPorts['ledger'] = {
    ...memory,
    lastSequence: async (lane) => (lane.startsWith('rate#') ? 0 : last),
    openChanges: async (_, limit, after = 0) => {
      pages.push(limit);
      const above = places.filter((place) => place > after).slice(0, limit);
      return above.map((sequence) => ({ sequence }) as ChangeRecord);
    },
  };
  return { ledger, pages };
}

const range = (count: number, from = 1) => Array.from({ length: count }, (_, i) => from + i);

describe('a lane with many open changes', () => {
  it.each([
    ['9,999 open', range(9_999), 9_999, 202],
    ['10,000 open', range(10_000), 10_000, 429],
    ['few open over a wide span', [1, ...range(50, 40_000)], 40_049, 202],
    ['10,000 open over a wide span', [1, ...range(9_999, 40_000)], 49_998, 429],
  ])('%s', async (_, places, last, status) => {
    const answer = read(await createIngestWorld({ ledger: ledgerWith(places, last).ledger }).send(keyed(1)));
    expect(answer.status).toBe(status);
    if (status === 429)
      expect(answer).toMatchObject({ headers: { 'retry-after': '300' }, body: { code: 'lane-full' } });
  });

  it('is counted only where the span does not tell', async () => {
    const narrow = ledgerWith(range(5_000), 5_000);
    await createIngestWorld({ ledger: narrow.ledger }).send(keyed(1));
    expect(narrow.pages).toEqual([1]);
    const wide = ledgerWith([1, ...range(50, 40_000)], 40_049);
    await createIngestWorld({ ledger: wide.ledger }).send(keyed(1));
    expect(wide.pages.length).toBeGreaterThan(1);
  });

  it('still answers what it knows already', async () => {
    const world = createIngestWorld();
    await world.send(keyed(1));
    const { ledger } = ledgerWith(range(10_000), 10_000);
    const full = createIngestWorld({
      ledger: { ...ledger, readChange: world.ledger.readChange, writeChange: world.ledger.writeChange },
    });
    expect(read(await full.send(keyed(1))).status).toBe(202);
    expect(read(await full.send(keyed(2))).status).toBe(429);
  });
});

describe('changes per hour', () => {
  const jira = { source: 'jira' };
  const statuses = async (world: IngestWorld, ...bodies: unknown[]) => {
    const seen: (number | undefined)[] = [];
    for (const body of bodies) seen.push((await world.send(body, jira)).statusCode);
    return seen;
  };

  it('are counted per change, not per delivery', async () => {
    const world = createIngestWorld();
    expect(await statuses(world, many(2), keyed(2), keyed(3))).toEqual([202, 202, 429]);
  });

  it('say when to come back: at the next full hour', async () => {
    const world = createIngestWorld();
    await world.clock.advance(1_234_000);
    await statuses(world, many(3));
    const refused = read(await world.send(keyed(9), jira));
    expect(refused).toMatchObject({
      status: 429,
      body: { code: 'rate-exceeded' },
      headers: { 'retry-after': String(3600 - 1234) },
    });
    await world.clock.advance((3600 - 1234) * 1000);
    expect(await statuses(world, keyed(9))).toEqual([202]);
  });

  it('do not count what comes again', async () => {
    const world = createIngestWorld();
    expect(await statuses(world, keyed(1), keyed(1), keyed(1), keyed(1), many(3))).toEqual([202, 202, 202, 202, 202]);
  });

  it('are not used up by a delivery that did not fit', async () => {
    const world = createIngestWorld();
    expect(await statuses(world, many(2), many(2, 10), keyed(2))).toEqual([202, 429, 202]);
  });

  it('are not used up by faulty changes', async () => {
    const world = createIngestWorld();
    expect(await statuses(world, rawDelete(), keyed(1), keyed(2), keyed(3))).toEqual([403, 202, 202, 202]);
  });

  it('in one delivery beyond the limit can never pass: that is said at once', async () => {
    expect(read(await createIngestWorld().send(many(4), jira))).toMatchObject({
      status: 403,
      body: { code: 'not-permitted' },
    });
  });

  it('are counted for each grant by itself', async () => {
    const world = createIngestWorld();
    const split = async (body: unknown) => (await world.send(body, { source: 'split' })).statusCode;
    const another = rawDelete({ idempotencyKey: 'CHG1/3' });
    expect([await split(keyed(1)), await split(rawDelete()), await split(another)]).toEqual([202, 202, 429]);
  });

  it('are not used up by a delivery that does not fit another grant', async () => {
    const world = createIngestWorld();
    const split = async (body: unknown) => (await world.send(body, { source: 'split' })).statusCode;
    const deletes = ['CHG1/2', 'CHG1/3'].map((idempotencyKey) => rawDelete({ idempotencyKey }));
    expect([await split({ changes: [keyed(1), ...deletes] }), await split(keyed(1))]).toEqual([403, 202]);
  });

  it('are not used up by a delivery whose key is taken', async () => {
    const before = createIngestWorld();
    expect(await statuses(before, keyed(1))).toEqual([202]);
    const { tenants } = CONFIGURATION;
    const configuration = configurationSchema.parse({
      ...CONFIGURATION,
      tenants: { ...tenants, 'acme-prod': { ...tenants['acme-prod'], customerId: '8' } },
    });
    const after = createIngestWorld({ ledger: before.ledger, knownLanes: before.knownLanes, configuration });
    expect(await statuses(after, keyed(1), keyed(1), keyed(1), keyed(2))).toEqual([409, 409, 409, 202]);
  });

  it('hold when deliveries race', async () => {
    const world = createIngestWorld();
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((key) => world.send(keyed(key), jira)));
    expect(answers.filter((one) => one.statusCode === 202)).toHaveLength(3);
    expect(world.ledger.allChanges()).toHaveLength(3);
  });
});
