import { createSetNotes } from '../../../../shared/aws/ledger/notes/set-notes.ts';
import { lookup } from '../../../../shared/domain/configuration/lookup.ts';
import { type LaneStanding, laneStanding, standingOfChange } from '../../../../shared/domain/notice/lane-standing.ts';
import { noteId } from '../../../../shared/domain/notice/set-note.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import type { ChangeSetRecords } from '../../../../shared/domain/story/view.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import { findChange } from '../../session/find-change.ts';
import { environmentOf } from '../../session/settings.ts';
import type { ConsoleContext } from '../contract.ts';
import { createSiblings, type Siblings } from './read-siblings.ts';
import { readTrailOf, type Trail } from './read-trail.ts';

/** All that is known about one change. */
export type Story = {
  record: ChangeRecord;
  set: ChangeSetRecords | undefined;
  lane: LaneRecord;
  /** Why it waits, while it is open. */
  standing: LaneStanding | undefined;
  /** Its ticket carries the outcome; undefined: no ticket system is written to. */
  told: boolean | undefined;
  /** Read once it is settled. */
  trail: Trail | undefined;
};

/** Finds the change that an address names. Throws an `OpsError` if it names none. */
export function findShown({ session }: Pick<ConsoleContext, 'session'>, query: URLSearchParams): Promise<ChangeRecord> {
  const [source, tenant, key] = ['source', 'tenant', 'key'].map((name) => query.get(name)?.trim() || undefined);
  if (source !== undefined && tenant !== undefined && key !== undefined)
    return findChange(session, key, { source, tenant });
  const sentence = 'The address names no change.';
  throw new OpsError(EXIT.usage, 'which-change', sentence, 'Choose one in the list of changes.');
}

/** Each console keeps the sets that it has read, from its first page on. */
const known = new WeakMap<object, Siblings>();

function siblingsOf({ processContext, now }: ConsoleContext): Siblings {
  const found = known.get(processContext) ?? createSiblings(now);
  known.set(processContext, found);
  return found;
}

export async function readStory(context: ConsoleContext, query: URLSearchParams): Promise<Story> {
  const { session } = context;
  const record = await findShown(context, query);
  const isOpen = record.state !== 'settled';
  const [lane, set, told, trail] = await Promise.all([
    session.ledger.readLane(record.ref.lane),
    siblingsOf(context).read(session, record),
    isOpen ? undefined : isTold(context, record),
    isOpen && record.history.length === 0 ? undefined : readTrailOf(context, record, query.get('acts') !== null),
  ]);
  const standing = isOpen
    ? (standingOfChange(lane, record, context.now()) ?? laneStanding(lane, 1, context.now()))
    : undefined;
  return { record, set, lane, standing, told, trail };
}

/** True if the ticket carries the outcome of this generation, by the note that `notify` keeps. */
async function isTold(context: ConsoleContext, record: ChangeRecord): Promise<boolean | undefined> {
  const { session, findTarget, processContext } = context;
  const { ref, generation } = record;
  if (lookup(session.configuration.sources, ref.source)?.tickets === undefined) return undefined;
  const target = findTarget();
  const notes = createSetNotes({ env: environmentOf(target, processContext.env), tableName: target.env.TABLE_NAME });
  const note = await notes.read(noteId(record));
  const mine = note?.members.find(
    (one) => one.lane === ref.lane && one.tenant === ref.tenant && one.idempotencyKey === ref.idempotencyKey,
  );
  return mine !== undefined && mine.generation === generation && mine.told;
}
