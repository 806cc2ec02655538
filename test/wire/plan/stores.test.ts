import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createResources } from '../../../local/aws/create-resources.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../local/aws/endpoint.ts';
import { createCatalogReader, createCatalogWriter } from '../../../shared/aws/catalog-store.ts';
import { createPlanStore } from '../../../shared/aws/ledger/plan-store.ts';
import { createSharedReadBudgetStore } from '../../../shared/aws/ledger/shared-read-budget.ts';
import { createWithdrawals } from '../../../shared/aws/ledger/withdrawals.ts';
import { createPlanQueue } from '../../../shared/aws/messaging/plan-queue.ts';
import type { Catalog } from '../../../shared/domain/catalog/catalog.ts';
import { configurationSchema } from '../../../shared/domain/configuration/configuration.ts';
import { newSharedReadBudget } from '../../../shared/domain/ledger/shared-read-budget.ts';
import { createSharedReads } from '../../../shared/reading/shared-reads.ts';
import { createFakeClock } from '../../fakes/fake-clock.ts';

let aws: AwsEndpoint;
let env: Awaited<ReturnType<typeof createResources>>;
beforeAll(async () => {
  aws = await startAwsEndpoint();
  env = await createResources(aws, configurationSchema.parse({ name: 'stores', tenants: {}, sources: {} }));
});
afterAll(() => aws.close());

describe('plans in the table', () => {
  it('are found by ticket and by what a change asks for', async () => {
    const plans = createPlanStore({ env, tableName: env.TABLE_NAME });
    expect(await plans.latest('desk', 'CHG1')).toBeUndefined();
    const binding = { hash: 'a'.repeat(64), resolved: ['21', ''], exposes: null };
    const full = {
      ...binding,
      exposes: [
        { rule: 'ACCESS_POLICY/1', sure: 'yes' as const, applications: ['21'] },
        { rule: 'ACCESS_POLICY/2', sure: 'may' as const, applications: { count: 2000, digest: 'd' } },
      ],
    };
    await plans.bind('desk', 'CHG1', new Map([['asked', binding]]), Date.now() + 1000);
    await plans.bind('desk', 'CHG1', new Map([['asked', full]]), Date.now() + 1000);
    await plans.putLatest('desk', 'CHG1', { digest: 'd', at: 5, expiresAt: Date.now() + 1000 });
    expect(await plans.latest('desk', 'CHG1')).toEqual({ digest: 'd', at: 5 });
    await plans.putLatest('desk', 'CHG1', { digest: 'e', at: 9, readAt: 7, expiresAt: Date.now() + 1000 });
    expect(await plans.latest('desk', 'CHG1')).toEqual({ digest: 'e', at: 9, readAt: 7 });
    expect(await plans.bindingOf('desk', 'CHG1', 'asked')).toEqual(full);
    const scoped = { ...full, lane: 'PRODUCTION:9', microtenantId: '0', shown: false as const };
    await plans.bind('desk', 'CHG1', new Map([['asked', scoped]]), Date.now() + 1000);
    expect(await plans.bindingOf('desk', 'CHG1', 'asked')).toEqual(scoped);
    expect(await plans.bindingOf('desk', 'CHG1', 'other')).toBeUndefined();
    expect(await plans.bindingOf('desk', 'CHG2', 'asked')).toBeUndefined();
    await plans.bind('desk#1', 'CHG1', new Map([['asked', scoped]]), Date.now() + 1000);
    expect(await plans.bindingOf('desk', '1#CHG1', 'asked')).toBeUndefined();
  });
});

describe('withdrawals in the table', () => {
  it('are one record per ticket of a system, written over the version that was read', async () => {
    const withdrawals = createWithdrawals({ env, tableName: env.TABLE_NAME });
    expect(await withdrawals.read('helpdesk', 'CHG1')).toBeUndefined();
    const first = {
      version: 0,
      system: 'helpdesk',
      source: 'desk',
      ticketId: 'CHG1',
      at: 5,
      markedAt: 6,
      keptUntil: Date.now() + 1000,
    };
    expect(await withdrawals.write(first, 0)).toEqual({ written: true });
    expect(await withdrawals.write({ ...first, at: 7 }, 0)).toEqual({
      written: false,
      found: { ...first, version: 1 },
    });
    expect(await withdrawals.write({ ...first, at: 7 }, 1)).toEqual({ written: true });
    expect(await withdrawals.read('helpdesk', 'CHG1')).toMatchObject({ at: 7, version: 2 });
    expect(await withdrawals.read('helpdesk', 'CHG2')).toBeUndefined();
    expect(await withdrawals.write({ ...first, system: 'helpdesk#1' }, 0)).toEqual({ written: true });
    expect(await withdrawals.read('helpdesk', '1#CHG1')).toBeUndefined();
  });
});

describe('the shared reads in the table', () => {
  it('are written by one at a time', async () => {
    const store = createSharedReadBudgetStore({ env, tableName: env.TABLE_NAME });
    expect(await store.read('lane')).toBeUndefined();
    expect(await store.write({ ...newSharedReadBudget('lane'), reads: [1] }, 0)).toEqual({ written: true });
    const late = await store.write({ ...newSharedReadBudget('lane'), reads: [2] }, 0);
    expect(late).toMatchObject({ written: false, found: { reads: [1], version: 1 } });
    expect(await store.read('lane')).toEqual({ lane: 'lane', version: 1, reads: [1], notBefore: 0 });
  });

  it('hold a second process back until the window is over', async () => {
    const store = createSharedReadBudgetStore({ env, tableName: env.TABLE_NAME });
    const clock = createFakeClock();
    const limits = { reads: 2, writes: 0, windowMs: 10_000 };
    const reads = () => createSharedReads({ store, lane: 'two', limits, requestTimeoutMs: 20_000, clock });
    const start = clock.now();
    const first = reads();
    for (const _ of [1, 2]) (await first.take('read'))();
    await first.settle();
    (await reads().take('read'))();
    expect(clock.now() - start).toBe(10_001);
  });
});

describe('catalogs in the bucket', () => {
  it('are there once they are kept', async () => {
    const bucket = { env, bucket: env.REPORTS_BUCKET };
    const catalogs = { ...createCatalogReader(bucket), ...createCatalogWriter(bucket) };
    expect(await catalogs.read('prod')).toBeUndefined();
    const group = { id: '216196257331404691', name: 'Zürich', enabled: true, microtenantId: '0' };
    const catalog: Catalog = { schemaVersion: 1, tenant: 'prod', asOf: 5, groups: [group], applications: [] };
    await catalogs.put(catalog);
    expect(await catalogs.read('prod')).toEqual(catalog);
    const nowhere = createCatalogReader({ env, bucket: 'no-such-bucket' });
    await expect(nowhere.read('prod')).rejects.toMatchObject({ code: 'report-failed' });
  });
});

describe('requests for plans', () => {
  it('wait in the queue, the same one once, and a payload that is too large stays behind', async () => {
    const clock = createFakeClock();
    const plans = createPlanQueue({ env, queueUrl: env.PLANS_QUEUE_URL, clock });
    const ask = (ticketId: string, payload: unknown) => plans.send({ source: 'desk', ticketId, payload });
    await ask('CHG1', { a: 1 });
    await ask('CHG1', { a: 1 });
    await ask('CHG1', { a: 2 });
    await ask('CHG2', { a: 'x'.repeat(300_000) });
    const comment = { text: [{ kind: 'line', text: 'Not applied.' }] as const, marker: 'zpa-changes/not-taken/1' };
    await plans.comment({ source: 'desk', ticketId: 'CHG1', ...comment });
    await plans.comment({ source: 'desk', ticketId: 'CHG1', ...comment });
    const queued = (aws.contents('stores-plans.fifo', 10)?.messages ?? []).map(({ body }) => JSON.parse(body));
    expect(queued).toEqual([
      { schemaVersion: 1, askedAt: clock.now(), source: 'desk', ticketId: 'CHG1', payload: { a: 1 } },
      { schemaVersion: 1, askedAt: clock.now(), source: 'desk', ticketId: 'CHG1', payload: { a: 2 } },
      { schemaVersion: 1, askedAt: clock.now(), source: 'desk', ticketId: 'CHG2' },
      { schemaVersion: 1, askedAt: clock.now(), source: 'desk', ticketId: 'CHG1', comment },
    ]);
  });
});
