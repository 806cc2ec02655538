import { z } from 'zod';
import { parseRetryAfter } from '../../domain/http/retry-after.ts';
import { parseJson } from '../../domain/text/parse-json.ts';
import { type FaultRow, rowFor } from './faults.ts';
import type { Answer } from './send-request.ts';
import { type FaultDetail, ZpaError } from './zpa-error.ts';

/** ZPA's rate window: what a 429 without Retry-After is held for. */
const WINDOW_MS = 10_000;

/**
 * Everything an error body has been seen to hold: the controller's `{id, reason, params, exception}`, the gateway's
 * `{detail}` and the token endpoint's `{error}`. `params` may nest.
 */
const bodySchema = z.looseObject({
  id: z.unknown().optional(),
  reason: z.unknown().optional(),
  params: z.unknown().optional(),
  detail: z.unknown().optional(),
  error: z.unknown().optional(),
});

export type Described = {
  status: number;
  zpaId: string | undefined;
  reason: string | undefined;
  params: string[] | undefined;
  retryAfterMs: number | undefined;
  /** The beginning of the body, for phrases. */
  text: string;
};

const asText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** What an answer says about its own failure; never throws, whatever the body is. */
export function describeAnswer(answer: Answer, now: number): Described {
  const body = bodySchema.safeParse(parseJson(answer.text));
  const said = body.success ? body.data : undefined;
  const params = Array.isArray(said?.params)
    ? said.params.map((one: unknown) => asText(one) ?? JSON.stringify(one) ?? '')
    : undefined;
  const asked = parseRetryAfter(answer.headers['retry-after'], now, answer.headers.date);
  return {
    status: answer.status,
    zpaId: asText(said?.id),
    reason: asText(said?.reason) ?? asText(said?.detail) ?? asText(said?.error) ?? plainReason(answer),
    params,
    // Only Retry-After counts: in recorded 429s x-ratelimit-reset spoke of another limit altogether.
    retryAfterMs: asked ?? (answer.status === 429 ? WINDOW_MS : undefined),
    text: answer.text.slice(0, 64 * 1024),
  };
}

/** A body that is no JSON object, on one line; of a web page only that it is one. */
function plainReason({ text }: Answer): string | undefined {
  if (/^\s*<(!doctype|html)/i.test(text)) return 'a web page instead of JSON';
  const line = text.replace(/\s+/g, ' ').trim().slice(0, 4000);
  return line === '' ? undefined : line;
}

/** The typed error for an answer that is not the success hoped for. */
export function answerError(
  answer: Answer,
  now: number,
  detail: Pick<FaultDetail, 'on' | 'call' | 'hide'>,
  row?: FaultRow,
): ZpaError {
  const { text, ...seen } = describeAnswer(answer, now);
  const found = row ?? rowFor({ ...seen, text, on: detail.on ?? 'read' });
  const said = [seen.zpaId, seen.reason].filter((part) => part !== undefined).join(': ');
  const message = `${detail.call ?? 'call'}: ${found.code}, HTTP ${answer.status}${said === '' ? '' : ` ${said}`}`;
  return new ZpaError(message, found, { ...detail, ...seen });
}
