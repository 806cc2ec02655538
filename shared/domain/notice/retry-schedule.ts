/** Durations of `notify`, in ms. */
export type NotifyTiming = {
  /** How long a change set may be incomplete before its known outcomes are commented. */
  patienceMs: number;
  /** How long a claim on a set lasts; longer than two calls of a ticket system that does not answer. */
  claimMs: number;
  /** The pause before a retry while another invocation has the claim. */
  claimedRetryMs: number;
  /** The pauses after the first, second … failed attempt. */
  retryMs: readonly number[];
};

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * The retry schedule that Standard Webhooks proposes ("Deliverability and reliability"; Svix's own), for all ticket
 * systems. The last pause repeats until the queue moves the message to its dead-letter queue (`maxReceiveCount`).
 */
export const NOTIFY_TIMING: NotifyTiming = {
  patienceMs: hour,
  claimMs: 3 * minute,
  claimedRetryMs: 30 * second,
  retryMs: [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour],
};

/** All durations divided by one factor, for the local world and its tests. */
export function scaleNotifyTiming(timing: NotifyTiming, factor: number): NotifyTiming {
  return {
    patienceMs: timing.patienceMs / factor,
    claimMs: timing.claimMs / factor,
    claimedRetryMs: timing.claimedRetryMs / factor,
    retryMs: timing.retryMs.map((ms) => ms / factor),
  };
}

/**
 * The pause after a failed attempt. `receiveCount`: how often the message was received, from 1. `random`: from 0 to
 * below 1; it adds up to a tenth, so that messages that failed together do not return together. The ticket system's own
 * `retryAfterMs` applies if it is longer.
 */
export function retryPause(
  { retryMs }: Pick<NotifyTiming, 'retryMs'>,
  receiveCount: number,
  random: number,
  retryAfterMs = 0,
): number {
  const pause = retryMs[Math.min(Math.max(receiveCount, 1), retryMs.length) - 1] ?? 0;
  return Math.max(pause, retryAfterMs) * (1 + random / 10);
}
