import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createChangeQueue } from '../../../shared/aws/messaging/change-queue.ts';
import { deduplicationId } from '../../../shared/domain/lane/change-ref.ts';
import type { ChangeMessage } from '../../../shared/domain/ledger/message.ts';
import { MAX_MESSAGE_BYTES } from '../../../shared/domain/ledger/size-limits.ts';
import type { ChangeQueue } from '../../../shared/ports/ports.ts';
import { anUpdate, aRef } from '../../fakes/records.ts';
import { largestChange } from '../../fakes/worst-case.ts';
import { type LocalAws, openLocalAws } from './local.ts';
import { openScriptedAws, type ScriptedRequest } from './scripted-aws.ts';

const QUEUE = 'adapters-changes.fifo';
let keys = 0;

function aMessage(overrides: Partial<ChangeMessage> = {}): ChangeMessage {
  keys += 1;
  const ref = aRef(`CHG${keys}/1`);
  const common = { schemaVersion: 1 as const, fingerprint: 'f', generation: 1, reason: 'accept' as const };
  return { ...common, ref, correlationId: 'c', change: anUpdate({ idempotencyKey: ref.idempotencyKey }), ...overrides };
}

describe('changes.fifo', () => {
  let local: LocalAws;
  let queue: ChangeQueue;
  beforeAll(async () => {
    local = await openLocalAws();
    queue = createChangeQueue({ env: local.env, queueUrl: local.env.CHANGES_QUEUE_URL });
  });
  afterEach(() => local.aws.faults.clear());
  afterAll(() => local.aws.close());

  const lying = (group: string) =>
    (local.aws.contents(QUEUE, 1000)?.messages ?? []).filter((one) => one.groupId === group);

  it('takes more than a batch, in order, in the message group of their lane', async () => {
    const messages = Array.from({ length: 23 }, () => aMessage({ ref: aRef(`K${keys}`, { lane: 'BETA:1' }) }));
    await queue.send(messages);
    expect(lying('BETA:1').map((one) => JSON.parse(one.body))).toEqual(messages);
  });

  it('swallows an identical resend, and no other', async () => {
    const message = aMessage({ ref: aRef('same', { lane: 'BETA:2' }) });
    const others = [{ reason: 'sweep' as const }, { generation: 2 }, { fingerprint: 'g' }];
    await queue.send([message]);
    await queue.send([message, ...others.map((other) => ({ ...message, ...other }))]);
    expect(lying('BETA:2')).toHaveLength(4);
  });

  it('takes a batch whose answer was lost once in effect', async () => {
    local.aws.faults.dropResponse({ service: 'sqs', operation: 'SendMessageBatch' });
    await queue.send([aMessage({ ref: aRef('lost', { lane: 'BETA:3' }) })]);
    expect(local.aws.faults.pending()).toBe(0);
    expect(lying('BETA:3')).toHaveLength(1);
  });

  it('takes the largest changes and characters that SQS refuses in their raw form', async () => {
    const change = { ...largestChange(), set: { description: 'odd \uFFFE\uFFFF\u0001 end' } };
    const messages = Array.from({ length: 9 }, (_, index) =>
      aMessage({ ref: aRef(`L${index}`, { lane: 'BETA:4' }), change: index === 0 ? change : largestChange() }),
    );
    await queue.send(messages);
    expect(lying('BETA:4').map((one) => JSON.parse(one.body))).toEqual(messages);
  });

  it('says send-failed when the queue does not take it', async () => {
    local.aws.faults.fail({ service: 'sqs', operation: 'SendMessageBatch' }, 500, 3);
    const refused = queue.send([aMessage({ ref: aRef('fails', { lane: 'BETA:5' }) })]);
    await expect(refused).rejects.toMatchObject({ code: 'send-failed', scope: 'platform' });
    expect(lying('BETA:5')).toEqual([]);
  });
});

type Sent = { Id: string; MessageBody: string; MessageGroupId: string; MessageDeduplicationId: string };
const entriesOf = (request: ScriptedRequest) => request.body.Entries as Sent[];

const taken = (entry: Sent) => ({
  Id: entry.Id,
  MessageId: 'm',
  MD5OfMessageBody: createHash('md5').update(entry.MessageBody).digest('hex'),
});

describe('batches of changes', () => {
  it('hold at most ten messages and 256 KiB, and lose none', async () => {
    const aws = await openScriptedAws((request) => ({
      body: { Successful: entriesOf(request).map(taken), Failed: [] },
    }));
    const messages = [
      ...Array.from({ length: 7 }, () => aMessage({ change: largestChange() })),
      ...Array.from({ length: 25 }, () => aMessage()),
    ];
    await createChangeQueue({ env: aws.env, queueUrl: 'http://127.0.0.1/q.fifo' }).send(messages);
    const batches = aws.requests.map(entriesOf);
    for (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(10);
      expect(batch.reduce((sum, one) => sum + Buffer.byteLength(one.MessageBody), 0)).toBeLessThanOrEqual(
        MAX_MESSAGE_BYTES,
      );
    }
    const sent = batches.flat();
    expect(sent.map((one) => JSON.parse(one.MessageBody))).toEqual(messages);
    const ids = messages.map((one) => deduplicationId(one.ref, one.fingerprint, one.generation, one.reason));
    expect(sent.map((one) => one.MessageDeduplicationId)).toEqual(ids);
    expect(batches.length).toBeLessThan(8);
    expect(aws.requests[0]?.userAgent).toContain('zpa-changes/1');
    await aws.close();
  });

  it('that are taken in part are an error which says how many were not', async () => {
    const aws = await openScriptedAws((request) => {
      const [first, ...others] = entriesOf(request);
      const failed = others.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false }));
      return { body: { Successful: first === undefined ? [] : [taken(first)], Failed: failed } };
    });
    const sending = createChangeQueue({ env: aws.env, queueUrl: 'http://127.0.0.1/q.fifo' }).send([
      aMessage(),
      aMessage(),
      aMessage(),
    ]);
    const message = expect.stringContaining('2 of 3 changes were not taken by the queue: InternalError');
    await expect(sending).rejects.toMatchObject({ code: 'send-failed', message });
    await aws.close();
  });
});
