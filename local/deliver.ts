import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** What the webhook answered. */
export type DeliveryAnswer = { status: number; body: unknown; headers: Headers };

export type DeliveryOptions = {
  /** Epoch ms that the signature says; now unless told. */
  at?: number;
  /** The delivery's id; a new one unless told. A webhook system repeats it when it resends. */
  id?: string;
};

/** One delivery as a ticket system makes it: signed as Standard Webhooks say, over the bytes that are sent. */
export async function deliver(
  url: string,
  secret: string,
  body: unknown,
  { at = Date.now(), id = `msg_${randomUUID()}` }: DeliveryOptions = {},
): Promise<DeliveryAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, new Date(at), text),
    },
    body: text,
  });
  return { status: response.status, body: parseJson(await response.text()), headers: response.headers };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
