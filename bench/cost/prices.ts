/**
 * AWS's list prices in USD, eu-central-1, as of November 2026 as far as known; free tiers are left out. Prices change:
 * `npm run bench -- cost` computes with these, and a reader who has others changes them here.
 */
export const PRICES = {
  millionWriteUnits: 0.7625,
  millionReadUnits: 0.1525,
  millionFifoRequests: 0.5,
  millionStandardRequests: 0.4,
  millionNotifications: 0.5,
  millionInvocations: 0.2,
  /** Arm. */
  gigabyteSecond: 0.0000133334,
  millionHttpRequests: 1.2,
  millionScheduledRuns: 1.0,
  thousandS3Puts: 0.0054,
  thousandS3Gets: 0.00043,
  tenThousandSecretReads: 0.05,
  secretMonth: 0.4,
  keyMonth: 1.0,
  alarmMetricMonth: 0.1,
  dashboardMonth: 3.0,
  metricMonth: 0.3,
  gigabyteLogs: 0.63,
} as const;

/** Seconds of a month of 30 days. */
export const MONTH_S = 30 * 86_400;

/**
 * Lambda polls a queue with five long polls of twenty seconds at a time while nothing comes (Lambda developer guide,
 * "Amazon SQS event source mapping"); each is a request that is paid for.
 */
export const POLLS_A_MONTH = (5 * MONTH_S) / 20;
