/**
 * Every metric that the functions count, with the alarm that watches it, or the reason why none does. A test holds this
 * table together with the code, the alarms and the runbook.
 */
export const METRICS = {
  AuditFailed: { none: 'It is tried again for an hour; what has no line by then is in audit-waiting.' },
  AuditLines: { none: 'The work that is done; audit-late says when it is not.' },
  CatalogNotKept: { alarm: 'drift-incomplete' },
  CatalogRefused: { none: 'A caller with a wrong credential or address harms nobody but itself, and its 401 says so.' },
  CatalogUnavailable: { alarm: 'pages-unavailable' },
  ChangeSettled: { none: 'Every outcome, good or bad; a rejected change waits in failures.fifo (failures-waiting).' },
  ChangesAccepted: { none: 'The work that comes in; none of it for days is usual where few tickets are approved.' },
  ChangesCancelled: { none: 'Somebody withdrew a ticket, and its changes ended as they should.' },
  ChangesSuperseded: { none: 'A ticket was approved anew, and its earlier approval ended as it should.' },
  DeliveriesRefused: { alarm: 'deliveries-refused' },
  DeliveriesUnavailable: { none: 'Each is a 503 answer, and webhook-errors counts those at the API.' },
  DeliveriesUnproven: { alarm: 'deliveries-unproven' },
  DriftFindings: {
    none: 'Edits made in ZPA by people who may do so: the report on the topic outcomes tells them; an alarm would stay on until each was undone.',
  },
  DriftReportFailed: { alarm: 'drift-incomplete' },
  LaneStopped: { alarm: 'lane-stopped' },
  LeftUngrouped: { alarm: 'left-ungrouped' },
  NotifyFailed: { none: 'It is tried again for three days; what cannot be told by then is in notices-waiting.' },
  NotifyPartial: { alarm: 'notify-partial' },
  OpenChanges: { none: 'A long queue is work, not a fault; oldest-message says when it makes people wait.' },
  OpenTicketsLeft: { none: 'The next runs go on where this one ended.' },
  Overtaken: { none: 'A colleague edited the same group in ZPA meanwhile; the outcome and the drift report say so.' },
  PlanFailed: { none: 'It is tried three times; what cannot be planned by then is in plans-missed.' },
  PlansAskedFor: { none: 'The work that comes in.' },
  PlansMade: { none: 'The work that is done.' },
  RateLimited: { none: 'ZPA’s limit was met and is waited for; changes that wait for long are in oldest-message.' },
  ReadBackFailed: { alarm: 'read-back-failed' },
  ReconcileFailed: { alarm: 'reconcile-incomplete' },
  ReconcileLaneFailed: { alarm: 'reconcile-incomplete' },
  ReconcileTicketFailed: { none: 'The run of its source counts ReconcileFailed too (reconcile-incomplete).' },
  RefusalCommentFailed: { alarm: 'refusals-untold' },
  SettingsRefused: { alarm: 'settings-refused' },
  StatusUnavailable: { alarm: 'pages-unavailable' },
  SweepChangeFailed: { none: 'That sweep, or the next one at the latest, counts SweepFailed too (sweep-incomplete).' },
  SweepFailed: { alarm: 'sweep-incomplete' },
  TicketsFound: { none: 'A lost delivery was made up for: the search does its work.' },
  TicketsIgnored: { none: 'Tickets that are none of ours, or not approved: most of what a ticket system sends.' },
  TicketsRefused: {
    none: 'The ticket says why, and its requester acts; one that cannot be told is in refusals-untold.',
  },
  TicketsTold: { none: 'The work that is done.' },
  UnknownOrigin: { none: 'Each is put into failures.fifo (failures-waiting).' },
  WorkerError: { alarm: 'worker-errors' },
  WriteUnanswered: { alarm: 'writes-unanswered' },
} as const satisfies Record<string, { alarm: string } | { none: string }>;

export type OwnMetric = keyof typeof METRICS;
