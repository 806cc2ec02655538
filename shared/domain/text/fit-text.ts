import { formatCount } from './sentence.ts';
import type { TicketBlock, TicketText } from './ticket-text.ts';

type Fits = (text: TicketText) => boolean;

/**
 * Shortens a text until it fits its destination. Rows of its tables go first, the last ones before the others; if one row is
 * still too much, its lines go. It says how many are left out and where they stand. A last line or link that concludes the
 * text stays. A text that fits is returned as it is.
 */
export function fitText(text: TicketText, fits: Fits): TicketText {
  if (fits(text)) return text;
  const rows = longest(rowCount(text) - 1, (count) => withRows(text, count), fits);
  return rows ?? fewerLines(text, fits);
}

/** The longest of the texts `make(1)` to `make(most)` that fits. */
function longest(most: number, make: (count: number) => TicketText, fits: Fits): TicketText | undefined {
  let [low, high] = [1, most];
  let best: TicketText | undefined;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const shorter = make(middle);
    if (fits(shorter)) [best, low] = [shorter, middle + 1];
    else high = middle - 1;
  }
  return best;
}

/** The text with the first `count` rows of its tables. */
function withRows(text: TicketText, count: number): TicketText {
  let room = count;
  const note = { kind: 'line', text: noteOn(text, rowCount(text) - count, 'row') } as const;
  return text.flatMap((block): TicketBlock[] => {
    if (block.kind !== 'table') return [block];
    const wasOpen = room >= 0;
    const kept = { ...block, rows: block.rows.slice(0, Math.max(0, room)) };
    room -= block.rows.length;
    const isCutHere = room < 0 && wasOpen;
    return [...(kept.rows.length > 0 ? [kept] : []), ...(isCutHere ? [note] : [])];
  });
}

function fewerLines(text: TicketText, fits: Fits): TicketText {
  const last = text.at(-1);
  const concludes = (last?.kind === 'line' || last?.kind === 'link') && text.length > 1;
  // One line may be as long as the destination takes, and then the conclusion has to go too.
  const conclusions: TicketText[] = concludes ? [[last], []] : [[]];
  const make = (conclusion: TicketText) =>
    longest(lineCount(text) - conclusion.length - 1, (count) => withLines(text, count, conclusion), fits);
  return conclusions.map(make).find(Boolean) ?? withLines(text, 0, []);
}

/** The first `count` lines, what is said of the others, and the conclusion. */
function withLines(text: TicketText, count: number, conclusion: TicketText): TicketText {
  let room = count;
  const kept = text.flatMap((block): TicketBlock[] => {
    const first = firstLines(block, room);
    room -= linesOf(block);
    return first;
  });
  const left = lineCount(text) - count - conclusion.length;
  return [...kept, { kind: 'line', text: noteOn(text, left, 'line') }, ...conclusion];
}

function noteOn(text: TicketText, left: number, what: 'row' | 'line'): string {
  const hasPage = text.some(({ kind }) => kind === 'link');
  const where = hasPage ? ', see the page.' : ' did not fit here: a ticket of fewer changes is shown whole.';
  return `… ${formatCount(left, `more ${what}`)}${where}`;
}

function firstLines(block: TicketBlock, room: number): TicketBlock[] {
  if (room <= 0) return [];
  if (block.kind === 'points') return [{ ...block, points: block.points.slice(0, room) }];
  return [block.kind === 'table' ? { ...block, rows: block.rows.slice(0, room) } : block];
}

const rowsOf = (block: TicketBlock) => (block.kind === 'table' ? block.rows.length : 0);
const linesOf = (block: TicketBlock) => (block.kind === 'points' ? block.points.length : Math.max(1, rowsOf(block)));
const rowCount = (text: TicketText) => text.reduce((sum, block) => sum + rowsOf(block), 0);
const lineCount = (text: TicketText) => text.reduce((sum, block) => sum + linesOf(block), 0);
