import { Duration } from 'aws-cdk-lib';
import { TIMING } from '../../shared/domain/ledger/timing.ts';
import { type AlarmDeclaration, FIVE_MINUTES, ownMetric, sumOf } from './declaration.ts';
import type { OwnMetric } from './metrics.ts';

/**
 * A stopped lane counts its metric at every probe, at most `TIMING.deferMaxMs` apart; without a count for twice that
 * time the stop is over.
 */
const PROBE_PERIODS = Math.ceil((2 * TIMING.deferMaxMs) / FIVE_MINUTES.toMilliseconds());

/** Alarms on metrics that the functions of a stack count. */
export function ownAlarms(stackName: string): AlarmDeclaration[] {
  const own = (metric: OwnMetric) => ownMetric(stackName, metric);
  return [
    {
      name: 'worker-errors',
      impact: 'The worker retries after an unexpected error: changes of one ZPA customer are delayed.',
      metric: own('WorkerError'),
      threshold: 1,
    },
    {
      name: 'lane-stopped',
      impact: 'No changes of one ZPA customer are applied until its sign-in, secret or ZPA itself works again.',
      metric: own('LaneStopped'),
      threshold: 1,
      evaluationPeriods: PROBE_PERIODS,
    },
    {
      name: 'left-ungrouped',
      impact:
        'Application segments are in no segment group, so policy rules for groups do not apply to them: users may have lost access.',
      metric: own('LeftUngrouped'),
      threshold: 1,
    },
    {
      name: 'deliveries-unproven',
      impact:
        'Webhooks of a source are rejected because of their signature or IP address: its approved tickets do not arrive, or somebody forges requests.',
      metric: own('DeliveriesUnproven'),
      threshold: 3,
    },
    {
      name: 'sweep-incomplete',
      impact:
        'The sweep of a lane failed several times in a row: changes whose queue message was lost are not applied.',
      metric: own('SweepFailed'),
      threshold: 3,
    },
    {
      name: 'reconcile-incomplete',
      impact: 'A ticket system could not be read: approvals and withdrawals whose webhook was lost are not processed.',
      metric: sumOf(
        { sources: own('ReconcileFailed'), lanes: own('ReconcileLaneFailed') },
        'sources and lanes not reconciled',
      ),
      threshold: 1,
    },
    {
      name: 'read-back-failed',
      impact:
        'Newly approved tickets cannot be verified: their changes are accepted once the ticket system responds again.',
      metric: own('ReadBackFailed'),
      threshold: 3,
    },
    {
      name: 'notify-partial',
      impact: 'A ticket does not show the full result or has the wrong status: its requester may still wait for it.',
      metric: own('NotifyPartial'),
      threshold: 1,
    },
    {
      name: 'settings-refused',
      impact:
        'The newest settings are invalid: the last valid settings stay in use, and the latest edits have no effect.',
      metric: own('SettingsRefused'),
      threshold: 1,
    },
    {
      name: 'writes-unanswered',
      impact:
        'ZPA does not respond to writes: changes of that customer are delayed, and a few may end with an unknown outcome.',
      metric: own('WriteUnanswered'),
      threshold: 5,
    },
    {
      name: 'deliveries-refused',
      impact: 'A ticket system sends invalid requests: its approved tickets are not applied until this is fixed.',
      metric: own('DeliveriesRefused'),
      threshold: 10,
    },
    {
      name: 'refusals-untold',
      impact: 'An approved ticket was rejected, but the ticket does not show it: its requester waits in vain.',
      // Reconcile tries again at each run, so three in an hour are a ticket system that takes no comment.
      metric: own('RefusalCommentFailed').with({ period: Duration.hours(1) }),
      threshold: 3,
    },
    {
      name: 'pages-unavailable',
      impact:
        'Status pages or the catalog return 503: requesters cannot see their change, or forms cannot offer names.',
      metric: sumOf(
        { status: own('StatusUnavailable'), catalog: own('CatalogUnavailable') },
        'status pages and catalogs unavailable',
      ),
      threshold: 3,
    },
    {
      name: 'drift-incomplete',
      impact:
        'A customer has no new drift report or catalog: edits made without a ticket go unnoticed, and forms do not offer new names.',
      metric: sumOf(
        { reports: own('DriftReportFailed'), catalogs: own('CatalogNotKept') },
        'failed reports and catalogs',
      ),
      threshold: 1,
    },
    {
      name: 'drift-new',
      impact:
        'Segment groups were edited without a ticket since the last report: unapproved access may be open, or users may have lost access.',
      metric: own('DriftNew'),
      threshold: 1,
    },
    {
      name: 'drift-not-checked',
      impact: 'Part of a customer could not be read for two days: edits made there without a ticket go unnoticed.',
      metric: own('DriftLongNotChecked'),
      threshold: 1,
    },
  ];
}
