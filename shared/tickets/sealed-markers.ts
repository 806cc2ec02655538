import { createHmac } from 'node:crypto';
import type { TicketWriter } from '../ports/ticket-system.ts';

/** Reads the keys of the seals, the current one first; it rejects as the reader of the secret does. */
export type ReadSealKeys = () => Promise<readonly [string, ...string[]]>;

/**
 * Seals the markers of comments. Everybody who may comment on a ticket can copy a marker from another ticket or compute
 * it from the text; such a comment must not count as ours, or it would suppress our own. The seal is an HMAC over the
 * source, the ticket and the marker, which itself identifies the text, so only this product can make it. It stays the
 * same at every attempt, so that a comment whose answer was lost is found again, also by the previous key while a
 * rotation lasts.
 */
export function withSealedMarkers(writer: TicketWriter, source: string, readKeys: ReadSealKeys): TicketWriter {
  return {
    async comment(id, text, marker) {
      const sealed = (key: string) => `${marker}/${seal(key, [source, id, marker])}`;
      const [current, ...previous] = await readKeys();
      return await writer.comment(id, text, sealed(current), previous.map(sealed));
    },
    transition: writer.transition,
  };
}

/** 126 bits as 21 characters. The prefix keeps the seals apart from what else is derived from the same key. */
function seal(key: string, parts: readonly string[]): string {
  const text = JSON.stringify(['comment', ...parts]);
  return createHmac('sha256', key).update(text).digest('base64url').slice(0, 21);
}
