import type { Configuration } from '../../../../shared/domain/configuration/configuration.ts';
import { type IgnoreRecord, ignoreOf } from '../../../../shared/domain/drift/ignores.ts';
import { latestKeys } from '../../../../shared/domain/drift/render/report-files.ts';
import type { DriftReport, Finding } from '../../../../shared/domain/drift/report.ts';
import { parseReport } from '../../../../shared/domain/drift/report-schema.ts';
import { type Html, html } from '../../../../shared/domain/html/html.ts';
import { type Lane, lanesOf } from '../../../../shared/domain/lane/change-ref.ts';
import { isUnreadable } from '../../../../shared/ports/error-code.ts';
import { EXIT, OpsError } from '../../output/exit-codes.ts';
import type { CommandContext } from '../../session/command.ts';
import type { OpsSession } from '../../session/compose.ts';
import { chooseLanes, readLane } from '../../session/read-drift.ts';
import { type ConsoleContext, READS_ZPA } from '../contract.ts';
import type { Kept } from '../view/kept.ts';
import { requireRole } from '../view/role-link.ts';
import { nextReport } from './next-report.ts';

/** The report of a lane as it was stored, or as it was read now. `missing`: why there is none. */
export type LaneReport = MadeReport | (About & { missing: Html });

/** `read`: under what it is kept, if it was read now. */
type About = { lane: Lane; tenants: string[]; read?: string };
type MadeReport = About & { report: DriftReport };

export type Readings = Kept<MadeReport>;

/** The report that an address asks for: a new reading, one that is kept, or the stored one. */
export async function readReport(
  context: ConsoleContext,
  lane: Lane,
  query: URLSearchParams,
  readings: Readings,
): Promise<LaneReport> {
  if (query.get('now') !== null) {
    requireRole(context, READS_ZPA);
    const made = await readNow(context, lane);
    return { ...made, read: readings.keep(made) };
  }
  const read = query.get('read');
  const kept = readings.find(read);
  if (kept?.lane !== lane || read === null) return readStored(context, lane);
  const ignores = await ignoresOf(context, lane);
  return { ...kept, read, report: withIgnores(kept.report, ignores, context.session.clock.now()) };
}

/** The lane that an address names, or the only one; undefined: there are several. Throws an `OpsError` if it is none. */
export function laneOf(configuration: Configuration, name: string | null): Lane | undefined {
  const lanes = chooseLanes(configuration, undefined);
  if (name === null || name === '') return lanes.length === 1 ? lanes[0] : undefined;
  if (lanes.includes(name)) return name;
  const remedy = `Choose one of: ${lanes.join(', ')}.`;
  throw new OpsError(EXIT.notFound, 'lane-not-found', `No tenant is configured for lane "${name}".`, remedy);
}

/** A tenant of the lane, by which commands name it. */
export function tenantOf(configuration: Configuration, lane: Lane): string {
  const [tenant] = lanesOf(configuration).get(lane) ?? [];
  if (tenant !== undefined) return tenant;
  throw new OpsError(EXIT.notFound, 'lane-not-found', `No tenant is configured for lane "${lane}".`, 'Open /drift.');
}

/** The last stored report of a lane, in which findings that somebody ignored since are ignored. */
export async function readStored(context: CommandContext, lane: Lane): Promise<LaneReport> {
  const { session } = context;
  const about = { lane, tenants: lanesOf(session.configuration).get(lane) ?? [] };
  if (session.reports === undefined) return { ...about, missing: html`The target names no bucket of drift reports.` };
  const text = await session.reports.read(latestKeys(lane).json);
  if (text === undefined) {
    const next = nextReport(session.target.driftSchedule, session.clock.now());
    return { ...about, missing: html`No report is stored yet. ${next} Until then, you can read ZPA now.` };
  }
  const report = parseReport(text);
  if (report === undefined) return { ...about, missing: html`The last stored report cannot be read by this version.` };
  return { ...about, report: withIgnores(report, await ignoresOf(context, lane), session.clock.now()) };
}

/** Reads the lane now, as `drift report` does. It takes as long as ZPA's rate limit asks. */
async function readNow(context: CommandContext, lane: Lane): Promise<MadeReport> {
  const { report, stateUnknown } = await readLane(context, lane, { rules: true, applications: false });
  if (stateUnknown !== undefined) context.terminal.warn(`The age of the findings is not known. ${stateUnknown}`);
  return { lane, tenants: lanesOf(context.session.configuration).get(lane) ?? [], report };
}

async function ignoresOf({ session, terminal }: CommandContext, lane: Lane): Promise<readonly IgnoreRecord[]> {
  const ignores = await readIgnores(session, lane);
  if (ignores === undefined) terminal.warn('What was ignored since the report cannot be read.');
  return ignores ?? [];
}

/** The ignores of a lane; undefined: their record cannot be read. */
export async function readIgnores(
  { ignores }: Pick<OpsSession, 'ignores'>,
  lane: Lane,
): Promise<readonly IgnoreRecord[] | undefined> {
  try {
    return (await ignores.read(lane)).entries;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return undefined;
  }
}

/** A report is stored once a day; an ignore counts at once, and its end too. */
export function withIgnores(report: DriftReport, ignores: readonly IgnoreRecord[], now: number): DriftReport {
  const ignored = (finding: Finding): Finding => {
    const one = finding.state === 'in-flight' ? undefined : ignoreOf(finding, ignores, now);
    if (one === undefined) return withoutPastIgnore(finding, now);
    const { reason, by, live } = one;
    const [until, at] = [one.until, one.at].map((ms) => new Date(ms).toISOString());
    return { ...finding, state: 'ignored', ignored: { reason, by, live, until: until ?? '', at: at ?? '' } };
  };
  return { ...report, findings: report.findings.map(ignored) };
}

/** The next report calls a finding new whose ignore has ended, because nobody was told of it. */
function withoutPastIgnore(finding: Finding, now: number): Finding {
  const { ignored, ...rest } = finding;
  if (finding.state !== 'ignored' || ignored === undefined || Date.parse(ignored.until) > now) return finding;
  return { ...rest, state: 'new' };
}

/** The finding of a report that an address names. Throws an `OpsError` if there is none. */
export function findingOf({ findings, closed }: DriftReport, id: string): Finding {
  const finding = findings.find((one) => one.id === id);
  if (finding !== undefined) return finding;
  const isClosed = closed.some((one) => one.id === id);
  const sentence = `The last report has no finding "${id}"${isClosed ? ': it is closed' : ''}.`;
  throw new OpsError(EXIT.notFound, 'finding-not-found', sentence, 'Look at the list of findings.');
}
