import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawUpdate } from '../../unit/domain/sample-changes.ts';
import { type FrontWorld, LANE, startFrontWorld } from './front-world.ts';

let world: FrontWorld;
beforeAll(async () => {
  world = await startFrontWorld();
});
afterAll(() => world.close());

const keyed = (idempotencyKey: string) => rawUpdate({ set: { enabled: true }, idempotencyKey });
const openKeys = async () => (await world.ledger.openChanges(LANE, 1000)).map((one) => one.ref.idempotencyKey);
const queuedKeys = () => world.queued().map((one) => JSON.parse(one.body).ref.idempotencyKey);

describe('ingest over the wire', () => {
  it('takes a signed delivery into the table and onto the queue', async () => {
    const answer = await world.deliver(keyed('A/1'));
    expect(answer.status).toBe(202);
    expect(answer.headers.get('location')).toMatch(/^https:\/\/hooks\.example\/changes\//);
    const ref = { lane: LANE, source: 'servicenow', tenant: 'acme-prod', idempotencyKey: 'A/1' };
    expect(await world.ledger.readChange(ref)).toMatchObject({
      state: 'queued',
      ref,
      ticket: { url: 'https://acme.example/A' },
    });
    const message = world.queued().find((one) => one.body.includes('"A/1"'));
    expect(message).toMatchObject({ groupId: LANE });
  });

  it('answers a resend the same, byte for byte', async () => {
    const first = await (await world.deliver(keyed('B/1'))).text();
    expect(await (await world.deliver(keyed('B/1'))).text()).toBe(first);
    expect((await openKeys()).filter((key) => key === 'B/1')).toHaveLength(1);
  });

  it('takes a hundred changes in their order', async () => {
    const changes = Array.from({ length: 100 }, (_, i) => keyed(`C/${i}`));
    const answer = await world.deliver({ changes });
    expect(answer.status).toBe(202);
    const keys = changes.map((one) => one.idempotencyKey);
    expect((await openKeys()).filter((key) => key.startsWith('C/'))).toEqual(keys);
    expect(queuedKeys().filter((key: string) => key.startsWith('C/'))).toEqual(keys);
  });

  it.each([
    [
      'a wrong signature',
      () => world.deliver(keyed('D/1'), { secret: `whsec_${Buffer.alloc(24, 1).toString('base64')}` }),
      401,
    ],
    ['an unknown source', () => world.deliver(keyed('D/1'), { source: 'nobody' }), 404],
    ['a source without secret', () => world.deliver(keyed('D/1'), { source: 'bare' }), 503],
    ['an id as number', () => world.deliver(rawUpdate({ group: { id: 1 } })), 422],
  ])('refuses %s', async (_, deliver, status) => {
    const answer = await deliver();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await openKeys()).not.toContain('D/1');
  });

  it.each([
    ['a body over a mebibyte', 'x'.repeat(1024 * 1024 + 1), {}, 413, 'body-too-large'],
    ['a body at the limit that is not JSON', 'x'.repeat(1024 * 1024), {}, 400, 'not-json'],
    ['half of a change', JSON.stringify(keyed('D/2')).slice(0, -1), {}, 400, 'not-json'],
    ['a form', 'change=1', { contentType: 'application/x-www-form-urlencoded' }, 415, 'unsupported-media-type'],
  ])('refuses %s, signed though it is', async (_, text, options, status, code) => {
    const answer = await world.deliverText(text, options);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status, code, type: `docs/rejection-codes.md#${code}` });
    expect(await openKeys()).not.toContain('D/2');
  });

  it('takes a source by the address of its connection, whatever a header says', async () => {
    expect((await world.deliver(keyed('G/1'), { source: 'github' })).status).toBe(202);
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const answer = await world.deliver(keyed('G/2'), { source: 'elsewhere', headers });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'address-not-allowed' });
  });

  it('remembers a body in the table: the same delivery gets the same answer, another id gets none', async () => {
    const first = await (await world.deliver(keyed('G/3'), { source: 'github', id: 'd1' })).text();
    expect(await (await world.deliver(keyed('G/3'), { source: 'github', id: 'd1' })).text()).toBe(first);
    const replayed = await world.deliver(keyed('G/3'), { source: 'github', id: 'd2' });
    expect(replayed.status).toBe(403);
    expect(await replayed.json()).toMatchObject({ code: 'delivery-replayed' });
    expect((await openKeys()).filter((key) => key === 'G/3')).toHaveLength(1);
  });

  it.each<[string, Record<string, string | string[]>, number]>([
    ['a content type twice', { 'content-type': ['application/json', 'application/json'] }, 415],
    ['a signature twice', { 'webhook-signature': ['v1,x', 'v1,y'] }, 401],
    ['a compressed body', { 'content-encoding': 'gzip' }, 415],
  ])('refuses %s', async (_, headers, status) => {
    expect((await world.deliver(keyed('D/3'), { headers })).status).toBe(status);
  });

  it('is spared a body over the ten mebibytes that an HTTP API takes', async () => {
    const answer = await world.deliverText('x'.repeat(10 * 1024 * 1024 + 1));
    expect(answer.status).toBe(413);
    expect(answer.headers.get('content-type')).toBe('application/json');
  });

  it.each([
    ['dynamodb', 'PutItem'],
    ['dynamodb', 'UpdateItem'],
    ['sqs', 'SendMessageBatch'],
  ] as const)('answers 503 while %s %s fails, and the resend completes it', async (service, operation) => {
    const key = `E/${operation}`;
    world.aws.faults.fail({ service, operation }, 400, 20);
    const failed = await world.deliver(keyed(key));
    expect(failed.status).toBe(503);
    expect(failed.headers.get('retry-after')).toBe('10');
    world.aws.faults.clear();
    expect((await world.deliver(keyed(key))).status).toBe(202);
    expect((await openKeys()).filter((one) => one === key)).toHaveLength(1);
    expect(queuedKeys()).toContain(key);
  });

  it('is accepted once where the answers of the table are lost', async () => {
    world.aws.faults.dropResponse({ service: 'dynamodb', operation: 'PutItem' }, 2);
    world.aws.faults.dropResponse({ service: 'sqs', operation: 'SendMessageBatch' }, 1);
    const first = await world.deliver(keyed('F/1'));
    expect(world.aws.faults.pending()).toBe(0);
    const answer = first.status === 202 ? first : await world.deliver(keyed('F/1'));
    expect(answer.status).toBe(202);
    expect((await openKeys()).filter((key) => key === 'F/1')).toHaveLength(1);
  });
});
