/**
 * The result of reading a list from another system. The compiler makes every reader say how far the list can be trusted:
 * a short list is never the whole one by accident, and an unreadable one is never an empty one.
 *
 * `partial`: `value` is certain, but more may exist. `unknown`: nothing can be concluded. `reason`: one plain sentence
 * part for people, without values of the other system.
 */
export type Reading<T> =
  | { kind: 'complete'; value: T }
  | { kind: 'partial'; value: T; reason: string }
  | { kind: 'unknown'; reason: string };

export const complete = <T>(value: T): Reading<T> => ({ kind: 'complete', value });
