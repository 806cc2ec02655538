import type { ZpaFault } from '../group/group.ts';
import { type ChangeRef, generationKey } from '../lane/change-ref.ts';
import type { LaneRecord } from '../records/lane-record.ts';
import { truncateText } from '../text/truncate-text.ts';

/** The state of a lane, and if it does not go on: why, and when it is tried again. */
export type LaneStanding = {
  /**
   * `paused`: a person must resume it. `stopped`: its tenant cannot be reached. `retrying`: one change or write met an error,
   * or ZPA did not confirm a write.
   * `limited`: ZPA asked for no calls. `waiting`: changes are open and nobody works them at this moment.
   */
  state: 'paused' | 'stopped' | 'retrying' | 'limited' | 'working' | 'waiting' | 'idle';
  /** One sentence, foreign text in it not escaped; '' where the state says all. */
  note: string;
  /** Since when it has not gone on, in epoch ms. */
  since?: number;
  /** The next attempt, in epoch ms. */
  nextAt?: number;
  /** Failed attempts in a row. */
  tries?: number;
};

/** The longest error text that a lane keeps, in characters. */
const MAX_ERROR = 200;

/** An error of ZPA in one line for the lane's record: code, status and ZPA's reason. */
export function errorText({ code, status, reason }: ZpaFault): string {
  const text = `${code}${status === undefined ? '' : ` (${status})`}${reason === undefined ? '' : `: ${reason}`}`;
  return truncateText(text, MAX_ERROR);
}

const LIMITED = { state: 'limited', note: 'ZPA answered 429 (rate limit) and asked for a pause.' } as const;

/** Describes a lane that has `open` open changes at `now` (epoch ms). */
export function laneStanding(lane: LaneRecord, open: number, now: number): LaneStanding {
  const { paused, stopped, budget, lease } = lane;
  if (paused !== undefined)
    return { state: 'paused', note: `Paused by ${paused.by}: ${paused.reason}`, since: paused.since };
  if (stopped !== undefined) return standingOfStop(stopped);
  const retrying = retryOf(lane);
  // A change that was cancelled, or is being tried again, holds nothing up; the lane forgets it with the next one.
  if (open > 0 && retrying !== undefined && retrying.nextAt > now) return retrying;
  const unconfirmed = unconfirmedOf(lane, now);
  if (open > 0 && unconfirmed !== undefined) return unconfirmed;
  if (open > 0 && budget.notBefore > now)
    return { ...LIMITED, nextAt: budget.notBefore, ...(lane.limited !== undefined && { tries: lane.limited.tries }) };
  if (lease !== undefined && lease.until > now) return { state: 'working', note: '' };
  if (open === 0) return { state: 'idle', note: '' };
  return { state: 'waiting', note: '', ...shownAgain(lane, now) };
}

/** The next attempt of a lane that nobody works: its messages are hidden until then. */
const shownAgain = ({ hiddenUntil = 0 }: LaneRecord, now: number) => (hiddenUntil > now ? { nextAt: hiddenUntil } : {});

/** A write that may be in effect, because ZPA gave no definite answer to it. */
function unconfirmedOf(lane: LaneRecord, now: number): LaneStanding | undefined {
  const { intent, lease } = lane;
  if (intent?.unanswered === undefined) return undefined;
  const key = intent.members[0]?.ref.idempotencyKey ?? '';
  const note = `ZPA did not confirm the write of ${key} (${intent.unanswered}); the group is read before anything else is sent`;
  const isWorked = lease !== undefined && lease.until > now;
  return { state: 'retrying', note, tries: intent.trouble?.tries ?? 1, ...(!isWorked && shownAgain(lane, now)) };
}

function standingOfStop(stopped: NonNullable<LaneRecord['stopped']>): LaneStanding {
  const { code, sentence, tenants, tries, probeAt, since } = stopped;
  const whose = tenants === undefined ? '' : ` for ${tenants.join(', ')}`;
  // The code comes last: at the beginning of a sentence it would get a capital.
  const words = sentence === code ? 'ZPA gave no usable answer' : sentence.replace(/\.$/, '');
  const note = `${words} (${code}${whose})`;
  return { state: 'stopped', note, tries, since, nextAt: probeAt };
}

/** A try of one change, or of the write that is under way, failed and is repeated. */
function retryOf({ trouble, intent }: LaneRecord): (LaneStanding & { nextAt: number }) | undefined {
  const underIntent = intent?.trouble;
  if (underIntent !== undefined) {
    const { error, retryAt, tries, looks } = underIntent;
    const key = intent?.members[0]?.ref.idempotencyKey ?? '';
    return {
      state: 'retrying',
      note: noteOf(`${key} is not confirmed`, error),
      tries: looks ?? tries,
      nextAt: retryAt,
    };
  }
  if (trouble === undefined) return undefined;
  const { ref, error, tries, since, retryAt } = trouble;
  return { state: 'retrying', note: noteOf(`${ref.idempotencyKey} failed`, error), tries, since, nextAt: retryAt };
}

const noteOf = (what: string, error: string | undefined) => (error === undefined ? what : `${what}: ${error}`);

type Generation = { ref: ChangeRef; generation: number };

/** The error that this generation of a change met last, and when it is tried again at `now` (epoch ms); undefined: it met none. */
export function standingOfChange(lane: LaneRecord, change: Generation, now: number): LaneStanding | undefined {
  const { intent, trouble } = lane;
  const isIn = (held: readonly Generation[]) => held.some((one) => generationKey(one) === generationKey(change));
  if (intent?.unanswered !== undefined && isIn(intent.members)) return unconfirmedOf(lane, now);
  const held = intent?.trouble === undefined ? (trouble === undefined ? [] : [trouble]) : intent.members;
  return isIn(held) ? retryOf(lane) : undefined;
}
