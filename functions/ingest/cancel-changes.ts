import { lookup } from '../../shared/domain/configuration/lookup.ts';
import { type HttpAnswer, problem } from '../../shared/domain/http/http-problem.ts';
import { jsonAnswer } from '../../shared/domain/http/json-answer.ts';
import { laneName } from '../../shared/domain/lane/change-ref.ts';
import type { Cancellation } from '../../shared/domain/ledger/cancellation.ts';
import { type Cancelling, cancelChange, sentenceOf } from '../../shared/ledger/cancel-change.ts';
import type { IngestPorts } from './ports.ts';
import { readCancellations } from './read-cancellations.ts';

/**
 * Takes back what a source asked for: its own changes only, whatever its grants are by now. Each key is done on its own
 * and the same delivery again gets the same answer, so whatever part of it failed is made good by sending it again.
 * 200 if all are cancelled; 409 if one is settled or under way, else 404 if one is not known.
 */
export async function cancelChanges(
  ingest: IngestPorts,
  source: string,
  value: { cancel: unknown },
): Promise<HttpAnswer> {
  const read = readCancellations(value);
  if ('refusal' in read) return read.refusal;
  const results: Result[] = [];
  for (const one of read.cancellations) results.push(await cancelOne(ingest, source, one));
  const count = (...names: Cancelling['kind'][]) => results.filter(({ result }) => names.includes(result)).length;
  ingest.meter.count('ChangesCancelled', count('cancelled'), { source });
  ingest.log.info('cancelling asked for', {
    source,
    results: results.map(({ idempotencyKey, tenant, result }) => ({ key: idempotencyKey, tenant, result })),
  });
  const detail = `${count('cancelled')} of ${results.length} are cancelled; "results" says what became of the others.`;
  if (count('settled', 'under-way') > 0) return problem('not-cancelled', { detail, results });
  if (count('unknown') > 0) return problem('unknown-change', { detail, results });
  return jsonAnswer(200, { results });
}

type Result = Pick<Cancellation, 'idempotencyKey' | 'tenant'> & { result: Cancelling['kind']; sentence: string };

async function cancelOne(ingest: IngestPorts, source: string, asked: Cancellation): Promise<Result> {
  const { idempotencyKey, tenant, reason } = asked;
  const configured = lookup(ingest.configuration.tenants, tenant);
  const ending: Cancelling =
    configured === undefined
      ? { kind: 'unknown' }
      : await cancelChange(
          ingest,
          { lane: laneName(configured), source, tenant, idempotencyKey },
          { by: source, reason },
        );
  return { idempotencyKey, tenant, result: ending.kind, sentence: sentenceOf(ending) };
}
