import { TicketError } from './ticket-error.ts';

/** Characters that are refused even if the configured pattern allows them: query operators and parts of paths. */
const NEVER = /[\p{C}\p{Z}^/\\?#%"'<>,;]|^\.+$/u;

/** Returns the id if all of it matches the source's pattern. Otherwise throws `ticket-id`, before anything is sent. */
export function requireTicketId(pattern: string, id: string): string {
  const matches = id.length <= 100 && !NEVER.test(id) && new RegExp(`^(?:${pattern})$`, 'u').test(id);
  if (matches) return id;
  throw new TicketError('ticket-id', 'The ticket has an id that does not match the idPattern of its source.');
}

const MARKER = /^[A-Za-z0-9._:/@-]{8,100}$/;

/** Returns the marker if it can be used in queries and texts without escaping; otherwise throws a `RangeError`. */
export function requireMarker(marker: string): string {
  if (MARKER.test(marker)) return marker;
  throw new RangeError('A marker is 8 to 100 characters of A-Z a-z 0-9 . _ : / @ -');
}
