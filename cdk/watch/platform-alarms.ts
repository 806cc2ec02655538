import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Functions } from '../functions/functions.ts';
import type { Queues } from '../messaging/queues.ts';
import { type AlarmDeclaration, highest, total } from './declaration.ts';

export type Watched = { queues: Queues; functions: Functions; api: HttpApi };

/** Alarms on metrics of AWS: queues, functions, API and table. */
export function platformAlarms({ queues, functions, api }: Watched): AlarmDeclaration[] {
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
