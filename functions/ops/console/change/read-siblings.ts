import type { ChangeRef } from '../../../../shared/domain/lane/change-ref.ts';
import { refKey } from '../../../../shared/domain/lane/change-ref.ts';
import { noteId } from '../../../../shared/domain/notice/set-note.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { ChangeSetRecords } from '../../../../shared/domain/story/view.ts';
import { errorCode } from '../../../../shared/ports/error-code.ts';
import { findNamed } from '../../session/find-change.ts';
import type { ConsoleContext } from '../contract.ts';

/** The most members that a page shows. */
const MOST_MEMBERS = 100;
/** Members may be of any tenant, so a search asks all of them: it takes at most a twentieth of the time. */
const SEARCH_PAUSE = { times: 20, leastMs: 2000 };

type Members = { refs: readonly ChangeRef[]; nextSearch: number };

/** The members of change sets, found by the ticket that begins their keys. */
export type Siblings = ReturnType<typeof createSiblings>;

/** Finds the other changes of a set, and keeps where they are; their records are read anew each time. */
export function createSiblings(now: () => number) {
  const known = new Map<string, Members>();

  async function search(session: ConsoleContext['session'], record: ChangeRecord): Promise<Members> {
    const begun = now();
    const found = await findNamed(session, ticketIn(record), { source: record.ref.source }, () => undefined);
    const refs = found.filter((one) => isSibling(one, record)).map(({ ref }) => ref);
    const isWhole = refs.length >= Math.min((record.change.changeSet?.size ?? 1) - 1, MOST_MEMBERS);
    const pause = Math.max(SEARCH_PAUSE.leastMs, SEARCH_PAUSE.times * (now() - begun));
    return { refs: refs.slice(0, MOST_MEMBERS), nextSearch: isWhole ? Number.POSITIVE_INFINITY : now() + pause };
  }

  return {
    /** The set of a change, in its order; undefined: it has none, or is alone in it. */
    async read(session: ConsoleContext['session'], record: ChangeRecord): Promise<ChangeSetRecords | undefined> {
      const { changeSet } = record.change;
      if (changeSet === undefined || changeSet.size < 2) return undefined;
      const id = `${refKey(record.ref)} ${noteId(record)}`;
      let members = known.get(id);
      if (members === undefined || now() >= members.nextSearch) {
        members = await search(session, record);
        known.set(id, members);
      }
      const others = await Promise.all(members.refs.map((ref) => readIfPossible(session, ref)));
      const all = [record, ...others.filter((one) => one !== undefined)];
      return { size: changeSet.size, members: all.toSorted((a, b) => placeOf(a) - placeOf(b)) };
    },
  };
}

/** The ticket as it begins the key: `CHG0031337` of `CHG0031337/2@APPR0007`. */
const ticketIn = ({ ref }: ChangeRecord): string => /^[^/@]*/.exec(ref.idempotencyKey)?.[0] ?? '';

const isSibling = (one: ChangeRecord, record: ChangeRecord): boolean =>
  noteId(one) === noteId(record) && refKey(one.ref) !== refKey(record.ref);

const placeOf = ({ change }: ChangeRecord): number => change.changeSet?.index ?? 0;

async function readIfPossible(
  { ledger }: ConsoleContext['session'],
  ref: ChangeRef,
): Promise<ChangeRecord | undefined> {
  try {
    return await ledger.readChange(ref);
  } catch (error) {
    if (errorCode(error) !== 'record-malformed') throw error;
    return undefined;
  }
}
