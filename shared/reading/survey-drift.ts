import type { Configuration } from '../domain/configuration/configuration.ts';
import type { DriftReport } from '../domain/drift/drift.ts';
import { compareDrift } from '../domain/drift/drift-compare.ts';
import { type AbsenceCheck, absentFromListings, type GroupListing } from '../domain/drift/group-listings.ts';
import type { SegmentGroup } from '../domain/group/group.ts';
import { type Lane, lanesOf } from '../domain/lane/change-ref.ts';
import { changesInFlight } from '../domain/ledger/membership-history.ts';
import { openPlace } from '../domain/ledger/schedule.ts';
import type { ChangeRecord } from '../domain/records/change-record.ts';
import type { DesiredGroup } from '../domain/records/desired-group.ts';
import type { Clock, Ledger, UnreadableChange, UnreadableDesired, Zpa } from '../ports/ports.ts';
import { isZpaFault } from '../ports/zpa-fault.ts';
import { nameApplications } from './name-applications.ts';
import { collect, type RetryOptions, readFailure, retryRead } from './retry-read.ts';

/** The ports of a drift report: the ledger and read-only clients of ZPA. */
export type SurveyPorts = {
  ledger: Ledger;
  /** A tenant's read-only client, its calls limited to the budget of reports. */
  zpaOf: (tenant: string) => Zpa;
  clock: Clock;
  /** As in `RetryOptions`. */
  pausesMs?: readonly number[];
  /** Called with each listing of groups, so that no caller spends budget on reading them again. */
  onReading?: (reading: GroupListing) => void;
};

/** The most groups read by id after the listing; the rest of a mass deletion is reported as `not-checked`. */
const MAX_SECOND_LOOKS = 100;
const OPEN_PAGE = 500;

/**
 * Makes the drift report of one lane. Reads the ledger before and after ZPA, so that writes of tickets meanwhile do not
 * count as drift. Rejects only if the ledger does; ZPA's failures are findings.
 */
export async function surveyLane(
  ports: SurveyPorts,
  configuration: Configuration,
  lane: Lane,
  signal: AbortSignal,
): Promise<DriftReport> {
  const { ledger, clock } = ports;
  const startedAt = clock.now();
  const tenants = lanesOf(configuration).get(lane) ?? [];
  const [before, openBefore] = [await allDesired(ledger, lane), await allOpen(ledger, lane)];
  const readings: GroupListing[] = [];
  for (const scope of scopesOf(configuration, tenants)) {
    const reading = await readScope(ports, scope, signal);
    readings.push(reading);
    ports.onReading?.(reading);
  }
  const absent = absentFromListings((await allDesired(ledger, lane)).groups, readings);
  const secondLooks: AbsenceCheck[] = [];
  for (const group of absent.slice(0, MAX_SECOND_LOOKS)) {
    secondLooks.push(await readAbsentGroup(ports, readings, group, signal));
  }
  const [desired, openAfter] = [await allDesired(ledger, lane), await allOpen(ledger, lane)];
  const report = compareDrift({
    lane,
    tenants,
    startedAt,
    finishedAt: clock.now(),
    desired: desired.groups,
    listings: readings,
    absenceChecks: secondLooks,
    inFlight: changesInFlight([...openBefore.open, ...openAfter.open], before.groups, desired.groups),
    unreadable: [...desired.unreadable, ...openAfter.unreadable],
    ourWriters: await ourWriters(ledger, lane),
  });
  return { ...report, applicationNames: await nameApplications({ ...ports, signal }, readings, report) };
}

/** Our API clients as `modifiedBy` shows them, as the worker has stored them from its read-backs. */
async function ourWriters(ledger: Ledger, lane: Lane): Promise<string[]> {
  const { learned } = await ledger.readLane(lane);
  return Object.values(learned).flatMap(({ writer }) => (writer === undefined ? [] : [writer]));
}

type Desired = { groups: DesiredGroup[]; unreadable: UnreadableDesired[] };

async function allDesired(ledger: Ledger, lane: Lane): Promise<Desired> {
  const unreadable: UnreadableDesired[] = [];
  const groups = await collect(ledger.listDesired(lane, (one) => unreadable.push(one)));
  return { groups, unreadable };
}

/** Of a change that cannot be read, its request is enough to know what is in flight. */
type Open = { open: Pick<ChangeRecord, 'ref' | 'change'>[]; unreadable: UnreadableChange[] };

async function allOpen(ledger: Ledger, lane: Lane): Promise<Open> {
  const [open, unreadable]: [Open['open'], UnreadableChange[]] = [[], []];
  for (let after = 0; ; ) {
    const unread: UnreadableChange[] = [];
    const page = await ledger.openChanges(lane, OPEN_PAGE, after, (one) => unread.push(one));
    if (page.length + unread.length === 0) return { open, unreadable };
    open.push(...page, ...unread.flatMap(({ request }) => request ?? []));
    unreadable.push(...unread.filter(({ request }) => request === undefined));
    after = Math.max(...page.map(openPlace), ...unread.map(({ place }) => place));
  }
}

/** A microtenant (undefined: all the client sees) and the tenants configured for it, tried one after the other. */
type Scope = { microtenantId: string | undefined; tenants: string[] };

function scopesOf(configuration: Configuration, tenants: readonly string[]): Scope[] {
  const scopes = new Map<string | undefined, string[]>();
  for (const tenant of tenants) {
    const ids = new Set(Object.values(configuration.tenants[tenant]?.microtenants ?? {}));
    for (const id of ids.size === 0 ? [undefined] : ids) scopes.set(id, [...(scopes.get(id) ?? []), tenant]);
  }
  return [...scopes].map(([microtenantId, of]) => ({ microtenantId, tenants: of }));
}

async function readScope(ports: SurveyPorts, scope: Scope, signal: AbortSignal): Promise<GroupListing> {
  const { microtenantId } = scope;
  let failed: GroupListing | undefined;
  for (const tenant of scope.tenants) {
    try {
      const groups = await retryRead({ ...ports, signal }, () =>
        collect(ports.zpaOf(tenant).listGroups({ signal, ...(microtenantId !== undefined && { microtenantId }) })),
      );
      return { tenant, microtenantId, result: { groups } };
    } catch (error) {
      failed ??= { tenant, microtenantId, result: { failure: readFailure(error, signal) } };
    }
  }
  if (failed === undefined) throw new Error('a scope has a tenant');
  return failed;
}

async function readAbsentGroup(
  ports: SurveyPorts,
  readings: readonly GroupListing[],
  group: DesiredGroup,
  signal: AbortSignal,
): Promise<AbsenceCheck> {
  const { groupId } = group;
  const scope =
    readings.find((reading) => reading.microtenantId === group.microtenantId && 'groups' in reading.result) ??
    readings.find((reading) => reading.microtenantId === undefined);
  const retry: RetryOptions = { ...ports, signal };
  const options = { signal, ...(scope?.microtenantId !== undefined && { microtenantId: scope.microtenantId }) };
  try {
    const read = (): Promise<SegmentGroup> => ports.zpaOf(scope?.tenant ?? group.tenant).getGroup(groupId, options);
    return { groupId, result: { group: await retryRead(retry, read) } };
  } catch (error) {
    if (isZpaFault(error) && error.fault.code === 'not-found') return { groupId, result: 'absent' };
    return { groupId, result: { failure: readFailure(error, signal) } };
  }
}
