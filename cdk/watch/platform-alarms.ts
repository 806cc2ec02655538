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
      impact: 'An approved change was rejected and waits for an operator.',
      metric: queues.failures.metricApproximateNumberOfMessagesVisible(highest),
      threshold: 1,
    },
    {
      name: 'oldest-message',
      impact: 'Approved changes have waited for more than an hour: requesters do not have the approved access yet.',
      metric: queues.changes.metricApproximateAgeOfOldestMessage(highest),
      threshold: Duration.hours(1).toSeconds(),
    },
    {
      name: 'worker-crashes',
      impact:
        'The worker crashes or times out: changes are delayed, and a change that crashes it three times is rejected.',
      metric: functions.apply.metricErrors(total),
      threshold: 1,
    },
    {
      name: 'webhook-errors',
      impact:
        'The webhook returns 5xx to ticket systems: newly approved tickets do not arrive until they are sent again.',
      metric: api.metricServerError(total),
      threshold: 5,
    },
    {
      name: 'scheduled-run-failed',
      impact:
        'A sweep, a reconciliation or a drift run did not take place: lost messages are not recovered, or drift goes unnoticed.',
      metric: queues.missedRuns.metricApproximateNumberOfMessagesVisible(highest),
      threshold: 1,
    },
    {
      name: 'notices-waiting',
      impact: 'Results could not be written to their tickets for three days: requesters do not know the outcome.',
      metric: queues.noticesFailed.metricApproximateNumberOfMessagesVisible(highest),
      threshold: 1,
    },
    {
      name: 'plans-missed',
      impact: 'Submitted tickets show no plan: approvers cannot see what they would change.',
      metric: queues.plansMissed.metricApproximateNumberOfMessagesVisible(highest),
      threshold: 1,
    },
    {
      name: 'drift-late',
      impact: 'A drift run is still incomplete after hours: drift of some tenants is unknown.',
      metric: queues.drift.metricApproximateAgeOfOldestMessage(highest),
      threshold: DRIFT.lateAfterSeconds,
    },
    {
      name: 'drift-missed',
      impact: 'The drift report of a ZPA customer failed: differences from the approved state go unnoticed.',
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
        'A function crashes or times out: webhooks, status pages, ticket results, plans, drift reports or audit lines fail or are delayed.',
      metric: sumOf(
        Object.fromEntries(OTHER_CALLED.map((name) => [name, functions[name].metricErrors(total)])),
        'invocations that ended with an error',
      ),
      threshold: 1,
    },
    {
      name: 'functions-throttled',
      impact: 'AWS throttles the functions: webhooks are rejected with 5xx, and everything else is delayed.',
      metric: sumOf(
        Object.fromEntries(
          Object.entries(functions)
            .filter(([name]) => name !== UNWATCHED)
            .map(([name, lambda]) => [name, lambda.metricThrottles(total)]),
        ),
        'throttled invocations',
      ),
      threshold: 1,
    },
    {
      name: 'ledger-errors',
      impact: 'The ledger table throttles requests or fails: webhooks get 503, and lanes and sweeps wait.',
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

/**
 * The requests that functions may make; a test holds them against their policies. Both metrics exist by request alone.
 */
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
