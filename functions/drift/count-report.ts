import type { DriftReport, FindingKind, FindingState } from '../../shared/domain/drift/report.ts';
import type { Meter } from '../../shared/ports/ports.ts';

const KINDS: readonly FindingKind[] = ['missing', 'resurrected', 'changed', 'added', 'removed', 'unmanaged'];
const STATES: readonly FindingState[] = ['new', 'still', 'ignored', 'in-flight'];

/** A part of a tenant that could not be read for two days is alarmed; an hour less, because a daily report may be early. */
const LONG_UNREAD_MS = 47 * 60 * 60 * 1000;

export type ReportFigures = {
  findings: Record<FindingKind, number>;
  states: Record<FindingState, number>;
  /** Parts of tenants that could not be read for two days. */
  longNotChecked: number;
};

/** The numbers of a report for metrics and announcements, zeros included. */
export function figuresOf({ findings, notChecked, startedAt }: DriftReport): ReportFigures {
  const longUnread = Date.parse(startedAt) - LONG_UNREAD_MS;
  return {
    findings: countBy(KINDS, (one) => findings.filter(({ kind }) => kind === one).length),
    states: countBy(STATES, (one) => findings.filter(({ state }) => state === one).length),
    longNotChecked: notChecked.filter(({ since }) => Date.parse(since) <= longUnread).length,
  };
}

const countBy = <T extends string>(names: readonly T[], count: (name: T) => number) =>
  Object.fromEntries(names.map((name) => [name, count(name)])) as Record<T, number>;

/** Counts a report as metrics. Zeros are written too, so that an alarm on one of them ends by itself. */
export function countReport(meter: Meter, { lane, notChecked }: DriftReport, figures: ReportFigures): void {
  for (const kind of KINDS) meter.count('DriftFindings', figures.findings[kind], { lane, kind });
  meter.count('DriftFindings', notChecked.length, { lane, kind: 'not-checked' });
  for (const state of STATES) meter.count('DriftStates', figures.states[state], { lane, state });
  meter.count('DriftNew', figures.states.new, { lane });
  meter.count('DriftLongNotChecked', figures.longNotChecked, { lane });
}
