import { FINDING_KINDS, FINDING_STATES } from '../../shared/domain/drift/by-harm.ts';
import { countStates } from '../../shared/domain/drift/drift.ts';
import type { DriftReport, FindingKind, FindingState } from '../../shared/domain/drift/report.ts';
import type { Meter } from '../../shared/ports/ports.ts';

/** A part of a tenant that could not be read for two days is alarmed; an hour less, because a daily report may be early. */
const LONG_UNREAD_MS = 47 * 60 * 60 * 1000;

export type ReportNumbers = {
  findings: Record<FindingKind, number>;
  states: Record<FindingState, number>;
  /** Parts of tenants that could not be read for two days. */
  longNotChecked: number;
};

/** The numbers of a report for metrics and announcements, zeros included. */
export function numbersOf({ findings, notChecked, startedAt }: DriftReport): ReportNumbers {
  const kinds = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as ReportNumbers['findings'];
  for (const { kind } of findings) kinds[kind] += 1;
  const longUnread = Date.parse(startedAt) - LONG_UNREAD_MS;
  return {
    findings: kinds,
    states: countStates(findings),
    longNotChecked: notChecked.filter(({ since }) => Date.parse(since) <= longUnread).length,
  };
}

/** Counts a report as metrics. Zeros are written too, so that an alarm on one of them ends by itself. */
export function countReport(meter: Meter, { lane, notChecked }: DriftReport, numbers: ReportNumbers): void {
  for (const kind of FINDING_KINDS) meter.count('DriftFindings', numbers.findings[kind], { lane, kind });
  meter.count('DriftFindings', notChecked.length, { lane, kind: 'not-checked' });
  for (const state of FINDING_STATES) meter.count('DriftStates', numbers.states[state], { lane, state });
  meter.count('DriftNew', numbers.states.new, { lane });
  meter.count('DriftLongNotChecked', numbers.longNotChecked, { lane });
}
