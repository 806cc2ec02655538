import { randomUUID } from 'node:crypto';
import { type SigningSettings, signPayload } from '../../shared/domain/source/sign-payload.ts';

/** The webhook's answer. */
export type DeliveryAnswer = { status: number; body: unknown; headers: Headers };

export type DeliveryOptions = {
  /** The signature's time, epoch ms; default: now. */
  at?: number;
  /** The delivery's id; default: a new one. A webhook system repeats it when it resends. */
  id?: string;
  /** The source's scheme; default: Standard Webhooks. */
  source?: SigningSettings | undefined;
};

/** One delivery as a ticket system makes it, proved as its source does over the bytes that are sent. */
export async function deliver(
  url: string,
  secret: string,
  body: unknown,
  {
    at = Date.now(),
    id = `msg_${randomUUID()}`,
    source = { scheme: { kind: 'standard-webhooks' } },
  }: DeliveryOptions = {},
): Promise<DeliveryAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, { method: 'POST', ...signPayload(source, secret, { id, at, body: text }) });
  return { status: response.status, body: parseJson(await response.text()), headers: response.headers };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
