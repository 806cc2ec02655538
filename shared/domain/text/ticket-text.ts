/**
 * A text for a ticket, independent of the ticket system's format. Every text is plain and may be foreign. The renderers
 * beside this file escape it, each for its own format. Only `link.url` ever becomes a link.
 */
export type TicketBlock =
  | { kind: 'heading'; text: string }
  | { kind: 'line'; text: string }
  | { kind: 'points'; points: readonly string[] }
  /** Each row has as many cells as there are columns. */
  | { kind: 'table'; columns: readonly string[]; rows: readonly (readonly string[])[] }
  /** `url` is this product's own or from the configuration, never from a payload. */
  | { kind: 'link'; label: string; url: string };

export type TicketText = readonly TicketBlock[];
