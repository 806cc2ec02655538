import { shownMark } from './form-fields.ts';

/**
 * Keeps what a page showed until the button of that page is pressed, in this process alone. It is found by what is in it, so
 * that a button does exactly what its page showed.
 */
export type Kept<T> = { keep(value: T): string; find(id: string | null): T | undefined };

/** `of`: what makes one different from another. At most `max` are kept; the oldest one goes first. */
export function createKept<T>(of: (value: T) => unknown, max = 50): Kept<T> {
  const kept = new Map<string, T>();
  return {
    keep(value) {
      const id = shownMark(of(value));
      kept.delete(id);
      kept.set(id, value);
      for (const oldest of kept.keys()) {
        if (kept.size <= max) break;
        kept.delete(oldest);
      }
      return id;
    },
    find: (id) => (id === null ? undefined : kept.get(id)),
  };
}
