import { PublishBatchCommand, type PublishBatchRequestEntry, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { OutcomeNotice } from '../../domain/ledger/message.ts';
import { fitNotice, MAX_NOTICE_BYTES } from '../../domain/ledger/size-limits.ts';
import { outcomeSubject, outcomeText } from '../../domain/notice/outcome-text.ts';
import { jsonBytes, toJson } from '../../domain/text/truncate-text.ts';
import type { OutcomeTopic } from '../../ports/ports.ts';
import { AwsError, callAws } from '../aws-error.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';
import { createBatchLoader } from '../ledger/table/batch-loader.ts';

/** PublishBatch accepts at most ten entries, whose total size is that of one message (SNS API reference). */
const MAX_ENTRIES = 10;

type Message = Pick<PublishBatchRequestEntry, 'Subject' | 'Message' | 'MessageStructure' | 'MessageAttributes'>;

/**
 * Publishes outcomes: a readable text for mail, chat and text messages, and JSON for programs, which subscribe a queue
 * (AWS: Publish, `MessageStructure: json`; a protocol without a text of its own gets `default`). Subscriptions filter by
 * the attributes `kind`, `tenant`, `source` and, of a rejection, `code`.
 */
export function createOutcomeTopic(from: ClientOrEnv<SNSClient> & { topicArn: string }): OutcomeTopic {
  const client = clientFrom(from, SNSClient);
  const { topicArn } = from;
  const publish = createBatchLoader(MAX_ENTRIES, async (notices: readonly OutcomeNotice[]) => {
    const messages = notices.map(messageOf);
    const failures: (Error | undefined)[] = [];
    for (const batch of withinBytes(messages)) failures.push(...(await send(client, topicArn, batch)));
    return failures;
  });
  return {
    async publish(notice) {
      await publish(notice);
    },
  };
}

function messageOf(notice: OutcomeNotice): Message {
  const bounded = fitNotice(notice);
  return {
    Subject: outcomeSubject(bounded),
    Message: toJson({ default: outcomeText(bounded), sqs: toJson(bounded) }),
    MessageStructure: 'json',
    MessageAttributes: attributesOf(bounded),
  };
}

/** Splits messages into batches by their bytes, and keeps their order. */
function withinBytes(messages: readonly Message[]): Message[][] {
  const batches: Message[][] = [];
  let room = 0;
  for (const message of messages) {
    const bytes = jsonBytes(message);
    const batch = batches.at(-1);
    if (batch === undefined || bytes > room) {
      batches.push([message]);
      room = MAX_NOTICE_BYTES;
    } else batch.push(message);
    room -= bytes;
  }
  return batches;
}

/** Sends one batch. Resolves to one entry per message: undefined if it was published, else the error. */
async function send(client: SNSClient, TopicArn: string, batch: readonly Message[]): Promise<(Error | undefined)[]> {
  const [only, second] = batch;
  if (only !== undefined && second === undefined) {
    await callAws('publish-failed', 'Publishing an outcome', () =>
      client.send(new PublishCommand({ TopicArn, ...only })),
    );
    return [undefined];
  }
  const entries = batch.map((message, index) => ({ Id: String(index), ...message }));
  const command = new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries });
  const answer = await callAws('publish-failed', 'Publishing outcomes', () => client.send(command));
  const published = new Set((answer.Successful ?? []).map(({ Id }) => Id));
  return entries.map(({ Id }) =>
    published.has(Id) ? undefined : notPublished(answer.Failed?.find((one) => one.Id === Id)),
  );
}

function notPublished(entry: { Code?: string | undefined; Message?: string | undefined } | undefined): Error {
  const why = entry === undefined ? 'no answer for it' : `${entry.Code}: ${entry.Message ?? ''}`;
  return new AwsError('publish-failed', `Publishing an outcome failed: ${why}`);
}

function attributesOf({ ref, outcome }: OutcomeNotice) {
  const texts = {
    kind: outcome.kind,
    tenant: ref.tenant,
    source: ref.source,
    ...(outcome.kind === 'rejected' ? { code: outcome.code } : {}),
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, { DataType: 'String', StringValue: text }]),
  );
}
