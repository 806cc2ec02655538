import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { schemeOf } from '../../../shared/domain/source/schemes.ts';
import { signPayload } from '../../../shared/domain/source/sign-payload.ts';
import { parseJson } from '../../../shared/domain/text/parse-json.ts';

/** The name that this system has for the sender of its tickets, and for its two fields. */
export type SenderWords = { title: string; says: string; address: string; secret: string };

/** One delivery and its answer; `status` 0: there was none. */
export type SentTicket = { at: number; ticket: string; status: number; says: string };

/** A business rule, or a webhook, sends a ticket whenever a person changed it. It sends nothing until it is set up. */
export type Sender = {
  configured(): { address: string; hasSecret: boolean };
  /** A blank secret keeps the one that is stored. */
  configure(given: { address: string; secret: string }): void;
  /** Newest first. */
  log(): readonly SentTicket[];
  send(ticket: string): Promise<void>;
};

type Options = {
  scheme: 'standard-webhooks' | 'jira';
  now: () => number;
  /** The body for a ticket; undefined: it is not sent. */
  payloadOf: (ticket: string) => unknown;
};

const LOGGED = 20;
const TIMEOUT_MS = 10_000;

/** Creates the sender; its deliveries are signed as the system signs them. */
export function createSender({ scheme: kind, now, payloadOf }: Options): Sender {
  let address = '';
  let secret = '';
  const sent: SentTicket[] = [];
  const scheme = { kind } as const;
  return {
    configured: () => ({ address, hasSecret: secret !== '' }),
    configure(given) {
      address = given.address.trim();
      secret = given.secret.trim() || secret;
    },
    log: () => sent.toReversed(),
    async send(ticket) {
      const payload = address === '' ? undefined : payloadOf(ticket);
      if (payload === undefined) return;
      const at = now();
      const answer = schemeOf(scheme).isSecret(secret)
        ? await post(address, signPayload({ scheme }, secret, { id: randomUUID(), at, body: JSON.stringify(payload) }))
        : { status: 0, says: 'the secret is none of this kind' };
      sent.push({ at, ticket, ...answer });
      sent.splice(0, sent.length - LOGGED);
    },
  };
}

const answered = z.object({ result: z.string(), reason: z.string(), detail: z.string(), code: z.string() }).partial();

async function post(address: string, signed: { headers: Record<string, string>; body: string }) {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(address, { method: 'POST', ...signed, redirect: 'error', signal });
    const { result, reason, code, detail } = answered.safeParse(parseJson(await answer.text())).data ?? {};
    return { status: answer.status, says: [code, result, reason, detail].filter(Boolean).join(', ') };
  } catch (error) {
    return { status: 0, says: error instanceof Error ? error.message : String(error) };
  }
}
