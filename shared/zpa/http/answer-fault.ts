import * as z from 'zod';
import { parseRetryAfter } from '../../domain/http/retry-after.ts';
import { exactText, parseExactJson } from './exact-json.ts';
import { type FaultRow, findFaultRow } from './faults.ts';
import type { Answer } from './send-request.ts';
import { type FaultDetail, ZpaError } from './zpa-error.ts';

/** ZPA's rate window; after a 429 without Retry-After, calls wait this long. */
const WINDOW_MS = 10_000;

/**
 * The known fields of error bodies: the controller's `{id, reason, params, exception}`, the gateway's `{detail}` and
 * the token endpoint's `{error}`. `params` may be nested.
 */
const bodySchema = z.looseObject({
  id: z.unknown().optional(),
  reason: z.unknown().optional(),
  params: z.unknown().optional(),
  detail: z.unknown().optional(),
  error: z.unknown().optional(),
});

export type AnswerDescription = {
  status: number;
  zpaId: string | undefined;
  reason: string | undefined;
  params: string[] | undefined;
  retryAfterMs: number | undefined;
  /** The beginning of the body; fault signs search it for phrases. */
  text: string;
};

const asText = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Extracts from an answer what it states about its failure. Never throws, whatever the body is. */
export function describeAnswer(answer: Answer, now: number): AnswerDescription {
  const body = bodySchema.safeParse(parseExactJson(answer.text));
  const fields = body.success ? body.data : undefined;
  const params = Array.isArray(fields?.params)
    ? fields.params.map((one: unknown) => asText(one) ?? exactText(one))
    : undefined;
  const retryAfterMs = parseRetryAfter(answer.headers['retry-after'], now, answer.headers.date);
  return {
    status: answer.status,
    zpaId: asText(fields?.id),
    reason: asText(fields?.reason) ?? asText(fields?.detail) ?? asText(fields?.error) ?? plainReason(answer),
    params,
    retryAfterMs: retryAfterMs ?? (answer.status === 429 ? (untilReset(answer.headers) ?? WINDOW_MS) : undefined),
    text: answer.text.slice(0, 64 * 1024),
  };
}

/**
 * The pause that the gateway's own counter states in seconds. It counts only if it is used up and there is no Retry-After:
 * in recorded 429s the counter belonged to a limit that was far from its end.
 */
function untilReset(headers: Answer['headers']): number | undefined {
  const reset = headers['x-ratelimit-reset'] ?? '';
  return headers['x-ratelimit-remaining'] === '0' && /^[1-9]\d{0,3}$/.test(reset) ? Number(reset) * 1000 : undefined;
}

/** Shortens a body that is no JSON object to one line; a web page is only named as such. */
function plainReason({ text }: Answer): string | undefined {
  if (/^\s*<(!doctype|html)/i.test(text)) return 'a web page instead of JSON';
  const line = text.replace(/\s+/g, ' ').trim().slice(0, 4000);
  return line === '' ? undefined : line;
}

/** Creates the typed error for an answer that is not a success. */
export function answerError(
  answer: Answer,
  now: number,
  detail: Pick<FaultDetail, 'on' | 'call' | 'hide'>,
  row?: FaultRow,
): ZpaError {
  const { text, ...described } = describeAnswer(answer, now);
  const found = row ?? findFaultRow({ ...described, text, on: detail.on ?? 'read' });
  const detailText = [described.zpaId, described.reason].filter((part) => part !== undefined).join(': ');
  const message = `${detail.call ?? 'call'}: ${found.code}, HTTP ${answer.status}${detailText === '' ? '' : ` ${detailText}`}`;
  return new ZpaError(message, found, { ...detail, ...described });
}
