import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { clientFrom } from '../../../shared/aws/clients.ts';
import { createDynamoLedger } from '../../../shared/aws/ledger/ledger.ts';
import { createFailureQueue } from '../../../shared/aws/messaging/failure-queue.ts';
import { createOutcomeTopic } from '../../../shared/aws/messaging/outcome-topic.ts';
import { createReportStore } from '../../../shared/aws/report-store.ts';
import { failureId } from '../../../shared/domain/lane/change-ref.ts';
import type { FailureRecord } from '../../../shared/domain/ledger/message.ts';
import { MAX_MESSAGE_BYTES, MAX_NOTICE_BYTES } from '../../../shared/domain/ledger/size-limits.ts';
import { finishOutbox } from '../../../shared/ledger/outbox.ts';
import { ABSENT } from '../../../shared/ports/ports.ts';
import { anApplied, anUpdate, aRef, aRejected } from '../../fakes/records.ts';
import {
  largestApplied,
  largestFailure,
  largestNotice,
  largestRecord,
  largestRejection,
} from '../../fakes/worst-case.ts';
import { type LocalAws, openLocalAws } from './local.ts';

const FAILURES = 'adapters-failures.fifo';
const ticket = { system: 'Helpdesk', id: 'CHG0000001', approvals: [] };

const aFailure = (overrides: Partial<FailureRecord> = {}): FailureRecord => ({
  schemaVersion: 1,
  ref: aRef(),
  generation: 1,
  rejection: aRejected(),
  ticket,
  change: anUpdate(),
  attempts: 1,
  acceptedAt: 1,
  failedAt: 2,
  correlationId: 'c',
  ...overrides,
});

describe('where outcomes go', () => {
  let local: LocalAws;
  beforeAll(async () => {
    local = await openLocalAws();
  });
  afterEach(() => local.aws.faults.clear());
  afterAll(() => local.aws.close());

  const failures = () => createFailureQueue({ env: local.env, queueUrl: local.env.FAILURES_QUEUE_URL });
  const lying = (group: string) =>
    (local.aws.contents(FAILURES, 1000)?.messages ?? []).filter((one) => one.groupId === group);

  it('puts each failure into a message group of its own, once', async () => {
    const failure = aFailure({ ref: aRef('F1') });
    await failures().send(failure);
    await failures().send(failure);
    await failures().send({ ...failure, generation: 2 });
    expect(lying(failureId(aRef('F1'), 1)).map((one) => JSON.parse(one.body))).toEqual([failure]);
    expect(lying(failureId(aRef('F1'), 2))).toHaveLength(1);
  });

  it('takes a message that named no change', async () => {
    const nameless = { ref: null, change: null, ticket: null, acceptedAt: null, correlationId: null };
    const before = local.aws.contents(FAILURES)?.visible ?? 0;
    await failures().send(aFailure({ ...nameless, original: '{"a":' }));
    await failures().send(aFailure({ ...nameless, original: '{"a":', failedAt: 99 }));
    await failures().send(aFailure({ ...nameless, original: '{"b":' }));
    expect((local.aws.contents(FAILURES)?.visible ?? 0) - before).toBe(2);
  });

  it('takes the largest failure, the change in it whole', async () => {
    const failure = largestFailure();
    await failures().send(failure);
    const [message] = lying(failureId(failure.ref ?? aRef(), failure.generation));
    expect(Buffer.byteLength(message?.body ?? '')).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(JSON.parse(message?.body ?? '{}').change).toEqual(failure.change);
  });

  it('says send-failed when the dead-letter queue does not take it', async () => {
    local.aws.faults.fail({ service: 'sqs', operation: 'SendMessage' }, 503, 3);
    await expect(failures().send(aFailure())).rejects.toMatchObject({ code: 'send-failed', scope: 'platform' });
  });

  const topic = () => createOutcomeTopic({ env: local.env, topicArn: local.env.OUTCOMES_TOPIC_ARN });
  const common = { schemaVersion: 1 as const, generation: 1, action: 'update' as const, ticket, correlationId: 'c' };
  const newest = () => local.aws.published().at(-1);

  it('publishes JSON for programs, a text for people, and attributes to filter by', async () => {
    const notice = { ...common, ref: aRef('N1'), outcome: aRejected() };
    await topic().publish(notice);
    const message = JSON.parse(newest()?.message ?? '{}');
    expect(JSON.parse(message.sqs)).toEqual(notice);
    expect(message.default).toContain('Rejected (group-not-found)');
    expect(newest()?.subject).toBe('CHG0000001 rejected (group-not-found): update in acme-test');
    expect(newest()?.attributes).toEqual({
      kind: { type: 'String', value: 'rejected' },
      tenant: { type: 'String', value: 'acme-test' },
      source: { type: 'String', value: 'helpdesk' },
      code: { type: 'String', value: 'group-not-found' },
    });
    await topic().publish({ ...common, ref: aRef('N2'), outcome: anApplied() });
    expect(newest()?.attributes).not.toHaveProperty('code');
  });

  it('publishes the largest outcomes', async () => {
    for (const outcome of [largestRejection(), largestApplied()]) {
      await topic().publish(largestNotice(outcome));
      const message = newest()?.message ?? '';
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(MAX_NOTICE_BYTES);
      expect(JSON.parse(JSON.parse(message).sqs).outcome.kind).toBe(outcome.kind);
    }
  });

  it('publishes what is published at the same time together, in order, each as large as it may be', async () => {
    const before = local.aws.published().length;
    const small = Array.from({ length: 12 }, (_, index) => ({
      ...common,
      ref: aRef(`T${index}`),
      outcome: anApplied(),
    }));
    const notices = [...small, largestNotice(largestRejection()), largestNotice(largestApplied())];
    const { publish } = topic();
    await Promise.all(notices.map((notice) => publish(notice)));
    const published = local.aws.published().slice(before);
    const refs = published.map(({ message }) => JSON.parse(JSON.parse(message).sqs).ref);
    expect(refs).toEqual(notices.map(({ ref }) => ref));
  });

  it('says publish-failed of exactly the ones that the topic did not take', async () => {
    const answer =
      '<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult>' +
      '<Successful><member><Id>0</Id><MessageId>1</MessageId></member></Successful>' +
      '<Failed><member><Id>1</Id><Code>InternalError</Code><Message>later</Message><SenderFault>false</SenderFault>' +
      '</member></Failed></PublishBatchResult></PublishBatchResponse>';
    const server = createServer((incoming, outgoing) => {
      incoming.resume().on('end', () => outgoing.end(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const env = { ...local.env, AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const { publish } = createOutcomeTopic({ env, topicArn: local.env.OUTCOMES_TOPIC_ARN });
    const notices = ['B0', 'B1', 'B2'].map((key) => ({ ...common, ref: aRef(key), outcome: anApplied() }));
    const [first, ...others] = await Promise.allSettled(notices.map((notice) => publish(notice)));
    server.closeAllConnections();
    server.close();
    expect(first?.status).toBe('fulfilled');
    for (const other of others)
      expect(other).toMatchObject({ status: 'rejected', reason: { code: 'publish-failed', scope: 'platform' } });
  });

  it('takes the largest change with the largest error the whole way: ledger, dead letter, topic, nothing owed', async () => {
    const ledger = createDynamoLedger({ env: local.env, tableName: local.env.TABLE_NAME });
    const record = largestRecord(largestRejection());
    expect(await ledger.writeChange(record, ABSENT)).toEqual({ written: true });
    const settled = await ledger.readChange(record.ref);
    if (settled === undefined) throw new Error('the ledger does not hold what it took');

    const cleared = await finishOutbox({ ledger, failures: failures(), outcomes: topic() }, settled);
    expect(cleared.pending).toEqual([]);
    expect(await ledger.readChange(record.ref)).toMatchObject({ pending: [], change: record.change });
    const [letter] = lying(failureId(record.ref, record.generation));
    const failure = JSON.parse(letter?.body ?? '{}');
    expect(failure).toMatchObject({ change: record.change, rejection: { code: 'group-not-found' } });
    const notice = JSON.parse(JSON.parse(newest()?.message ?? '{}').sqs);
    expect(notice).toMatchObject({ ref: record.ref, outcome: { kind: 'rejected', code: 'group-not-found' } });
  });

  it('says publish-failed when the topic does not take it', async () => {
    local.aws.faults.fail({ service: 'sns', operation: 'Publish' }, 500, 3);
    const refused = topic().publish({ ...common, ref: aRef(), outcome: anApplied() });
    await expect(refused).rejects.toMatchObject({ code: 'publish-failed', scope: 'platform' });
  });

  it('stores a report under its key', async () => {
    const store = createReportStore({ env: local.env, bucket: local.env.REPORTS_BUCKET });
    expect(await store.put('drift/a/1.md', '# Größe', 'text/markdown; charset=utf-8')).toEqual({
      url: `s3://${local.env.REPORTS_BUCKET}/drift/a/1.md`,
    });
    const client = clientFrom({ env: local.env }, S3Client);
    const stored = await client.send(new GetObjectCommand({ Bucket: local.env.REPORTS_BUCKET, Key: 'drift/a/1.md' }));
    expect(await stored.Body?.transformToString()).toBe('# Größe');
    expect(stored.ContentType).toBe('text/markdown; charset=utf-8');
    const nowhere = createReportStore({ env: local.env, bucket: 'no-such-bucket' });
    await expect(nowhere.put('a', 'b', 'text/plain')).rejects.toMatchObject({ code: 'report-failed' });
  });
});
