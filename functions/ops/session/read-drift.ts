import type { Configuration } from '../../../shared/domain/configuration/configuration.ts';
import { carryOver, type Earlier } from '../../../shared/domain/drift/carry-over.ts';
import { laneDriftSettings } from '../../../shared/domain/drift/drift-settings.ts';
import type { IgnoreRecord } from '../../../shared/domain/drift/ignores.ts';
import { latestKeys } from '../../../shared/domain/drift/render/report-files.ts';
import type { DriftReport, Finding } from '../../../shared/domain/drift/report.ts';
import { parseReport } from '../../../shared/domain/drift/report-schema.ts';
import { laneStateOf } from '../../../shared/domain/drift/resolve/lane-state.ts';
import type { LaneState } from '../../../shared/domain/drift/resolve/resolution.ts';
import { type Lane, lanesOf } from '../../../shared/domain/lane/change-ref.ts';
import { formatCount } from '../../../shared/domain/text/sentence.ts';
import { errorCode, isUnreadable } from '../../../shared/ports/error-code.ts';
import { readFindingAccess } from '../../../shared/reading/drift/read-finding-access.ts';
import { type Survey, surveyLane } from '../../../shared/reading/survey-drift.ts';
import { EXIT, type ExitCode, OpsError } from '../output/exit-codes.ts';
import { chooseTenant } from './choose.ts';
import type { CommandContext } from './command.ts';
import type { OpsSession } from './compose.ts';

/** One lane as it is now. */
export type LaneReading = {
  lane: Lane;
  report: DriftReport;
  /** Findings are resolved against it. */
  state: LaneState;
  /** Names of groups and application segments by id, as far as they were read. */
  names: ReadonlyMap<string, string>;
  /** The age of the findings is not known, because the last stored report could not be read. */
  stateUnknown?: string;
};

/** The lanes that are configured, or the one of the named tenant. */
export function chooseLanes(configuration: Configuration, tenant: string | undefined): Lane[] {
  const lanes = lanesOf(configuration);
  if (tenant === undefined) return [...lanes.keys()];
  const name = chooseTenant(configuration, tenant);
  return [...lanes].flatMap(([lane, tenants]) => (tenants.includes(name) ? [lane] : []));
}

/** The parts of a reading that cost reads of ZPA and are not needed by all commands. */
export type Extent = {
  /** The policy rules that findings affect; their access is `not-read` without them. */
  rules: boolean;
  /** All application segments, also if no finding is about one. */
  applications: boolean;
};

/** Reads a lane now: ZPA, the ledger, and the last stored report. Says what it waits for. */
export async function readLane(context: CommandContext, lane: Lane, extent: Extent): Promise<LaneReading> {
  const { session, terminal, signal } = context;
  const survey = await surveyNow(context, lane, extent);
  const { desired } = survey;
  const groups = survey.listings.flatMap(({ result }) => ('groups' in result ? result.groups : []));
  let { findings } = survey.report;
  if (extent.rules && findings.length > 0) {
    terminal.progress(`${formatCount(findings.length, 'finding')}: reading the policy rules that they affect …`);
    findings = await readFindingAccess({ ...session, signal }, findings, { live: groups, desired });
    signal.throwIfAborted();
  }
  const { earlier, unknown } = await readEarlier(session, lane);
  const ignores = await readIgnores(context, lane);
  const now = session.clock.now();
  const report = carryOver({ ...survey.report, findings }, { earlier, ignores, now, desired });
  const applications = survey.applications.flatMap(({ result }) =>
    'applications' in result ? result.applications : [],
  );
  const areRead = extent.applications && survey.applications.every(({ result }) => 'applications' in result);
  const applicationIds = areRead ? applications.map(({ id }) => id) : undefined;
  return {
    lane,
    report,
    state: laneStateOf({ groups, desired, applicationIds }, session.configuration),
    names: new Map([...groups, ...applications].map(({ id, name }) => [id, name])),
    ...(unknown !== undefined && { stateUnknown: unknown }),
  };
}

async function surveyNow({ session, terminal, signal }: CommandContext, lane: Lane, extent: Extent): Promise<Survey> {
  const { configuration } = session;
  const tenants = (lanesOf(configuration).get(lane) ?? []).join(', ');
  terminal.progress(`reading groups and application segments of ${tenants}, two reads in ten seconds …`);
  const settings = laneDriftSettings(configuration.tenants, lane);
  const ports = { ...session, settings, applicationsIfNeeded: !extent.applications };
  const survey = await surveyLane(ports, configuration, lane, signal);
  signal.throwIfAborted();
  return survey;
}

/** Where the record does not parse, the report is as the scheduled one: nothing is ignored. */
async function readIgnores({ session, terminal }: CommandContext, lane: Lane): Promise<readonly IgnoreRecord[]> {
  try {
    return (await session.ignores.read(lane)).entries;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    terminal.warn(`Nothing counts as ignored: the ignores of ${lane} cannot be read.`);
    return [];
  }
}

/** The last stored report of a lane. A person who may not read it still gets a report, without the age of its findings. */
export async function readEarlier(session: OpsSession, lane: Lane): Promise<{ earlier: Earlier; unknown?: string }> {
  if (session.reports === undefined) {
    return { earlier: 'unreadable', unknown: 'The target names no REPORTS_BUCKET.' };
  }
  try {
    const text = await session.reports.read(latestKeys(lane).json);
    return { earlier: text === undefined ? undefined : (parseReport(text) ?? 'unreadable') };
  } catch (error) {
    if (errorCode(error) !== 'report-failed') throw error;
    return { earlier: 'unreadable', unknown: error instanceof Error ? error.message : 'It could not be read.' };
  }
}

/** The form of a finding's id. */
const FINDING_ID = /^D-[\w-]{8}$/;

/** Findings of one lane that were asked for, with the reading that they are of. */
export type FoundFindings = { reading: LaneReading; findings: Finding[] };

/**
 * Reads the lanes that have findings with these ids now. Reads first those whose last stored report has one of them. Throws an
 * `OpsError` that names the ids that no lane has.
 */
export async function findFindings(
  context: CommandContext,
  ids: readonly string[],
  tenant: string | undefined,
  extent: Extent,
): Promise<FoundFindings[]> {
  const wrong = ids.find((id) => !FINDING_ID.test(id));
  if (wrong !== undefined) {
    const remedy = 'It is D- and eight characters, as the drift report shows it; for example D-d35a64b4.';
    throw new OpsError(EXIT.usage, 'bad-finding-id', `"${wrong}" is not the id of a finding.`, remedy);
  }
  const left = new Set(ids);
  const found: FoundFindings[] = [];
  const readings: LaneReading[] = [];
  for (const lane of await likeliestFirst(context.session, chooseLanes(context.session.configuration, tenant), left)) {
    const reading = await readLane(context, lane, extent);
    readings.push(reading);
    const findings = reading.report.findings.filter(({ id }) => left.has(id));
    for (const { id } of findings) left.delete(id);
    if (findings.length > 0) found.push({ reading, findings });
    if (left.size === 0) return found;
  }
  throw notFoundError([...left], readings);
}

/** The lanes, those first whose last stored report has one of the ids. */
async function likeliestFirst(session: OpsSession, lanes: Lane[], ids: ReadonlySet<string>): Promise<Lane[]> {
  if (lanes.length < 2) return lanes;
  const likely: Lane[] = [];
  for (const lane of lanes) {
    const { earlier } = await readEarlier(session, lane);
    if (earlier === undefined || earlier === 'unreadable') continue;
    if (earlier.findings.some(({ id }) => ids.has(id))) likely.push(lane);
  }
  return [...likely, ...lanes.filter((lane) => !likely.includes(lane))];
}

function notFoundError(ids: readonly string[], readings: readonly LaneReading[]): OpsError {
  const closed = readings.flatMap(({ report }) => report.closed).find(({ id }) => ids.includes(id));
  const named = ids.length === 1 ? `no finding ${ids[0]}` : `no findings ${ids.join(', ')}`;
  const error = (exit: ExitCode, sentence: string, remedy: string) =>
    new OpsError(exit, 'finding-not-found', sentence, remedy);
  if (closed !== undefined) {
    const how = closed.by === undefined ? '' : `, by ${closed.by.key}`;
    return error(EXIT.notFound, `There is ${named} now.`, `${closed.id} is closed${how}. Leave it out.`);
  }
  if (readings.every(({ report }) => report.complete)) {
    const remedy = 'See the drift report: perhaps it is closed, or of another target.';
    return error(EXIT.notFound, `There is ${named} now.`, remedy);
  }
  const sentence = `There is ${named} in what was read, and not everything could be read.`;
  return error(EXIT.unreachable, sentence, 'See the drift report, which says what could not be read and why.');
}
