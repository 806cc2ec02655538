import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { TIMING } from '../shared/domain/ledger/timing.ts';
import type { Functions } from './functions/functions.ts';
import type { Queues } from './messaging/queues.ts';

/** Namespace of the functions' metrics. `shared/runtime` writes them; a test checks that both names are equal. */
export const METRIC_NAMESPACE = 'zpa-changes';

/** Every alarm states its impact on people, because the person on call reads that sentence first. */
type AlarmDeclaration = {
  /** Also the title of the alarm's section in docs/runbook.md. */
  name: string;
  impact: string;
  metric: IMetric;
  /** The alarm starts at this value and above. */
  threshold: number;
  /** Number of the metric's periods for which one bad period keeps the alarm on, by default 1. */
  evaluationPeriods?: number;
};

export type AlarmSources = { queues: Queues; functions: Functions; api: HttpApi };

const FIVE_MINUTES = Duration.minutes(5);
const highest = { period: FIVE_MINUTES, statistic: Stats.MAXIMUM };
const total = { period: FIVE_MINUTES, statistic: Stats.SUM };

const customMetric = (metricName: string) => new Metric({ namespace: METRIC_NAMESPACE, metricName, ...total });

/**
 * A stopped lane counts its metric at every probe, at most `TIMING.deferMaxMs` apart; without a count for twice that
 * time the stop is over.
 */
const PROBE_PERIODS = Math.ceil((2 * TIMING.deferMaxMs) / FIVE_MINUTES.toMilliseconds());

/** Declares every alarm of the deployment. */
function alarmsFor({ queues, functions, api }: AlarmSources): AlarmDeclaration[] {
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
      metric: customMetric('WorkerError'),
      threshold: 1,
    },
    {
      name: 'lane-stopped',
      impact: 'No change of one ZPA customer is carried out until sign-in, secret or ZPA itself is well again.',
      metric: customMetric('LaneStopped'),
      threshold: 1,
      evaluationPeriods: PROBE_PERIODS,
    },
    {
      name: 'left-ungrouped',
      impact:
        'Application segments are in no group, so no policy rule reaches them by group: users may be cut off now.',
      metric: customMetric('LeftUngrouped'),
      threshold: 1,
    },
    {
      name: 'webhook-errors',
      impact: 'Ticket systems are refused with 5xx: tickets approved now do not arrive until they are sent again.',
      metric: api.metricServerError(total),
      threshold: 5,
    },
    {
      name: 'deliveries-unproven',
      impact:
        'Deliveries of a source are refused for their proof or address: its approved tickets do not arrive, or somebody forges them.',
      metric: customMetric('DeliveriesUnproven'),
      threshold: 3,
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
      metric: customMetric('SweepFailed'),
      threshold: 3,
    },
    {
      name: 'reconcile-incomplete',
      impact:
        'A ticket system could not be asked: approved tickets whose delivery was lost stay lost, and so do withdrawals.',
      metric: customMetric('ReconcileFailed'),
      threshold: 1,
    },
    {
      name: 'read-back-failed',
      impact:
        'Tickets that were approved now cannot be read back: they are taken when the ticket system answers again.',
      metric: customMetric('ReadBackFailed'),
      threshold: 3,
    },
    {
      name: 'notify-partial',
      impact:
        'A ticket does not show all that happened, or was not moved on: its requester waits, or believes it open.',
      metric: customMetric('NotifyPartial'),
      threshold: 1,
    },
    {
      name: 'settings-refused',
      impact:
        'The newest settings cannot be used: everything goes on by the last good ones, and what was changed is not in force.',
      metric: customMetric('SettingsRefused'),
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

/** The document with the sections that the alarms' descriptions refer to. */
export const RUNBOOK = 'docs/runbook.md';

/** Creates the alarms; each one publishes to `topic` when it starts and when it ends. */
export function createAlarms(stack: Construct, name: string, sources: AlarmSources, topic: ITopic): void {
  const scope = new Construct(stack, 'AlarmList');
  for (const declared of alarmsFor(sources)) {
    const alarm = new Alarm(scope, declared.name, {
      alarmName: `${name}-${declared.name}`,
      alarmDescription: `${declared.impact} What to do: ${RUNBOOK}#${declared.name}`,
      metric: declared.metric,
      threshold: declared.threshold,
      evaluationPeriods: declared.evaluationPeriods ?? 1,
      datapointsToAlarm: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
}
