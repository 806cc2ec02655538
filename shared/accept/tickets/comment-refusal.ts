import { createHash } from 'node:crypto';
import { visible } from '../../domain/text/visible-text.ts';
import type { Commented, TicketWriter } from '../../ports/ticket-system.ts';
import type { Explained } from './accept-approved.ts';
import type { TicketEnd } from './take-ticket.ts';

/** Of many faults the first are said; the ticket is no log. */
const MAX_SAID = 10;

/** What is said on a ticket that was not taken, and its name: the same thing is said once per approval. */
export type RefusalComment = { said: Explained[]; marker: string };

/**
 * What the people on the ticket can mend: the approval does not bear it, or what it asks for has faults. undefined:
 * nothing, or nobody knows whether the ticket is about segment groups at all.
 */
export function refusalCommentFor(end: TicketEnd): RefusalComment | undefined {
  if (end.kind === 'refused' && end.concerns) {
    const { sentence, remedy } = end;
    return { said: [{ sentence, remedy }], marker: markerOf(end.reason, end.occasion, [sentence]) };
  }
  if (end.kind !== 'unacceptable' || !end.concerns || end.faults.length === 0) return undefined;
  const said = end.faults.slice(0, MAX_SAID).map(({ sentence, remedy }) => ({ sentence, remedy }));
  return {
    said,
    marker: markerOf(
      'faults',
      end.occasion,
      end.faults.map((one) => one.sentence),
    ),
  };
}

/** Other words are another thing to say. */
function markerOf(what: string, occasion: string, sentences: readonly string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([occasion, ...sentences]))
    .digest('hex');
  return `zpa-changes/not-taken/${what}/${digest.slice(0, 16)}`;
}

/** Says it once in effect. Rejects as the ticket system does. */
export async function commentRefusal(
  writer: TicketWriter,
  ticketId: string,
  { said, marker }: RefusalComment,
): Promise<Commented> {
  const points = said.map(({ sentence, remedy }) => visible(`${sentence} ${remedy}`, MAX_POINT));
  const heading = { kind: 'heading', text: 'Not carried out' } as const;
  return writer.comment(ticketId, [heading, { kind: 'points', points }], marker);
}

const MAX_POINT = 600;
