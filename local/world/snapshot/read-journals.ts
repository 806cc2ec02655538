import type { FailureRecord, OutcomeNotice } from '../../../shared/domain/ledger/message.ts';
import type { AwsEndpoint } from '../../aws/endpoint.ts';
import { queueName } from './take-snapshot.ts';

/** More than any test or demonstration sends. */
const ALL = 1_000_000;

/** The failures as they lie in the dead-letter queue, without receiving them. */
export function readFailures(endpoint: AwsEndpoint, queueUrl = ''): FailureRecord[] {
  const messages = endpoint.contents(queueName(queueUrl), ALL)?.messages ?? [];
  return messages.map((message) => JSON.parse(message.body) as FailureRecord);
}

/** The outcomes among everything that was published; drift reports go to the same topic. */
export function readOutcomes(endpoint: AwsEndpoint): OutcomeNotice[] {
  const bodies = endpoint.published(ALL).map((one) => readMessage(one.message));
  return bodies.filter((body): body is OutcomeNotice => body.outcome !== undefined);
}

/** A message with a text per protocol holds the one for programs as `sqs` (AWS: Publish, `MessageStructure`). */
function readMessage(text: string): Partial<OutcomeNotice> {
  const message = JSON.parse(text) as { sqs?: string } & Partial<OutcomeNotice>;
  return message.sqs === undefined ? message : (JSON.parse(message.sqs) as Partial<OutcomeNotice>);
}
