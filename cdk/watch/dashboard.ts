import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { FIVE_MINUTES, highest, METRIC_NAMESPACE, ownMetric, total } from './declaration.ts';
import type { OwnMetric } from './metrics.ts';
import type { Watched } from './platform-alarms.ts';

export type DashboardProps = Watched & { name: string; alarms: Alarm[] };

/** One row: a question that it answers, and what answers it. */
type Row = { title: string; says: string; graphs: { title: string; metrics: IMetric[] }[] };

/**
 * Creates the dashboard, the same for any number of lanes and sources: a graph by lane searches for the lanes that
 * there are. It is read from top to bottom, along the way of a change, then by what can go wrong.
 */
export function createDashboard(stack: Construct, { name, alarms, ...watched }: DashboardProps): void {
  const dashboard = new Dashboard(stack, 'Dashboard', { dashboardName: name });
  for (const { title, says, graphs } of rowsOf(watched)) {
    dashboard.addWidgets(new TextWidget({ markdown: `## ${title}\n${says}`, width: 24, height: 2 }));
    const width = 24 / graphs.length;
    dashboard.addWidgets(...graphs.map((graph) => new GraphWidget({ title: graph.title, left: graph.metrics, width })));
  }
  dashboard.addWidgets(
    new TextWidget({ markdown: '## Alarms\nEach has its section in docs/runbook.md.', width: 24, height: 2 }),
  );
  dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 6 }));
}

const own = (...names: OwnMetric[]) => names.map((one) => ownMetric(one));

/** A metric by the values of one dimension. A search finds those that were written within the last two weeks. */
const by = (dimension: string, name: OwnMetric, statistic: 'Sum' | 'Maximum' = 'Sum') =>
  new MathExpression({
    expression: `SEARCH('{${METRIC_NAMESPACE},${dimension}} MetricName="${name}"', '${statistic}', ${FIVE_MINUTES.toSeconds()})`,
    usingMetrics: {},
    label: '',
    period: FIVE_MINUTES,
  });

function rowsOf({ queues, functions, api }: Watched): Row[] {
  const waiting = (queue: Watched['queues']['changes']) => queue.metricApproximateNumberOfMessagesVisible(highest);
  const each = Object.values(functions);
  return [
    {
      title: '1. Accepted → queued → applied → answered',
      says: 'What comes in on the left leaves on the right within minutes. A step that falls to nothing is where to look.',
      graphs: [
        { title: 'Accepted, by source', metrics: [by('source', 'ChangesAccepted')] },
        { title: 'Queued, by lane', metrics: [by('lane', 'OpenChanges', 'Maximum')] },
        { title: 'Applied and rejected', metrics: [by('kind', 'ChangeSettled')] },
        { title: 'Answered on tickets', metrics: own('TicketsTold', 'NotifyPartial', 'NotifyFailed') },
      ],
    },
    {
      title: '2. Age of the oldest',
      says: 'Seconds that the longest waiting message has waited: how late the latest requester is.',
      graphs: [
        {
          title: 'Oldest message',
          metrics: [queues.changes, queues.notices, queues.plans, queues.audit].map((one) =>
            one.metricApproximateAgeOfOldestMessage(highest),
          ),
        },
      ],
    },
    {
      title: '3. Failures',
      says: 'What waits for a decision, what the webhook rejected, and what broke.',
      graphs: [
        {
          title: 'Waiting for a person',
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
          title: 'Writes and work',
          metrics: own('WorkerError', 'WriteUnanswered', 'LeftUngrouped', 'SweepFailed', 'ReconcileFailed'),
        },
      ],
    },
    {
      title: '4. Functions',
      says: 'Errors, and starts that AWS refused.',
      graphs: [
        { title: 'Errors', metrics: each.map((one) => one.metricErrors(total)) },
        { title: 'Throttles', metrics: each.map((one) => one.metricThrottles(total)) },
      ],
    },
    {
      title: '5. Limits of ZPA, and stopped lanes',
      says: 'A few 429 are waited for. A lane that stands on the right carries nothing out until its tenant is well again.',
      graphs: [
        { title: 'Answers 429, by lane', metrics: [by('lane', 'RateLimited')] },
        { title: 'Stopped, by lane', metrics: [by('lane', 'LaneStopped')] },
      ],
    },
    {
      title: '6. Drift',
      says: 'Findings of the last reports, one point a day; set the time range to a week.',
      graphs: [
        { title: 'Findings, by lane and state', metrics: [by('lane,state', 'DriftStates', 'Maximum')] },
        { title: 'Findings, by lane and kind', metrics: [by('kind,lane', 'DriftFindings', 'Maximum')] },
        {
          title: 'Oldest lane that waits, in seconds',
          metrics: [queues.drift.metricApproximateAgeOfOldestMessage(highest)],
        },
        { title: 'Not made, not read', metrics: own('DriftReportFailed', 'CatalogNotKept', 'DriftLongNotChecked') },
      ],
    },
  ];
}
