import type { Calls } from './count-calls.ts';
import type { MeasuredWork, Work } from './measure-calls.ts';
import { MONTH_S, POLLS_A_MONTH, PRICES } from './prices.ts';

/** How much of it there is in a month. */
export type Load = { tenants: number; changes: number };

/** One source for each ten tenants has its tickets looked after. */
const TENANTS_A_SOURCE = 10;
const SWEEPS = MONTH_S / 60;
const RECONCILES = MONTH_S / 900;
const DRIFTS = 30;
/** Queues of the stack that Lambda polls. */
const QUEUES = { fifo: 3, standard: 2 };
/** The number of metrics that alarms watch; a test counts it in the template. */
export const ALARM_METRICS = 63;
/**
 * The functions' own metrics, which AWS bills for the hours in which they are written: in a busy month ten of all
 * sources together, five of each source, and for an hour a day those of each lane's drift report:
 * its findings by kind (with what was not checked) and by state, what is new, and what was not checked for long.
 */
const OWN_METRICS = { together: 10, source: 5, lane: (7 + 4 + 2) / 24 };

/**
 * Time that a function is paid for, in seconds: a call of AWS answers in about 10 ms, one of ZPA in 150 ms, and each
 * invocation computes and starts for 50 ms. Waiting for ZPA's limits comes to one second for each change.
 */
const SECONDS = { aws: 0.01, zpa: 0.15, invocation: 0.05, waiting: 1 };
const GIGABYTES = 0.5;
const LOG_BYTES = { change: 6000, run: 1500 };

/** The bill of a month, in USD, by its parts. */
export function monthOf(work: MeasuredWork, { tenants, changes }: Load) {
  const sweep = each(work.sweep);
  const sources = Math.max(1, tenants / TENANTS_A_SOURCE);
  const oneMore = scale(add(each(work.sweepOf51), scale(sweep, -1)), 1 / 50);
  const scheduled = SWEEPS + RECONCILES + DRIFTS;
  const runs = scheduled + DRIFTS * tenants;
  const ownMetrics = OWN_METRICS.together + OWN_METRICS.source * sources + OWN_METRICS.lane * tenants;
  const calls = [
    scale(each(work.ticket), changes),
    scale(sweep, SWEEPS),
    scale(oneMore, SWEEPS * (tenants - 1)),
    scale(each(work.drift), DRIFTS * tenants),
    scale(each(work.reconcile), RECONCILES * sources),
  ].reduce(add);
  const awsCalls =
    calls.writeUnits + calls.readUnits + calls.sqs + calls.sns + calls.secrets + calls.s3Puts + calls.s3Gets;
  const invocations = changes * 7 + runs;
  const seconds =
    awsCalls * SECONDS.aws + calls.zpa * SECONDS.zpa + invocations * SECONDS.invocation + changes * SECONDS.waiting;
  const parts: Record<string, number> = {
    DynamoDB: (calls.writeUnits * PRICES.millionWriteUnits + calls.readUnits * PRICES.millionReadUnits) / 1e6,
    SQS:
      ((calls.sqs + QUEUES.fifo * POLLS_A_MONTH) * PRICES.millionFifoRequests +
        QUEUES.standard * POLLS_A_MONTH * PRICES.millionStandardRequests) /
      1e6,
    Lambda: (invocations * PRICES.millionInvocations) / 1e6 + seconds * GIGABYTES * PRICES.gigabyteSecond,
    'HTTP API, SNS, Scheduler':
      (changes * 2 * PRICES.millionHttpRequests +
        calls.sns * PRICES.millionNotifications +
        scheduled * PRICES.millionScheduledRuns) /
      1e6,
    S3: (calls.s3Puts * PRICES.thousandS3Puts + calls.s3Gets * PRICES.thousandS3Gets) / 1000,
    Secrets:
      (2 * tenants + 3 * sources + 1) * PRICES.secretMonth + (calls.secrets * PRICES.tenThousandSecretReads) / 10_000,
    'Logs and metrics':
      ((changes * LOG_BYTES.change + runs * LOG_BYTES.run) / 1e9) * PRICES.gigabyteLogs +
      ownMetrics * PRICES.metricMonth +
      ALARM_METRICS * PRICES.alarmMetricMonth +
      PRICES.dashboardMonth,
    Key: PRICES.keyMonth,
  };
  return { parts, total: Object.values(parts).reduce((sum, one) => sum + one, 0) };
}

const each = ({ per, counted }: Work): Calls => scale(counted.calls, 1 / per);

const add = (one: Calls, other: Calls): Calls => combine(one, (key, value) => value + other[key]);
const scale = (calls: Calls, by: number): Calls => combine(calls, (_, value) => value * by);

function combine(calls: Calls, how: (key: keyof Calls, value: number) => number): Calls {
  const keys = Object.keys(calls) as (keyof Calls)[];
  return Object.fromEntries(keys.map((key) => [key, how(key, calls[key])])) as Calls;
}
