import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { toJson, truncateText } from '../../domain/text/truncate-text.ts';
import type { ReportTopic } from '../../ports/ports.ts';
import { callAws } from '../aws-error.ts';
import { type ClientOrEnv, clientFrom } from '../clients.ts';

/** An SNS subject is printable ASCII of at most 100 characters (AWS: Publish, `Subject`). */
const MAX_SUBJECT = 100;
const MAX_TEXT_BYTES = 32 * 1024;

/**
 * Publishes reports: a readable text for people, and JSON for programs, which subscribe a queue (AWS: Publish,
 * `MessageStructure: json`). Subscriptions distinguish them from outcomes by the attribute `kind`, which is `report`.
 */
export function createReportTopic(from: ClientOrEnv<SNSClient> & { topicArn: string }): ReportTopic {
  const client = clientFrom(from, SNSClient);
  return {
    async publish(subject, text, json) {
      const command = new PublishCommand({
        TopicArn: from.topicArn,
        Subject: subject.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_SUBJECT),
        Message: toJson({ default: truncateText(text, MAX_TEXT_BYTES), sqs: toJson(json) }),
        MessageStructure: 'json',
        MessageAttributes: { kind: { DataType: 'String', StringValue: 'report' } },
      });
      await callAws('publish-failed', 'Publishing a report', () => client.send(command));
    },
  };
}
