import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { jsonAnswer } from '../../shared/domain/http/json-answer.ts';
import type { Cancellation } from '../../shared/domain/ledger/cancellation.ts';
import { type CancelResult, cancelChange, sentenceOf } from '../../shared/ledger/cancel-change.ts';
import { tenantLanes } from '../../shared/ledger/tenant-lanes.ts';
import type { IngestPorts } from './ports.ts';
import { readCancellations } from './read-cancellations.ts';

/**
 * Cancels changes of a source: its own changes only, independent of its present grants, also for a customer that their
 * tenant had before. Each key is cancelled on its own,
 * and the same delivery again gets the same answer, so the sender repairs a partial failure by sending it again. Answers
 * 200 if all are cancelled, 409 if one is settled, retried or under way, else 404 if one is not known.
 */
export async function cancelChanges(
  ports: IngestPorts,
  source: string,
  value: { cancel: unknown },
): Promise<HttpAnswer> {
  const read = readCancellations(value);
  if ('refusal' in read) return read.refusal;
  const results: Result[] = [];
  for (const one of read.cancellations) results.push(await cancelOne(ports, source, one));
  const count = (...names: CancelResult['kind'][]) => results.filter(({ result }) => names.includes(result)).length;
  ports.meter.count('ChangesCancelled', count('cancelled'), { source });
  ports.log.info('cancelling asked for', {
    source,
    results: results.map(({ idempotencyKey, tenant, result }) => ({ key: idempotencyKey, tenant, result })),
  });
  const detail = `${count('cancelled')} of ${results.length} are cancelled; "results" says what became of the others.`;
  if (count('settled', 'retried', 'under-way') > 0) return problem('not-cancelled', { detail, results });
  if (count('unknown') > 0) return problem('unknown-change', { detail, results });
  return jsonAnswer(200, { results });
}

type Result = Pick<Cancellation, 'idempotencyKey' | 'tenant'> & { result: CancelResult['kind']; sentence: string };

async function cancelOne(ports: IngestPorts, source: string, cancellation: Cancellation): Promise<Result> {
  const { idempotencyKey, tenant, ...decision } = cancellation;
  let result: CancelResult = { kind: 'unknown' };
  for (const one of await tenantLanes(ports)) {
    if (one.tenant !== tenant || result.kind !== 'unknown') continue;
    result = await cancelChange(ports, { ...one, source, idempotencyKey }, { by: source, ...decision });
  }
  return { idempotencyKey, tenant, result: result.kind, sentence: sentenceOf(result) };
}
