/**
 * The durations of the protocol (docs/architecture.md#time), in milliseconds if the name ends in `Ms`. They depend on
 * one another: `timingFaults` names contradictions, and a test and the CDK stack both check it.
 */
export type Timing = {
  /** The longest a ZPA call may take before its outcome counts as unknown. */
  requestTimeoutMs: number;
  /** Policy rules that were read serve other changes for this long; a deletion only if they were read since its acceptance. */
  rulesKeptMs: number;
  /** After an unanswered write, how long ZPA may still act on it. */
  quietPeriodMs: number;
  /** A stored intent is sent within this time, or not at all. */
  sendWithinMs: number;
  /** A write starts only if lease and invocation last for the request timeout and this much more. */
  writeMarginMs: number;
  functionTimeoutMs: number;
  leaseMs: number;
  visibilityTimeoutMs: number;
  /** Waits up to this long happen in place; longer ones defer. */
  waitInPlaceMs: number;
  deferMinMs: number;
  /** Reserved at the end of an invocation for its deferral and response. */
  closingMs: number;
  deferMaxMs: number;
  /** From its turn in the lane until a change that cannot be carried out is rejected. */
  retryWindowMs: number;
  retentionMs: number;
  maxReceiveCount: number;
  /** Attempts and time span before an unknown error rejects its change. */
  unknownTries: number;
  unknownSpanMs: number;
  /** Rejections in a row, each after all tries, that pause the lane. */
  unknownRejectionsBeforePause: number;
  crashStrikes: number;
  /** ZPA's rate window. */
  budgetWindowMs: number;
  /** TTL of settled changes. */
  settledKeptMs: number;
  statusKeptMs: number;
  /** The clocks of the functions differ by less than this. */
  clockSkewMs: number;
  /** The sweeper sends a change that is accepted but unsent for this long. */
  sweepUnsentAfterMs: number;
  /** The sweeper sends another message for a change that was sent but is unsettled for this long. */
  sweepOverdueAfterMs: number;
};

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export const TIMING: Timing = {
  requestTimeoutMs: 20 * second,
  rulesKeptMs: 5 * minute,
  quietPeriodMs: 60 * second,
  sendWithinMs: 5 * second,
  writeMarginMs: 10 * second,
  functionTimeoutMs: 60 * second,
  leaseMs: 70 * second,
  visibilityTimeoutMs: 360 * second,
  waitInPlaceMs: 25 * second,
  deferMinMs: 30 * second,
  closingMs: 3 * second,
  deferMaxMs: 15 * minute,
  retryWindowMs: 72 * hour,
  retentionMs: 14 * day,
  maxReceiveCount: 1000,
  unknownTries: 6,
  unknownSpanMs: 30 * minute,
  unknownRejectionsBeforePause: 5,
  crashStrikes: 3,
  budgetWindowMs: 10 * second,
  settledKeptMs: 400 * day,
  statusKeptMs: 30 * day,
  clockSkewMs: 5 * second,
  sweepUnsentAfterMs: minute,
  sweepOverdueAfterMs: 30 * minute,
};

/** All durations divided by one factor, for the local world and its tests; counts stay. */
export function scaleTiming(timing: Timing, factor: number): Timing {
  const scaled = Object.entries(timing).map(([name, value]) => [name, name.endsWith('Ms') ? value / factor : value]);
  return Object.fromEntries(scaled) as Timing;
}

/** One sentence per contradiction; empty if there is none. */
export function timingFaults(t: Timing): string[] {
  const rules: [boolean, string][] = [
    [
      t.visibilityTimeoutMs >= 6 * t.functionTimeoutMs,
      'visibility must be at least six function timeouts (AWS Lambda)',
    ],
    [t.leaseMs > t.functionTimeoutMs, 'the lease must outlive the invocation that holds it'],
    [t.leaseMs < t.visibilityTimeoutMs, 'the lease must end before its messages return'],
    [t.functionTimeoutMs > t.requestTimeoutMs + t.writeMarginMs, 'an invocation must have room for one write'],
    [
      t.functionTimeoutMs - t.closingMs - t.requestTimeoutMs - t.writeMarginMs >= t.waitInPlaceMs,
      'a fresh invocation must have room for every wait in place and a write after it',
    ],
    [t.deferMaxMs <= 12 * hour, 'SQS visibility is at most twelve hours'],
    [t.deferMinMs >= t.waitInPlaceMs, 'what is not waited in place is deferred for longer'],
    [t.retryWindowMs < t.retentionMs, 'the retry window must end before the queue forgets'],
    [t.maxReceiveCount * t.deferMinMs > t.retryWindowMs / 10, 'receives must outlast the retry window'],
    [t.maxReceiveCount * t.deferMaxMs > t.retryWindowMs, 'receives must outlast the retry window at full deferral'],
    [t.settledKeptMs > t.retentionMs, 'the ledger must outlive both queues'],
    [t.sweepOverdueAfterMs > t.deferMaxMs, 'a deferred change is not overdue'],
  ];
  return rules.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}
