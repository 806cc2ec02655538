import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { TIMING } from '../shared/domain/ledger/timing.ts';
import type { Functions } from './functions/functions.ts';
import type { Queues } from './messaging/queues.ts';

/** What the functions call their metrics: `shared/runtime` writes them, a test holds the two together. */
export const METRIC_NAMESPACE = 'zpa-changes';

/** No alarm without saying whom it hurts: the sentence is what a person woken at night reads first. */
type AlarmDeclaration = {
  /** Also the title of its section in docs/runbook.md. */
  name: string;
  impact: string;
  metric: IMetric;
  /** Alarms at this value and above. */
  threshold: number;
  /** How many of the metric's periods one bad one lasts; 1 unless told. */
  lastsPeriods?: number;
};

export type Watched = { queues: Queues; functions: Functions; api: HttpApi };

const FIVE_MINUTES = Duration.minutes(5);
const highest = { period: FIVE_MINUTES, statistic: Stats.MAXIMUM };
const total = { period: FIVE_MINUTES, statistic: Stats.SUM };

const ours = (metricName: string) => new Metric({ namespace: METRIC_NAMESPACE, metricName, ...total });

/** A stopped lane says so at every probe, at most `TIMING.deferMaxMs` apart; twice that, and it is over. */
const BETWEEN_PROBES = Math.ceil((2 * TIMING.deferMaxMs) / FIVE_MINUTES.toMilliseconds());

/** Every alarm of the deployment. */
function alarmsFor({ queues, functions, api }: Watched): AlarmDeclaration[] {
  return [
    {
      name: 'failures-waiting',
      impact: 'Somebody’s approved ticket was not carried out and waits for a decision.',
      metric: queues.failures.metricApproximateNumberOfMessagesVisible(highest),
      threshold: 1,
    },
    {
      name: 'oldest-message',
      impact: 'Approved changes have waited for more than an hour: requesters do not have what they were granted.',
      metric: queues.changes.metricApproximateAgeOfOldestMessage(highest),
      threshold: Duration.hours(1).toSeconds(),
    },
    {
      name: 'worker-crashes',
      impact: 'The worker dies or runs out of time: changes are late, and one that kills it three times is rejected.',
      metric: functions.apply.metricErrors(total),
      threshold: 1,
    },
    {
      name: 'worker-errors',
      impact: 'The worker meets an error it does not know and tries again: changes of one ZPA customer are late.',
      metric: ours('WorkerError'),
      threshold: 1,
    },
    {
      name: 'lane-stopped',
      impact: 'No change of one ZPA customer is carried out until sign-in, secret or ZPA itself is well again.',
      metric: ours('LaneStopped'),
      threshold: 1,
      lastsPeriods: BETWEEN_PROBES,
    },
    {
      name: 'left-ungrouped',
      impact:
        'Application segments are in no group, so no policy rule reaches them by group: users may be cut off now.',
      metric: ours('LeftUngrouped'),
      threshold: 1,
    },
    {
      name: 'webhook-errors',
      impact: 'Ticket systems are refused with 5xx: tickets approved now do not arrive until they are sent again.',
      metric: api.metricServerError(total),
      threshold: 5,
    },
    {
      name: 'scheduled-run-failed',
      impact:
        'A sweep, a search for lost tickets or a drift report did not happen: what is lost stays so, or drift goes unseen.',
      metric: queues.missedRuns.metricApproximateNumberOfMessagesVisible(highest),
      threshold: 1,
    },
    {
      name: 'sweep-incomplete',
      impact:
        'The sweeper could not look after a lane several times in a row: a change whose message was lost stays so.',
      metric: ours('SweepFailed'),
      threshold: 3,
    },
    {
      name: 'reconcile-incomplete',
      impact:
        'A ticket system could not be asked: approved tickets whose delivery was lost stay lost, and so do withdrawals.',
      metric: ours('ReconcileFailed'),
      threshold: 1,
    },
    {
      name: 'read-back-failed',
      impact:
        'Tickets that were approved now cannot be read back: they are taken when the ticket system answers again.',
      metric: ours('ReadBackFailed'),
      threshold: 3,
    },
    {
      name: 'notify-partial',
      impact:
        'A ticket does not show all that happened, or was not moved on: its requester waits, or believes it open.',
      metric: ours('NotifyPartial'),
      threshold: 1,
    },
    {
      name: 'notices-waiting',
      impact: 'Outcomes could not be told on their tickets for three days: requesters know nothing of them.',
      metric: queues.noticesFailed.metricApproximateNumberOfMessagesVisible(highest),
      threshold: 1,
    },
    {
      name: 'plans-missed',
      impact: 'Submitted tickets show no plan: people approve them without seeing what they would do.',
      metric: queues.plansMissed.metricApproximateNumberOfMessagesVisible(highest),
      threshold: 1,
    },
  ];
}

/** Where the sections stand that the alarms' descriptions name. */
export const RUNBOOK = 'docs/runbook.md';

/** Creates them; each one tells `topic` when it starts and when it is over. */
export function createAlarms(stack: Construct, name: string, watched: Watched, topic: ITopic): void {
  const scope = new Construct(stack, 'AlarmList');
  for (const declared of alarmsFor(watched)) {
    const alarm = new Alarm(scope, declared.name, {
      alarmName: `${name}-${declared.name}`,
      alarmDescription: `${declared.impact} What to do: ${RUNBOOK}#${declared.name}`,
      metric: declared.metric,
      threshold: declared.threshold,
      evaluationPeriods: declared.lastsPeriods ?? 1,
      datapointsToAlarm: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
}
