import { TIMING } from '../../shared/domain/ledger/timing.ts';
import { type AlarmDeclaration, FIVE_MINUTES, ownMetric } from './declaration.ts';

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
      metric: ownMetric('ReconcileFailed'),
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
  ];
}
