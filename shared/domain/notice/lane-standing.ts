import type { ZpaFault } from '../group/group.ts';
import { type ChangeRef, generationKey } from '../lane/change-ref.ts';
import type { LaneRecord } from '../records/lane-record.ts';
import { truncateText } from '../text/truncate-text.ts';

/** The state of a lane, and if it does not go on: why, and when it is tried again. */
export type LaneStanding = {
  /**
   * `paused`: a person must resume it. `stopped`: its tenant cannot be reached. `retrying`: one change or write met an error.
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

/** Describes a lane that has `open` open changes at `now` (epoch ms). */
export function laneStanding(lane: LaneRecord, open: number, now: number): LaneStanding {
  const { paused, stopped, budget, lease } = lane;
  if (paused !== undefined)
    return { state: 'paused', note: `Paused by ${paused.by}: ${paused.reason}`, since: paused.since };
  if (stopped !== undefined) return standingOfStop(stopped);
  const retrying = retryOf(lane);
  // A change that was cancelled, or is being tried again, holds nothing up; the lane forgets it with the next one.
  if (open > 0 && retrying !== undefined && retrying.nextAt > now) return retrying;
  if (open > 0 && budget.notBefore > now)
    return { state: 'limited', note: 'ZPA answered 429 and asked for no calls.', nextAt: budget.notBefore };
  if (lease !== undefined && lease.until > now) return { state: 'working', note: '' };
  if (open === 0) return { state: 'idle', note: '' };
  const hidden = lane.hiddenUntil ?? 0;
  return { state: 'waiting', note: '', ...(hidden > now && { nextAt: hidden }) };
}

function standingOfStop(stopped: NonNullable<LaneRecord['stopped']>): LaneStanding {
  const { code, sentence, tenants, tries, probeAt, since } = stopped;
  const whose = tenants === undefined ? '' : ` for ${tenants.join(', ')}`;
  return { state: 'stopped', note: `${code}${whose}: ${sentence}`, tries, since, nextAt: probeAt };
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

/** The error that this generation of a change met last, and when it is tried again; undefined: it met none. */
export function standingOfChange(lane: LaneRecord, change: Generation): LaneStanding | undefined {
  const { intent, trouble } = lane;
  const held: Generation[] = intent?.trouble === undefined ? (trouble === undefined ? [] : [trouble]) : intent.members;
  return held.some((one) => generationKey(one) === generationKey(change)) ? retryOf(lane) : undefined;
}
