import { createHash } from 'node:crypto';
import { requesterStep } from '../../domain/outcome/requester-step.ts';
import { formatCount } from '../../domain/text/sentence.ts';
import { visible } from '../../domain/text/visible-text.ts';
import type { Commented, TicketWriter } from '../../ports/ticket-system.ts';
import type { Explanation } from './approved-result.ts';
import type { TicketResult } from './process-ticket.ts';

/** The most faults in one comment; the ticket is no log. */
const MAX_POINTS = 10;

/** A comment on a ticket that was not accepted. `marker` makes the same comment appear once per approval. */
export type RefusalComment = { points: Explanation[]; marker: string };

/**
 * The comment about what the people on the ticket can correct: an approval that does not cover its changes, or faults of
 * its contents. undefined: there is nothing to correct, or the ticket may not be about segment groups at all.
 */
export function refusalCommentFor(result: TicketResult): RefusalComment | undefined {
  if (result.kind === 'refused' && result.concerns) {
    const { sentence, remedy } = result;
    return { points: [{ sentence, remedy }], marker: markerOf(result.reason, result.occasion, [sentence]) };
  }
  if (result.kind !== 'unacceptable' || !result.concerns || result.faults.length === 0) return undefined;
  return commentOnFaults(result.faults, result.occasion);
}

/** The comment about faults, each with the next step of the person who asked. `occasion`: in which it is said once. */
export function commentOnFaults(faults: readonly Explanation[], occasion: string): RefusalComment {
  const points = faults.slice(0, MAX_POINTS).map(({ sentence, remedy, code }) => ({
    sentence,
    remedy: code === undefined ? remedy : requesterStep({ code, remedy }),
  }));
  const left = faults.length - points.length;
  const more = {
    sentence: `And ${formatCount(left, 'more fault')};`,
    remedy: 'they are listed once these are corrected.',
  };
  const sentences = faults.map((one) => one.sentence);
  return { points: left > 0 ? [...points, more] : points, marker: markerOf('faults', occasion, sentences) };
}

/** A comment with other sentences gets another marker. */
function markerOf(what: string, occasion: string, sentences: readonly string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([occasion, ...sentences]))
    .digest('hex');
  return `zpa-changes/not-taken/${what}/${digest.slice(0, 16)}`;
}

/** Writes the comment, once in effect. Rejects as the ticket system does. */
export async function commentRefusal(
  writer: TicketWriter,
  ticketId: string,
  { points, marker }: RefusalComment,
): Promise<Commented> {
  const lines = points.map(({ sentence, remedy }) => visible(`${sentence} ${remedy}`, MAX_POINT));
  const heading = { kind: 'heading', text: 'Not applied' } as const;
  return writer.comment(ticketId, [heading, { kind: 'points', points: lines }], marker);
}

const MAX_POINT = 600;
