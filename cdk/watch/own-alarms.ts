import { Duration } from 'aws-cdk-lib';
import { TIMING } from '../../shared/domain/ledger/timing.ts';
import { type AlarmDeclaration, FIVE_MINUTES, ownMetric, sumOf } from './declaration.ts';

/**
 * A stopped lane counts its metric at every probe, at most `TIMING.deferMaxMs` apart; without a count for twice that
 * time the stop is over.
 */
const PROBE_PERIODS = Math.ceil((2 * TIMING.deferMaxMs) / FIVE_MINUTES.toMilliseconds());

/** Alarms on metrics that the functions count. */
export function ownAlarms(): AlarmDeclaration[] {
  return [
    {
      name: 'worker-errors',
      impact: 'The worker meets an error it does not know and tries again: changes of one ZPA customer are late.',
      metric: ownMetric('WorkerError'),
      threshold: 1,
    },
    {
      name: 'lane-stopped',
      impact: 'No change of one ZPA customer is carried out until sign-in, secret or ZPA itself is well again.',
      metric: ownMetric('LaneStopped'),
      threshold: 1,
      evaluationPeriods: PROBE_PERIODS,
    },
    {
      name: 'left-ungrouped',
      impact:
        'Application segments are in no group, so no policy rule reaches them by group: users may be cut off now.',
      metric: ownMetric('LeftUngrouped'),
      threshold: 1,
    },
    {
      name: 'deliveries-unproven',
      impact:
        'Deliveries of a source are refused for their proof or address: its approved tickets do not arrive, or somebody forges them.',
      metric: ownMetric('DeliveriesUnproven'),
      threshold: 3,
    },
    {
      name: 'sweep-incomplete',
      impact:
        'The sweeper could not look after a lane several times in a row: a change whose message was lost stays so.',
      metric: ownMetric('SweepFailed'),
      threshold: 3,
    },
    {
      name: 'reconcile-incomplete',
      impact:
        'A ticket system could not be asked: approved tickets whose delivery was lost stay lost, and so do withdrawals.',
      metric: sumOf(
        { sources: ownMetric('ReconcileFailed'), lanes: ownMetric('ReconcileLaneFailed') },
        'sources and lanes not reconciled',
      ),
      threshold: 1,
    },
    {
      name: 'read-back-failed',
      impact:
        'Tickets that were approved now cannot be read back: they are taken when the ticket system answers again.',
      metric: ownMetric('ReadBackFailed'),
      threshold: 3,
    },
    {
      name: 'notify-partial',
      impact:
        'A ticket does not show all that happened, or was not moved on: its requester waits, or believes it open.',
      metric: ownMetric('NotifyPartial'),
      threshold: 1,
    },
    {
      name: 'settings-refused',
      impact:
        'The newest settings cannot be used: everything goes on by the last good ones, and what was changed is not in force.',
      metric: ownMetric('SettingsRefused'),
      threshold: 1,
    },
    {
      name: 'writes-unanswered',
      impact:
        'ZPA does not answer writes: changes of that customer are late, and a few may end with an outcome that nobody knows.',
      metric: ownMetric('WriteUnanswered'),
      threshold: 5,
    },
    {
      name: 'deliveries-refused',
      impact:
        'A ticket system sends what cannot be taken: its approved tickets are not carried out until it is put right.',
      metric: ownMetric('DeliveriesRefused'),
      threshold: 10,
    },
    {
      name: 'refusals-untold',
      impact: 'An approved ticket was refused and does not say so: its requester waits for something that never comes.',
      // Reconcile tries again at each run, so three in an hour are a ticket system that takes no comment.
      metric: ownMetric('RefusalCommentFailed').with({ period: Duration.hours(1) }),
      threshold: 3,
    },
    {
      name: 'pages-unavailable',
      impact:
        'Status links or the catalog answer 503: requesters do not see their change, or a form has no names to offer.',
      metric: sumOf(
        { status: ownMetric('StatusUnavailable'), catalog: ownMetric('CatalogUnavailable') },
        'status links and catalogs not answered',
      ),
      threshold: 3,
    },
    {
      name: 'drift-incomplete',
      impact:
        'A customer has no new drift report or catalog: edits made past the tickets go unseen, new names are not offered.',
      metric: sumOf(
        { reports: ownMetric('DriftReportFailed'), catalogs: ownMetric('CatalogNotKept') },
        'reports and catalogs not made',
      ),
      threshold: 1,
    },
    {
      name: 'drift-new',
      impact:
        'Segment groups were edited past the tickets since the last report: access that nobody approved may be open, or users cut off.',
      metric: ownMetric('DriftNew'),
      threshold: 1,
    },
    {
      name: 'drift-not-checked',
      impact:
        'A part of a customer could not be read for two days: what was edited there past the tickets goes unseen.',
      metric: ownMetric('DriftLongNotChecked'),
      threshold: 1,
    },
  ];
}
