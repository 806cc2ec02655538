import { TicketError } from './ticket-error.ts';

/** What no ticket's id holds, whatever the configured pattern lets through: operators of queries, parts of paths. */
const NEVER = /[\p{C}\p{Z}^/\\?#%"'<>,;]|^\.+$/u;

/** Answers the id if it matches the source's pattern as a whole; throws `ticket-id`, and nothing was sent. */
export function checkedTicketId(pattern: string, id: string): string {
  const matches = id.length <= 100 && !NEVER.test(id) && new RegExp(`^(?:${pattern})$`, 'u').test(id);
  if (matches) return id;
  throw new TicketError('ticket-id', 'The ticket has an id that does not match the idPattern of its source.');
}

const MARKER = /^[A-Za-z0-9._:/@-]{8,100}$/;

/** A marker ends in queries and texts as it stands. */
export function checkedMarker(marker: string): string {
  if (MARKER.test(marker)) return marker;
  throw new RangeError('A marker is 8 to 100 characters of A-Z a-z 0-9 . _ : / @ -');
}
