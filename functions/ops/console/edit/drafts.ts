import { shownMark } from '../view/form-fields.ts';

/** An edited text and the ticket that was named beside it. */
export type Draft = { text: string; ticket: string };

/** Drafts that are kept; the oldest one goes first. */
const MAX_DRAFTS = 50;

/**
 * Keeps drafts between the button that makes one and the page that shows its plan, in this process alone. A draft is found by
 * what is in it, so that a button sends exactly what its page showed.
 */
export function createDrafts() {
  const kept = new Map<string, Draft>();
  return {
    keep(draft: Draft): string {
      const id = shownMark(draft);
      kept.delete(id);
      kept.set(id, draft);
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_DRAFTS) break;
        kept.delete(oldest);
      }
      return id;
    },
    find: (id: string | null): Draft | undefined => (id === null ? undefined : kept.get(id)),
  };
}
