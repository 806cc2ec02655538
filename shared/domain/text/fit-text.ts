import { formatCount } from './sentence.ts';
import type { TicketBlock, TicketText } from './ticket-text.ts';

/**
 * Shortens a text until it fits its destination: the first lines stay, then it says how many are left out and where they
 * stand, and a last line that concludes the text stays. A text that fits is returned as it is.
 */
export function fitText(text: TicketText, fits: (text: TicketText) => boolean): TicketText {
  if (fits(text)) return text;
  const last = text.at(-1);
  // One line may be as long as the destination takes, and then the conclusion has to go too.
  const conclusions: TicketText[] = last?.kind === 'line' && text.length > 1 ? [[last], []] : [[]];
  const shortest = shorten(text, 0, []);
  return conclusions.map((conclusion) => longestFitting(text, conclusion, fits)).find(Boolean) ?? shortest;
}

function longestFitting(text: TicketText, conclusion: TicketText, fits: (text: TicketText) => boolean) {
  let [low, high] = [1, lineCount(text) - conclusion.length - 1];
  let best: TicketText | undefined;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const shorter = shorten(text, middle, conclusion);
    if (fits(shorter)) [best, low] = [shorter, middle + 1];
    else high = middle - 1;
  }
  return best;
}

/** The first `count` lines, with what is said of the others. */
function shorten(text: TicketText, count: number, conclusion: TicketText): TicketText {
  let room = count;
  const kept = text.flatMap((block): TicketBlock[] => {
    const first = firstLines(block, room);
    room -= linesOf(block);
    return first;
  });
  const left = lineCount(text) - count - conclusion.length;
  const hasStatus = text.some(({ kind }) => kind === 'link');
  const where = hasStatus ? 'the status page of each change shows it' : 'a ticket of fewer changes is shown whole';
  const note = `… ${formatCount(left, 'more line')} of this text did not fit here: ${where}.`;
  return [...kept, { kind: 'line', text: note }, ...conclusion];
}

function firstLines(block: TicketBlock, room: number): TicketBlock[] {
  if (room <= 0) return [];
  if (block.kind === 'points') return [{ ...block, points: block.points.slice(0, room) }];
  return [block.kind === 'changes' ? { ...block, rows: block.rows.slice(0, room) } : block];
}

function linesOf(block: TicketBlock): number {
  if (block.kind === 'points') return block.points.length;
  return block.kind === 'changes' ? block.rows.length : 1;
}

const lineCount = (text: TicketText) => text.reduce((sum, block) => sum + linesOf(block), 0);
