import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Cancellation } from '../../../shared/domain/ledger/cancellation.ts';
import { parseJson } from '../../../shared/domain/text/parse-json.ts';
import { EXIT, OpsError } from '../output/exit-codes.ts';
import type { OpsSession } from './compose.ts';
import { signDelivery } from './sign-delivery.ts';

/** Maximum changes and bytes in one delivery (the webhook's own limits are 100 and 1 MiB). */
const MAX_CHANGES = 100;
const MAX_BYTES = 900 * 1024;

const accepted = z.object({
  changes: z.array(
    z.object({ idempotencyKey: z.string(), tenant: z.string(), state: z.string().optional(), statusUrl: z.string() }),
  ),
});
/** The webhook's answer for each change that it accepted. */
export type Accepted = z.output<typeof accepted>['changes'];

/** Packs raw changes in their order into bodies of deliveries. */
function toDeliveries(raw: readonly unknown[]): string[] {
  const bodies: string[] = [];
  let batch: string[] = [];
  let bytes = 0;
  const close = () => {
    if (batch.length > 0) bodies.push(`{"changes":[${batch.join(',')}]}`);
    batch = [];
    bytes = 0;
  };
  for (const text of raw.map((one) => JSON.stringify(one))) {
    if (batch.length === MAX_CHANGES || bytes + text.length * 3 > MAX_BYTES) close();
    batch.push(text);
    bytes += text.length * 3;
  }
  close();
  return bodies;
}

/** Sends changes in signed deliveries, in their order. Rejects with `OpsError` at the first that the webhook does not accept. */
export async function deliverChanges(
  session: OpsSession,
  source: string,
  raw: readonly unknown[],
  signal: AbortSignal,
): Promise<Accepted> {
  const sent: Accepted = [];
  for (const delivery of toDeliveries(raw)) sent.push(...(await deliver(session, source, delivery, signal)));
  return sent;
}

/** Sends one signed delivery of changes. Rejects with `OpsError` unless the webhook accepts them. */
async function deliver(session: OpsSession, source: string, body: string, signal: AbortSignal): Promise<Accepted> {
  const { status, text } = await sendDelivery(session, source, body, signal);
  const answer = accepted.safeParse(parseJson(text));
  if (status !== 202 || !answer.success) throw refusalError(status, text);
  return answer.data.changes;
}

const results = z.object({
  results: z.tuple([
    z.object({ result: z.enum(['cancelled', 'settled', 'retried', 'under-way', 'unknown']), sentence: z.string() }),
  ]),
});
/** The webhook's answer to one cancellation. */
export type CancelResult = z.output<typeof results>['results'][0];

/** Requests the cancellation of one change of this source. Rejects with `OpsError` if the webhook does not judge it. */
export async function requestCancel(
  session: OpsSession,
  source: string,
  cancellation: Cancellation,
  signal: AbortSignal,
): Promise<CancelResult> {
  const { status, text } = await sendDelivery(session, source, JSON.stringify({ cancel: [cancellation] }), signal);
  const judged = results.safeParse(parseJson(text));
  if (!judged.success) throw refusalError(status, text);
  return judged.data.results[0];
}

/** An answer may be lost behind what it answers. */
const UNKNOWN = 'it is not known whether it accepted this';
const REPEAT = 'Then do the same again: what was accepted is not accepted a second time.';

/** Sends a body, signed by the source's scheme, to the webhook. Rejects with `OpsError` if there is no answer. */
export async function sendDelivery(
  session: OpsSession,
  source: string,
  body: string,
  signal: AbortSignal,
  id = `msg_${randomUUID()}`,
) {
  const url = `${session.target.ingestUrl.replace(/\/$/, '')}/webhooks/${encodeURIComponent(source)}`;
  const signed = await signDelivery(session, source, id, body);
  try {
    const timeout = AbortSignal.timeout(30_000);
    const answer = await fetch(url, {
      method: 'POST',
      ...signed,
      redirect: 'error',
      signal: AbortSignal.any([signal, timeout]),
    });
    return { status: answer.status, text: await answer.text() };
  } catch (cause) {
    const sentence = `The webhook ${url} did not answer: ${UNKNOWN}.`;
    const remedy = `Check that the target runs. ${REPEAT}`;
    throw new OpsError(EXIT.unreachable, 'webhook-unreachable', sentence, remedy, cause);
  }
}

const NO_CODE = 'refused';

const problemSchema = z.object({
  code: z.string().default(NO_CODE),
  title: z.string().default('The webhook refused it'),
  detail: z.string().optional(),
  errors: z.array(z.object({ sentence: z.string().default(''), remedy: z.string().default('') })).default([]),
});

/** Converts the webhook's refusal of a delivery to an `OpsError` with the webhook's own reason. */
export function refusalError(status: number, text: string): OpsError {
  const parsed = problemSchema.safeParse(parseJson(text));
  const exit = status < 400 || status === 429 || status >= 500 ? EXIT.unreachable : EXIT.usage;
  // A gateway whose function took too long answers in JSON too, without a code of ours.
  if (!parsed.success || (status >= 500 && parsed.data.code === NO_CODE)) {
    const doubt = status >= 500 ? `: ${UNKNOWN}` : '';
    const sentence = `The answer with status ${status} is not one of the webhook${doubt}.`;
    const remedy = `Check \`ingestUrl\` in the target. ${REPEAT}`;
    return new OpsError(exit, 'refused', sentence, remedy);
  }
  const { code, title, detail, errors } = parsed.data;
  const sentences = [detail ?? title, ...errors.map(({ sentence }) => sentence)];
  const remedy =
    exit === EXIT.unreachable ? 'Send the same again later.' : (errors[0]?.remedy ?? 'Correct what is sent.');
  return new OpsError(exit, code, sentences.join('\n'), remedy);
}
