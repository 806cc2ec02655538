import type { Lane } from '../../domain/lane/change-ref.ts';
import { optimisticUpdate } from '../../ledger/optimistic-update.ts';
import type { SeenListStore, SeenLists } from '../../ports/seen-lists.ts';
import { ZpaError } from '../http/zpa-error.ts';

/**
 * Remembers which lists of a customer held entries. ZPA answers a list that the customer has not bought like one that it
 * cannot find just now, so only a list that never held an entry counts as not bought. Both methods reject as the store
 * does: without this knowledge no list counts as read.
 */
export type ListMemory = {
  /** `scope`: the microtenant whose lists they are. */
  seen(scope: string): Promise<ReadonlySet<string>>;
  /** Writes only lists that are new. */
  note(scope: string, lists: readonly string[]): Promise<void>;
};

export function createListMemory(store: SeenListStore, lane: Lane): ListMemory {
  return {
    seen: async (scope) => new Set((await store.read(lane, scope))?.lists),
    async note(scope, lists) {
      if (lists.length === 0) return;
      const absent = (): SeenLists => ({ version: 0, lane, scope, lists: [] });
      await optimisticUpdate<SeenLists, SeenLists>((await store.read(lane, scope)) ?? absent(), {
        change(stored) {
          const added = lists.filter((one) => !stored.lists.includes(one));
          return added.length === 0 ? undefined : { ...stored, lists: [...stored.lists, ...added].sort() };
        },
        write: (record, expected) => store.write(record, expected),
        absent,
        subject: `the lists seen in ${lane}`,
      });
    },
  };
}

/** The error for a list that held entries and that ZPA answers as if the customer had not bought it. */
export function vanishedListError(list: string, call: string, said: string): ZpaError {
  const reason = `ZPA does not show ${list} (${said}), and showed entries of it before: its content is unknown now`;
  return new ZpaError(`${call}: ${reason}`, { code: 'list-vanished' }, { call, reason });
}
