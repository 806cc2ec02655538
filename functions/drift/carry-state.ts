import { carryOver, type Earlier } from '../../shared/domain/drift/carry-over.ts';
import { type IgnoreRecord, ignoresEndedBy } from '../../shared/domain/drift/ignores.ts';
import { latestKeys } from '../../shared/domain/drift/render/report-files.ts';
import type { DriftReport } from '../../shared/domain/drift/report.ts';
import { parseReport } from '../../shared/domain/drift/report-schema.ts';
import type { DesiredGroup } from '../../shared/domain/records/desired-group.ts';
import { endFindingIgnores } from '../../shared/ledger/ignore-finding.ts';
import { isUnreadable } from '../../shared/ports/error-code.ts';
import type { ReportPorts } from './ports.ts';

/**
 * Gives a survey its state over time, by the lane's last report and its ignores. `desired`, as the survey read it, says
 * which change closed a finding. An ignore whose value is seen no more is ended before the report says so: a report
 * that is made again then shows the same. Rejects as the ignores and the bucket do.
 */
export async function carryState(
  ports: ReportPorts,
  survey: DriftReport,
  desired: readonly DesiredGroup[],
): Promise<DriftReport> {
  const { lane } = survey;
  const now = ports.clock.now();
  const earlier = await readEarlier(ports, lane);
  const ignores = await readIgnores(ports, lane);
  const report = carryOver(survey, { earlier, ignores, now, desired });
  const ended = ignoresEndedBy(report, ignores, now);
  if (ended.length > 0) await endFindingIgnores(ports, lane, ended);
  return report;
}

async function readEarlier({ latest, log }: ReportPorts, lane: string): Promise<Earlier> {
  const text = await latest.read(latestKeys(lane).json);
  if (text === undefined) return undefined;
  const report = parseReport(text);
  if (report === undefined) log.warn('the last drift report cannot be read', { lane });
  return report ?? 'unreadable';
}

/**
 * A record that does not parse ignores nothing: a finding that is told once too often harms less than a lane without
 * report.
 */
async function readIgnores({ ignores, log }: ReportPorts, lane: string): Promise<readonly IgnoreRecord[]> {
  try {
    return (await ignores.read(lane)).entries;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    log.error('the ignores of a lane cannot be read, so that nothing is ignored', { lane, error });
    return [];
  }
}
