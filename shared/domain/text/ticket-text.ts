/**
 * What is said on a ticket, before anybody decided how it is spelled there. Every text is plain and may be foreign; the
 * sinks beside this file escape it, each for its own reader. Nothing but `link.url` ever becomes a link.
 */
export type TicketBlock =
  | { kind: 'heading'; text: string }
  | { kind: 'line'; text: string }
  | { kind: 'points'; points: readonly string[] }
  /** A value before and after; null: there was or is none. */
  | { kind: 'changes'; rows: readonly { name: string; before: string | null; after: string | null }[] }
  /** `url` is ours or from the configuration, never from a payload. */
  | { kind: 'link'; label: string; url: string };

export type TicketText = readonly TicketBlock[];
