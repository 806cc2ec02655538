import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { boundNotice } from '../domain/bounds.ts';
import type { OutcomeNotice } from '../domain/message.ts';
import { outcomeSubject, outcomeText } from '../domain/outcome-text.ts';
import { toJson } from '../domain/wire-text.ts';
import type { OutcomeTopic } from '../ports.ts';
import { calling } from './aws-error.ts';
import { type ClientOrEnv, clientFrom } from './clients.ts';

/**
 * Publishes outcomes: JSON for programs, a readable text for e-mail (AWS: Publish, `MessageStructure: json`).
 * Subscriptions filter by the attributes `kind`, `tenant`, `source` and, of a rejection, `code`.
 */
export function createOutcomeTopic(from: ClientOrEnv<SNSClient> & { topicArn: string }): OutcomeTopic {
  const client = clientFrom(from, (options) => new SNSClient(options));
  return {
    async publish(notice) {
      const bounded = boundNotice(notice);
      const command = new PublishCommand({
        TopicArn: from.topicArn,
        Subject: outcomeSubject(bounded),
        Message: toJson({ default: toJson(bounded), email: outcomeText(bounded) }),
        MessageStructure: 'json',
        MessageAttributes: attributesOf(bounded),
      });
      await calling('publish-failed', 'Publishing an outcome', () => client.send(command));
    },
  };
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
