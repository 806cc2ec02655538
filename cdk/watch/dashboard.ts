import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryWidget,
  MathExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { FIVE_MINUTES, highest, ownMetric, total } from './declaration.ts';
import type { OwnMetric } from './metrics.ts';
import type { Watched } from './platform-alarms.ts';

export type DashboardProps = Watched & { name: string; alarms: Alarm[] };

/** One row: a question that it answers, and what answers it. */
type Row = {
  title: string;
  says: string;
  graphs: { title: string; metrics: IMetric[] }[];
  /** Below the graphs. */
  table?: IWidget;
};

/**
 * Creates the dashboard, the same for any number of lanes and sources: a graph by lane searches for the lanes that
 * there are. It is read from top to bottom, along the way of a change, then by what can go wrong.
 */
export function createDashboard(stack: Construct, { name, alarms, ...watched }: DashboardProps): void {
  const dashboard = new Dashboard(stack, 'Dashboard', { dashboardName: name });
  for (const { title, says, graphs, table } of rowsOf(name, watched)) {
    dashboard.addWidgets(new TextWidget({ markdown: `## ${title}\n${says}`, width: 24, height: 2 }));
    const width = 24 / graphs.length;
    dashboard.addWidgets(...graphs.map((graph) => new GraphWidget({ title: graph.title, left: graph.metrics, width })));
    if (table !== undefined) dashboard.addWidgets(table);
  }
  dashboard.addWidgets(
    new TextWidget({ markdown: '## Alarms\nEach alarm has a section in docs/runbook.md.', width: 24, height: 2 }),
  );
  dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 6 }));
}

/** A metric by the values of one dimension. A search finds those that were written within the last two weeks. */
const searchIn =
  (stackName: string) =>
  (dimension: string, name: OwnMetric, statistic: 'Sum' | 'Maximum' = 'Sum') =>
    new MathExpression({
      expression: `SEARCH('{${stackName},${dimension}} MetricName="${name}"', '${statistic}', ${FIVE_MINUTES.toSeconds()})`,
      usingMetrics: {},
      label: '',
      period: FIVE_MINUTES,
    });

/** The newest errors of lanes and changes, because a metric carries no text. */
const lastErrors = (logGroupName: string) =>
  new LogQueryWidget({
    title: 'Last errors of lanes, with attempts and next attempt',
    logGroupNames: [logGroupName],
    queryLines: [
      'fields @timestamp, lane, message, code, sentence, idempotencyKey, tries, nextAttempt',
      `filter message in [${LANE_ERRORS.map((one) => `"${one}"`).join(', ')}]`,
      'sort @timestamp desc',
      'limit 20',
    ],
    width: 24,
    height: 6,
  });

/** Log lines of the worker; a test finds each of them in its code. */
export const LANE_ERRORS = [
  'lane stopped',
  'lane still stopped',
  'lane paused',
  'change met an error',
  'write without a definite answer',
];

function rowsOf(stackName: string, { queues, functions, api }: Watched): Row[] {
  const own = (...names: OwnMetric[]) => names.map((one) => ownMetric(stackName, one));
  const by = searchIn(stackName);
  const waiting = (queue: Watched['queues']['changes']) => queue.metricApproximateNumberOfMessagesVisible(highest);
  const each = Object.values(functions);
  return [
    {
      title: '1. Accepted → queued → applied → answered',
      says: 'Changes pass from left to right within minutes. Investigate the step that drops to zero.',
      graphs: [
        { title: 'Accepted, by source', metrics: [by('source', 'ChangesAccepted')] },
        { title: 'Queued, by lane', metrics: [by('lane', 'OpenChanges', 'Maximum')] },
        { title: 'Applied and rejected', metrics: [by('kind', 'ChangeSettled')] },
        { title: 'Results on tickets', metrics: own('TicketsTold', 'NotifyPartial', 'NotifyFailed') },
      ],
    },
    {
      title: '2. Oldest message',
      says: 'Age of the oldest waiting message in seconds: how long a requester waits at most.',
      graphs: [
        {
          title: 'Age of the oldest message',
          metrics: [queues.changes, queues.notices, queues.plans, queues.audit].map((one) =>
            one.metricApproximateAgeOfOldestMessage(highest),
          ),
        },
      ],
    },
    {
      title: '3. Failures',
      says: 'Messages that wait for an operator, rejected webhooks, and errors.',
      graphs: [
        {
          title: 'Waiting for an operator',
          metrics: [
            queues.failures,
            queues.noticesFailed,
            queues.plansMissed,
            queues.driftMissed,
            queues.auditFailed,
            queues.missedRuns,
          ].map(waiting),
        },
        {
          title: 'Rejected by the webhook',
          metrics: [api.metricServerError(total), ...own('DeliveriesRefused', 'DeliveriesUnproven')],
        },
        {
          title: 'Worker and schedules',
          metrics: own('WorkerError', 'WriteUnanswered', 'LeftUngrouped', 'SweepFailed', 'ReconcileFailed'),
        },
      ],
    },
    {
      title: '4. Functions',
      says: 'Errors and throttled invocations.',
      graphs: [
        { title: 'Errors', metrics: each.map((one) => one.metricErrors(total)) },
        { title: 'Throttles', metrics: each.map((one) => one.metricThrottles(total)) },
      ],
    },
    {
      title: '5. ZPA rate limits and stopped lanes',
      says: 'A few 429 responses are normal. A lane shown on the right applies no changes until its tenant works again; the table says why, how often it was tried and when it is tried next.',
      graphs: [
        { title: '429 responses, by lane', metrics: [by('lane', 'RateLimited')] },
        { title: 'Stopped, by lane', metrics: [by('lane', 'LaneStopped')] },
      ],
      table: lastErrors(functions.apply.logGroup.logGroupName),
    },
    {
      title: '6. Drift',
      says: 'Findings of the latest reports, one point per day; set the time range to a week.',
      graphs: [
        { title: 'Findings, by lane and state', metrics: [by('lane,state', 'DriftStates', 'Maximum')] },
        { title: 'Findings, by lane and kind', metrics: [by('kind,lane', 'DriftFindings', 'Maximum')] },
        {
          title: 'Longest wait of a lane, in seconds',
          metrics: [queues.drift.metricApproximateAgeOfOldestMessage(highest)],
        },
        { title: 'Failed and not checked', metrics: own('DriftReportFailed', 'CatalogNotKept', 'DriftLongNotChecked') },
      ],
    },
  ];
}
