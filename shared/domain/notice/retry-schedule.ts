/** Times of `notify`, in ms. */
export type NotifyTiming = {
  /** How long a change set may be incomplete before what is known is said. */
  patienceMs: number;
  /** How long one speaker may take; longer than two calls of a ticket system that does not answer. */
  claimMs: number;
  /** Another speaker is at it: look again after this. */
  claimedRetryMs: number;
  /** Pauses after the first, second … failed attempt. */
  retryMs: readonly number[];
};

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * The retry schedule that Standard Webhooks proposes ("Deliverability and reliability"; Svix's own), for all ticket
 * systems. After the last pause it stays at that one, until the queue gives the message up (`maxReceiveCount`).
 */
export const NOTIFY_TIMING: NotifyTiming = {
  patienceMs: hour,
  claimMs: 3 * minute,
  claimedRetryMs: 30 * second,
  retryMs: [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour],
};

export function scaleNotifyTiming(timing: NotifyTiming, factor: number): NotifyTiming {
  return {
    patienceMs: timing.patienceMs / factor,
    claimMs: timing.claimMs / factor,
    claimedRetryMs: timing.claimedRetryMs / factor,
    retryMs: timing.retryMs.map((ms) => ms / factor),
  };
}

/**
 * The pause after a failed attempt. `receiveCount`: how often the message was handed out, from 1. `random`: 0 to below
 * 1, for up to a tenth more, so that what failed together does not come back together. A ticket system's own wish counts
 * if it is longer.
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
