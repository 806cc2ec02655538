import type { Configuration } from '../domain/configuration/configuration.ts';
import { compareDrift, type DriftInput } from '../domain/drift/compare/compare-drift.ts';
import { type LedgerReading, type OpenChange, workBetween } from '../domain/drift/compare/ledger-work.ts';
import { absentFromListings } from '../domain/drift/compare/not-checked.ts';
import type { AbsenceCheck, ApplicationListing, GroupListing } from '../domain/drift/compare/readings.ts';
import { ofConfiguredTenants } from '../domain/drift/compare/renamed-tenants.ts';
import type { DriftReport } from '../domain/drift/report.ts';
import { type Lane, lanesOf } from '../domain/lane/change-ref.ts';
import { withOwed } from '../domain/ledger/desired.ts';
import { openPlace, WAITING_OFFSET } from '../domain/ledger/schedule.ts';
import { TIMING, type Timing } from '../domain/ledger/timing.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { DesiredGroup } from '../domain/records/desired-group.ts';
import type { Clock, Ledger, UnreadableChange, UnreadableDesired } from '../ports/ports.ts';
import { type DriftReads, readAbsentGroup, readApplications, readGroups, scopesOf } from './read-drift.ts';
import { collect } from './retry-read.ts';

/** The ports of a drift report: the ledger and read-only clients of ZPA. */
export type SurveyPorts = DriftReads & {
  ledger: Ledger;
  /** The names of writers and the patterns of groups, from the settings. */
  settings?: DriftInput['settings'];
  /** Scaled in a local world. */
  timing?: Pick<Timing, 'quietPeriodMs'>;
  /** Reads the application segments only if the report needs them; else always, for the catalogs. */
  applicationsIfNeeded?: boolean;
};

/** The report, without state over time, and all lists that were read for it. */
export type Survey = {
  report: DriftReport;
  listings: GroupListing[];
  applications: ApplicationListing[];
  /** The desired states that the report compares with. */
  desired: readonly DesiredGroup[];
};

/** The most groups read by id after the listing; the rest of a mass deletion is reported as not checked. */
const MAX_SECOND_LOOKS = 100;

/**
 * Makes the drift report of one lane. Reads the ledger before and after ZPA, so that writes of tickets meanwhile do not
 * count as drift. Rejects only if the ledger does; ZPA's failures are part of the report.
 */
export async function surveyLane(
  ports: SurveyPorts,
  configuration: Configuration,
  lane: Lane,
  signal: AbortSignal,
): Promise<Survey> {
  const { clock, settings } = ports;
  const startedAt = clock.now();
  const tenants = lanesOf(configuration).get(lane) ?? [];
  const reads = { ...ports, signal };
  const scopes = scopesOf(configuration, tenants);
  const before = await readLedger(ports, lane);
  const listings = await readGroups(reads, scopes);
  const absenceChecks: AbsenceCheck[] = [];
  /** Looks for the groups that the listings lack; false: all have been looked for. */
  const lookForAbsent = async (desired: readonly DesiredGroup[]): Promise<boolean> => {
    const known = new Set(absenceChecks.map(({ groupId }) => groupId));
    const absent = absentFromListings(desired, listings).filter(({ groupId }) => !known.has(groupId));
    const next = absent.slice(0, MAX_SECOND_LOOKS - known.size);
    for (const group of next) absenceChecks.push(await readAbsentGroup(reads, listings, group));
    return next.length > 0;
  };
  const microtenants = tenants.map((name) => [name, configuration.tenants[name]?.microtenants ?? {}] as const);
  const compare = async (applications: readonly ApplicationListing[]) => {
    let after = await readLedger(ports, lane, before.stored);
    if (await lookForAbsent(after.desired)) after = await readLedger(ports, lane, after.stored);
    const desired = ofConfiguredTenants(after.desired, microtenants);
    const report = compareDrift({
      ...{ lane, tenants, startedAt, listings, absenceChecks, applications },
      finishedAt: clock.now(),
      desired,
      atWork: (live) => workBetween(before, after, live, (ports.timing ?? TIMING).quietPeriodMs),
      unreadable: after.unreadable,
      ourWriters: Object.values(after.lane.learned).flatMap(({ writer }) => writer ?? []),
      ...(settings && { settings }),
    });
    return { report, desired };
  };
  if (ports.applicationsIfNeeded) {
    const compared = await compare([]);
    if (!needsApplications(compared.report)) return { ...compared, listings, applications: [] };
  }
  const applications = await readApplications(reads, scopes);
  return { ...(await compare(applications)), listings, applications };
}

/** A finding is about an application segment, or two lists of groups disagree where one is, which its own list settles. */
const needsApplications = ({ findings, notChecked }: DriftReport) =>
  findings.some(({ facet }) => facet.startsWith('app:')) || notChecked.some(({ code }) => code === 'moved-while-read');

const OPEN_PAGE = 500;

/** A lane's ledger, and its records that cannot be read. */
type ReadLedger = LedgerReading & {
  unreadable: (UnreadableDesired | UnreadableChange)[];
  /** The desired groups as they are stored: what was not written since is not read again. */
  stored: readonly DesiredGroup[];
};

/**
 * Reads the ledger of a lane. The desired groups are read last, so that they hold what a change, no longer open, has led to;
 * what open changes still owe them is folded in.
 */
async function readLedger(
  { ledger, clock }: { ledger: Ledger; clock: Clock },
  lane: Lane,
  earlier?: readonly DesiredGroup[],
): Promise<ReadLedger> {
  const at = clock.now();
  const record = await ledger.readLane(lane);
  const { records, requests, unreadable } = await readOpen(ledger, lane);
  const { stored, unreadable: unreadableGroups } = await readDesired(ledger, lane, earlier);
  const desired = withOwed(stored, records);
  return {
    at,
    lane: record,
    open: [...records, ...requests],
    desired,
    stored,
    unreadable: [...unreadableGroups, ...unreadable],
  };
}

async function readDesired(ledger: Ledger, lane: Lane, earlier: readonly DesiredGroup[] | undefined) {
  const unreadable: UnreadableDesired[] = [];
  const known = earlier && new Map(earlier.map((group) => [group.groupId, group]));
  const stored = await collect(ledger.listDesired(lane, (one) => unreadable.push(one), known));
  return { stored, unreadable };
}

/** Of a change that cannot be read, its request is enough to know what it is at work on. */
async function readOpen(ledger: Ledger, lane: Lane) {
  const records: ChangeRecord[] = [];
  const [requests, unreadable]: [OpenChange[], UnreadableChange[]] = [[], []];
  for (let after = 0; ; ) {
    const unread: UnreadableChange[] = [];
    const page = await ledger.openChanges(lane, OPEN_PAGE, after, (one) => unread.push(one));
    if (page.length + unread.length === 0) return { records, requests, unreadable };
    records.push(...page);
    for (const one of unread) {
      if (one.request === undefined) unreadable.push(one);
      else requests.push({ ...one.request, ...(one.place >= WAITING_OFFSET && { state: 'scheduled' }) });
    }
    after = Math.max(...page.map(openPlace), ...unread.map(({ place }) => place));
  }
}
