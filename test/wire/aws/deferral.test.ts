import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOptions } from '../../../shared/aws/clients.ts';
import { createAcknowledgement } from '../../../shared/aws/messaging/acknowledgement.ts';
import { createChangeQueue } from '../../../shared/aws/messaging/change-queue.ts';
import { createDeferral } from '../../../shared/aws/messaging/deferral.ts';
import type { Deferral, Receipt } from '../../../shared/ports/ports.ts';
import { anUpdate, aRef } from '../../fakes/records.ts';
import { type LocalAws, openLocalAws } from './local.ts';
import { openScriptedAws } from './scripted-aws.ts';

describe('deferral of received records', () => {
  let local: LocalAws;
  let client: SQSClient;
  let deferral: Deferral;
  beforeAll(async () => {
    local = await openLocalAws();
    client = new SQSClient(clientOptions(local.env));
    deferral = createDeferral({ client, queueUrl: local.env.CHANGES_QUEUE_URL });
  });
  afterAll(async () => {
    client.destroy();
    await local.aws.close();
  });

  async function received(lane: string, count: number): Promise<Receipt[]> {
    const queue = createChangeQueue({ client, queueUrl: local.env.CHANGES_QUEUE_URL });
    const common = { schemaVersion: 1 as const, fingerprint: 'f', generation: 1, reason: 'accept' as const };
    const refs = Array.from({ length: count }, (_, index) => aRef(`K${index}`, { lane }));
    await queue.send(refs.map((ref) => ({ ...common, ref, correlationId: 'c', change: anUpdate() })));
    const QueueUrl = local.env.CHANGES_QUEUE_URL;
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    const { Messages = [] } = await client.send(command);
    return Messages.map((one) => ({ messageId: one.MessageId ?? '', receiptHandle: one.ReceiptHandle ?? '' }));
  }

  const hiddenSeconds = (receipt: Receipt | undefined, since: number) => {
    const contents = local.aws.contents('adapters-changes.fifo', 1000);
    const message = contents?.messages.find((one) => one.messageId === receipt?.messageId);
    return ((message?.visibleAt ?? 0) - since) / 1000;
  };

  it('hides them for the delay, rounded up to seconds', async () => {
    const receipts = await received('BETA:1', 3);
    expect(receipts).toHaveLength(3);
    const before = Date.now();
    expect(await deferral.defer(receipts, 90_001)).toEqual([]);
    const elapsed = (Date.now() - before) / 1000;
    for (const receipt of receipts) {
      expect(hiddenSeconds(receipt, before)).toBeGreaterThanOrEqual(91);
      expect(hiddenSeconds(receipt, before)).toBeLessThanOrEqual(91 + elapsed);
    }
  });

  it('answers which could not be hidden, and hides the others', async () => {
    const receipts = await received('BETA:2', 2);
    const bogus = { messageId: 'gone', receiptHandle: 'not-a-handle' };
    const before = Date.now();
    expect(await deferral.defer([...receipts, bogus], 600_000)).toEqual(['gone']);
    expect(hiddenSeconds(receipts[1], before)).toBeGreaterThanOrEqual(600);
  });

  it('are acknowledged one by one, also a second time', async () => {
    const receipts = await received('BETA:3', 2);
    const acknowledgement = createAcknowledgement({ client, queueUrl: local.env.CHANGES_QUEUE_URL });
    const left = () => {
      const ids = receipts.map((one) => one.messageId);
      const stored = local.aws.contents('adapters-changes.fifo', 1000)?.messages ?? [];
      return stored.filter((one) => ids.includes(one.messageId)).map((one) => one.messageId);
    };
    expect(await acknowledgement.acknowledge(receipts.slice(0, 1))).toEqual([]);
    expect(left()).toEqual(receipts.slice(1).map((one) => one.messageId));
    const bogus = { messageId: 'gone', receiptHandle: 'not-a-handle' };
    expect(await acknowledgement.acknowledge([...receipts, bogus])).toEqual(['gone']);
    expect(left()).toEqual([]);
  });
});

describe('batches of deferrals', () => {
  type Entry = { Id: string; VisibilityTimeout: number };

  it('hold ten at most, and never ask for more than twelve hours', async () => {
    const aws = await openScriptedAws(({ body }) => ({
      body: { Successful: (body.Entries as Entry[]).slice(1).map(({ Id }) => ({ Id })), Failed: [] },
    }));
    const deferral = createDeferral({ env: aws.env, queueUrl: 'http://127.0.0.1/q.fifo' });
    const receipts = Array.from({ length: 23 }, (_, i) => ({ messageId: `m${i}`, receiptHandle: `h${i}` }));
    expect(await deferral.defer(receipts, 13 * 3_600_000)).toEqual(['m0', 'm10', 'm20']);
    const entries = aws.requests.map(({ body }) => body.Entries as Entry[]);
    expect(entries.map((one) => one.length)).toEqual([10, 10, 3]);
    expect(new Set(entries.flat().map((one) => one.VisibilityTimeout))).toEqual(new Set([43_200]));
    await aws.close();
  });

  it('without an answer are an error', async () => {
    const aws = await openScriptedAws(() => ({ status: 500, body: { __type: 'InternalError' } }));
    const deferral = createDeferral({ env: aws.env, queueUrl: 'http://127.0.0.1/q.fifo' });
    const refused = deferral.defer([{ messageId: 'm', receiptHandle: 'h' }], 1);
    await expect(refused).rejects.toMatchObject({ code: 'defer-failed', scope: 'platform' });
    const acknowledgement = createAcknowledgement({ env: aws.env, queueUrl: 'http://127.0.0.1/q.fifo' });
    const kept = acknowledgement.acknowledge([{ messageId: 'm', receiptHandle: 'h' }]);
    await expect(kept).rejects.toMatchObject({ code: 'acknowledge-failed', scope: 'platform' });
    await aws.close();
  });
});
