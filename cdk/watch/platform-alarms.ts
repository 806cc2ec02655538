import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { AUDIT, DRIFT, type FunctionName } from '../../shared/deployment/resources.ts';
import type { Functions } from '../functions/functions.ts';
import type { Queues } from '../messaging/queues.ts';
import { type AlarmDeclaration, highest, sumOf, total } from './declaration.ts';

export type Watched = { queues: Queues; functions: Functions; api: HttpApi; ledger: Table };

/** Alarms on metrics of AWS: queues, functions, API and table. */
export function platformAlarms({ queues, functions, api, ledger }: Watched): AlarmDeclaration[] {
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
        'A sweep, a search for lost tickets or a drift round did not happen: what is lost stays so, or drift goes unseen.',
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
    {
      name: 'drift-late',
      impact: 'A drift round has not ended hours after it began: nobody knows where some tenants drifted.',
      metric: queues.drift.metricApproximateAgeOfOldestMessage(highest),
      threshold: DRIFT.lateAfterSeconds,
    },
    {
      name: 'drift-missed',
      impact: 'The drift of a ZPA customer could not be reported: what differs there from the tickets goes unseen.',
      metric: queues.driftMissed.metricApproximateNumberOfMessagesVisible(highest),
      threshold: 1,
    },
    {
      name: 'audit-late',
      impact: 'Outcomes have waited for hours for their line in the audit trail: it is not complete now.',
      metric: queues.audit.metricApproximateAgeOfOldestMessage(highest),
      threshold: AUDIT.lateAfterSeconds,
    },
    {
      name: 'audit-waiting',
      impact: 'Outcomes have no line in the audit trail, and get none by themselves: it cannot be relied on.',
      metric: queues.auditFailed.metricApproximateNumberOfMessagesVisible(highest),
      threshold: 1,
    },
    {
      name: 'function-errors',
      impact:
        'A function dies or runs out of time: webhooks, pages, answers on tickets, plans, drift reports or audit lines fail or are late.',
      metric: sumOf(
        Object.fromEntries(OTHER_CALLED.map((name) => [name, functions[name].metricErrors(total)])),
        'invocations that ended with an error',
      ),
      threshold: 1,
    },
    {
      name: 'functions-throttled',
      impact: 'AWS starts no more functions: webhooks are refused with 5xx, and all else is late.',
      metric: sumOf(
        Object.fromEntries(
          Object.entries(functions)
            .filter(([name]) => name !== UNWATCHED)
            .map(([name, lambda]) => [name, lambda.metricThrottles(total)]),
        ),
        'invocations that were not started',
      ),
      threshold: 1,
    },
    {
      name: 'ledger-errors',
      impact:
        'The table refuses requests or fails: deliveries are answered 503, and lanes and sweeps stand still meanwhile.',
      metric: sumOf(ledgerFaults(ledger), 'requests that the table throttled or failed'),
      // The SDK repeats a request, so single ones of these, which DynamoDB has at any time, do not reach anybody.
      threshold: 5,
    },
  ];
}

/**
 * Functions whose errors `function-errors` watches. Those of `apply` are `worker-crashes`, those of scheduled functions
 * come to `missed-runs` (`scheduled-run-failed`).
 */
const OTHER_CALLED = [
  'ingest',
  'status',
  'catalog',
  'notify',
  'plan',
  'drift',
  'audit',
] as const satisfies readonly FunctionName[];

/** CloudWatch takes ten metrics in an alarm; of this function audit-late tells that it is not started. */
const UNWATCHED = 'audit' satisfies FunctionName;

/** The requests that functions may make; a test holds them against their policies. Both metrics exist by request alone. */
const REQUESTS = ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'] as const;

function ledgerFaults({ tableName }: Table): Record<string, IMetric> {
  const metrics = REQUESTS.flatMap((Operation) =>
    ['ThrottledRequests', 'SystemErrors'].map((metricName) => {
      const dimensionsMap = { TableName: tableName, Operation };
      const metric = new Metric({ namespace: 'AWS/DynamoDB', metricName, dimensionsMap, ...total });
      return [`${metricName === 'SystemErrors' ? 'failed' : 'throttled'}${Operation}`, metric] as const;
    }),
  );
  return Object.fromEntries(metrics);
}
