import type { SourceConfiguration } from '../../domain/configuration/configuration.ts';
import type { HttpAnswer } from '../../domain/http/http-problem.ts';
import { jsonAnswer } from '../../domain/http/json-answer.ts';
import { statusUrl } from '../../domain/http/status-token.ts';
import { refKey } from '../../domain/lane/change-ref.ts';
import { scheduledAt } from '../../domain/ledger/schedule.ts';
import type { ChangeRecord } from '../../domain/records/change-record.ts';
import { type AcceptResult, acceptChanges } from './accept-changes.ts';
import type { AcceptPorts } from './accept-ports.ts';
import type { RequestedChange } from './read-changes.ts';

/**
 * Accepts a valid delivery and answers it. `publicUrl`: where status links begin, `https://host`. Rejects as
 * `acceptChanges`.
 */
export async function acceptDelivery(
  ports: AcceptPorts,
  source: SourceConfiguration,
  delivery: { source: string; publicUrl: string },
  requested: readonly RequestedChange[],
): Promise<HttpAnswer> {
  const result = await acceptChanges(ports, source, delivery.source, requested);
  return 'refusal' in result ? result.refusal : answerAccepted(requested, result, delivery.publicUrl);
}

/** Answers with one entry per requested change, in their order; the answer to a resend differs in `state` at most. */
export function answerAccepted(
  requested: readonly RequestedChange[],
  { records, tokens }: AcceptResult,
  publicUrl: string,
): HttpAnswer {
  const known = new Map(records.map((record) => [refKey(record.ref), record]));
  const changes = requested.map(({ ref }) => ({
    idempotencyKey: ref.idempotencyKey,
    tenant: ref.tenant,
    ...stateOf(known.get(refKey(ref))),
    statusUrl: statusUrl(publicUrl, tokens.get(refKey(ref)) ?? ''),
  }));
  const only = changes.length === 1 ? changes[0]?.statusUrl : undefined;
  return jsonAnswer(202, { changes }, only === undefined ? {} : { location: only });
}

function stateOf(record: ChangeRecord | undefined) {
  if (record?.state !== 'scheduled' || record.scheduledFor === undefined) return { state: record?.state };
  return { state: record.state, scheduledFor: scheduledAt(record.scheduledFor) };
}
