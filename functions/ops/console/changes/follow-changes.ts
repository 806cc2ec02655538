import type { Lane } from '../../../../shared/domain/lane/change-ref.ts';
import { refKey } from '../../../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { ChangeList } from '../../../../shared/ports/change-list.ts';
import { errorCode } from '../../../../shared/ports/error-code.ts';
import type { Ledger, UnreadableRecord } from '../../../../shared/ports/ports.ts';
import { forEachAtOnce } from '../../../../shared/runtime/at-once.ts';
import { toOpsError } from '../../output/exit-codes.ts';
import type { OpsSession } from '../../session/compose.ts';
import { allLanes } from '../../session/lanes.ts';
import { forEachOpenChange } from '../../session/open-changes.ts';
import type { ChangeIndex } from './change-index.ts';

/** The parts of a session that changes are read with. */
export type Readable = Pick<OpsSession, 'configuration' | 'knownLanes'> & {
  ledger: Pick<Ledger, 'readChange' | 'openChanges' | 'lastSequence'> & ChangeList;
};

/** The state of the reading of all lanes. */
export type Progress = {
  /** Every change that the ledger held at `since` was read. */
  isComplete: boolean;
  /** Changes of the last complete reading of each lane; of one that has none, those read so far. */
  read: number;
  /** Of the lane that was read first, in epoch ms; undefined until all are. */
  since: number | undefined;
  /** Places of the lanes that were given out since, and of which no change was met. */
  missed: number;
  unreadable: readonly UnreadableRecord[];
  /** Why the reading of a lane failed. It begins again by itself. */
  failures: readonly { lane: Lane; sentence: string }[];
};

/** The facts of one reading of a whole lane. */
type Reading = {
  read: number;
  /** Places up to this one were given out before the reading began. */
  base: number;
  /** Places above `base` whose changes were met. */
  above: Set<number>;
  unreadable: Map<string, UnreadableRecord>;
};

type LaneState = {
  pass: number;
  /** The last complete reading: it counts until the next one has ended. */
  whole: Reading;
  /** The one that runs. */
  next?: Reading;
  /** When the last complete reading began, and how long it took. */
  readAt?: number;
  tookMs: number;
  last: number;
  /** Records of the last look that could not be read. */
  unreadable: UnreadableRecord[];
  failed?: { at: number; sentence: string };
};

const newReading = (base: number): Reading => ({ read: 0, base, above: new Set(), unreadable: new Map() });

const LANES_AT_ONCE = 20;
/** Whole lanes that are read at a time: a person with the console must not use up what the table can read. */
const READINGS_AT_ONCE = 2;
/** Looks and readings take at most a fifth, and a thirtieth, of the time. */
const LOOK_PAUSE = { times: 5, leastMs: 1000 };
const READING_PAUSE = { times: 30, leastMs: 5000 };
const AGAIN_AFTER_FAILURE_MS = 10_000;
/** Clocks of the functions and of this machine may differ so much. */
const CLOCKS_DIFFER_MS = 60_000;

export type Follower = ReturnType<typeof createFollower>;

/**
 * Keeps an index of all changes up to date. No index of the table has the settled ones by time, so each lane is read once, in the
 * background; after that, open changes are followed until they are settled. A change that was accepted and settled between two
 * looks is missed: the lane's counter shows that there is one, and the lane is read again.
 */
export function createFollower(index: ChangeIndex, now: () => number) {
  const lanes = new Map<Lane, LaneState>();
  let looking: Promise<void> | undefined;
  let nextLook = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  function stateOf(lane: Lane): LaneState {
    const found = lanes.get(lane);
    if (found !== undefined) return found;
    const whole = newReading(Number.POSITIVE_INFINITY);
    const state: LaneState = { pass: 0, whole, tookMs: 0, last: 0, unreadable: [] };
    lanes.set(lane, state);
    return state;
  }

  function take(state: LaneState, record: ChangeRecord, pass?: number): void {
    index.put(record, pass);
    for (const reading of [state.whole, state.next])
      if (reading !== undefined && record.sequence > reading.base) reading.above.add(record.sequence);
  }

  async function lookAt({ ledger }: Readable, lane: Lane): Promise<void> {
    const state = stateOf(lane);
    state.last = await ledger.lastSequence(lane);
    const met = new Set<string>();
    const meet = (record: ChangeRecord) => {
      met.add(refKey(record.ref));
      take(state, record);
    };
    const unreadable: UnreadableRecord[] = [];
    const unread = (key: string) => unreadable.push({ key, why: 'it cannot be read' });
    await forEachOpenChange(ledger, lane, meet, unread);
    const ended = index.openOf(lane).filter(({ ref }) => !met.has(refKey(ref)));
    await forEachAtOnce(ended, LANES_AT_ONCE, async (row) => {
      const record = await ledger.readChange(row.ref).catch((error: unknown) => {
        if (errorCode(error) !== 'record-malformed') throw error;
        return 'malformed' as const;
      });
      // It stays open here, so that it is read again until it can be.
      if (record === 'malformed') unread(row.ref.idempotencyKey);
      else if (record === undefined) index.remove(row);
      else take(state, record);
    });
    state.unreadable = unreadable;
  }

  async function lookAtAll(session: Readable): Promise<void> {
    const begun = now();
    const known = new Set((await allLanes(session)).keys());
    for (const lane of lanes.keys()) if (!known.has(lane)) lanes.delete(lane);
    await forEachAtOnce(known, LANES_AT_ONCE, (lane) => lookAt(session, lane));
    nextLook = now() + Math.max(LOOK_PAUSE.leastMs, LOOK_PAUSE.times * (now() - begun));
  }

  async function readLane({ ledger }: Readable, lane: Lane, signal: AbortSignal): Promise<void> {
    const state = stateOf(lane);
    const begun = now();
    state.pass += 1;
    delete state.failed;
    try {
      const next = newReading(await ledger.lastSequence(lane));
      state.next = next;
      for await (const record of ledger.listChanges(lane, (one) => next.unreadable.set(one.key, one))) {
        signal.throwIfAborted();
        take(state, record, state.pass);
        next.read += 1;
      }
      index.forgetUnmet(lane, state.pass, begun - CLOCKS_DIFFER_MS);
      state.whole = next;
      state.readAt = begun;
      state.tookMs = now() - begun;
    } catch (error) {
      state.failed = { at: now(), sentence: toOpsError(error).message };
    } finally {
      delete state.next;
    }
  }

  const missedOf = ({ last, whole: { base, above } }: LaneState) => Math.max(0, last - base - above.size);
  const readingsOf = ({ whole, next }: LaneState) => [whole, ...(next === undefined ? [] : [next])];

  function isDue(state: LaneState): boolean {
    const { readAt, tookMs, failed } = state;
    if (failed !== undefined) return now() - failed.at >= AGAIN_AFTER_FAILURE_MS;
    if (readAt === undefined) return true;
    const pause = Math.max(READING_PAUSE.leastMs, READING_PAUSE.times * tookMs);
    return missedOf(state) > 0 && now() - readAt >= pause;
  }

  return {
    /** Follows the open changes, and begins to read in the background what has to be read; `signal` ends that. */
    async look(session: Readable, signal: AbortSignal): Promise<void> {
      if (now() >= nextLook) {
        looking ??= lookAtAll(session).finally(() => {
          looking = undefined;
        });
      }
      await looking;
      const due = [...lanes].filter(([, state]) => isDue(state)).map(([lane]) => lane);
      if (reading !== undefined || due.length === 0 || signal.aborted) return;
      reading = forEachAtOnce(due, READINGS_AT_ONCE, (lane) => readLane(session, lane, signal)).finally(() => {
        reading = undefined;
      });
    },
    progress(): Progress {
      const all = [...lanes];
      const times = all.map(([, { readAt }]) => readAt);
      const isComplete = times.every((at) => at !== undefined);
      return {
        isComplete,
        read: all.reduce(
          (sum, [, { readAt, whole, next = whole }]) => sum + (readAt === undefined ? next : whole).read,
          0,
        ),
        since: isComplete ? Math.min(now(), ...times.filter((at) => at !== undefined)) : undefined,
        missed: isComplete ? all.reduce((sum, [, state]) => sum + missedOf(state), 0) : 0,
        unreadable: all.flatMap(([, state]) => [
          ...state.unreadable,
          ...readingsOf(state).flatMap(({ unreadable }) => [...unreadable.values()]),
        ]),
        failures: all.flatMap(([lane, { failed }]) =>
          failed === undefined ? [] : [{ lane, sentence: failed.sentence }],
        ),
      };
    },
    /** Resolves when nothing is being read in the background. */
    idle: async (): Promise<void> => reading,
  };
}
