/** `never`; at the first later page that is asked of each list; at later pages by chance; at every later page. */
export type Moves = 'never' | 'once' | 'drawn' | 'always';

/** One page that is asked of a list; `list` names the list with its search. */
export type PageAsked = { list: string; page: number; size: number };

/**
 * Lists that change their order while they are paged: before a later page is answered, its first entry jumps to the top
 * of the list and stays there. The caller misses that entry, and gets the last entry of the page before once more.
 */
export type MovingLists = {
  arrange<T extends { id: string }>(items: readonly T[], asked: PageAsked): readonly T[];
  reset(): void;
};

export function createMovingLists(moves: () => Moves, random: () => number): MovingLists {
  const jumped = new Map<string, string[]>();
  const isMoving = (list: string): boolean =>
    ({ never: () => false, once: () => !jumped.has(list), drawn: () => random() < 0.5, always: () => true })[moves()]();
  return {
    arrange: (items, { list, page, size }) => {
      const now = inFront(items, jumped.get(list) ?? []);
      const jumping = now[(page - 1) * size];
      if (page < 2 || jumping === undefined || !isMoving(list)) return now;
      const ids = [jumping.id, ...(jumped.get(list) ?? []).filter((id) => id !== jumping.id)];
      jumped.set(list, ids);
      return inFront(items, ids);
    },
    reset: () => jumped.clear(),
  };
}

function inFront<T extends { id: string }>(items: readonly T[], ids: readonly string[]): readonly T[] {
  if (ids.length === 0) return items;
  const byId = new Map(items.map((one) => [one.id, one]));
  const others = items.filter((one) => !ids.includes(one.id));
  return [...ids.flatMap((id) => byId.get(id) ?? []), ...others];
}
