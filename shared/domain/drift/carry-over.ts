import type { DesiredGroup } from '../records/desired-group.ts';
import { byHarm } from './by-harm.ts';
import { closedBy } from './closed-by.ts';
import { countDrifted, countStates, isDrift } from './drift.ts';
import { type IgnoreRecord, ignoreOf } from './ignores.ts';
import { hasValueOf, isUnplaced } from './live-value.ts';
import { isNameless } from './nameless.ts';
import type {
  Approval,
  ClosedFinding,
  DriftReport,
  Finding,
  FindingState,
  GroupRef,
  HistoryEntry,
  NotChecked,
} from './report.ts';
import { continues, covers, hides, overlap, wasChecked } from './was-checked.ts';

/** Reports that a report remembers, itself included. */
const MAX_HISTORY = 90;

/** The last report of the lane; undefined: there is none. */
export type Earlier = DriftReport | undefined | 'unreadable';

export type CarryOver = {
  earlier: Earlier;
  /** Those of the lane, ended ones too. */
  ignores: readonly IgnoreRecord[];
  /** Epoch ms; ignores end by it. */
  now: number;
  /** The states that tickets approved by now; a closed finding takes the name of its change from them. */
  desired?: readonly DesiredGroup[] | undefined;
};

/**
 * Gives a survey its state over time: which findings are new, still there, ignored or closed, and since when. Nothing is closed
 * whose group was not read; such a finding waits in `unchecked` with its age. Without an earlier report everything begins with
 * this one, and the report says so. The result is the next one's earlier report.
 */
export function carryOver(survey: DriftReport, { earlier: last, ignores, now, desired = [] }: CarryOver): DriftReport {
  const earlier = last === 'unreadable' || last?.lane !== survey.lane ? undefined : last;
  const known = [...(earlier?.findings ?? []), ...(earlier?.unchecked ?? [])];
  const knownById = new Map(known.map((finding) => [finding.id, finding]));
  const findings = survey.findings
    .map((finding) => aged(finding, knownById.get(finding.id), earlier))
    .map((finding) => withIgnore(finding, ignores, now))
    .toSorted(byHarm);
  const found = new Set(findings.map(({ id }) => id));
  const gone = known.filter(({ id }) => !found.has(id));
  const unchecked = gone.filter(({ group, kind }) => !wasChecked(survey, group, kind));
  const closed = gone
    .filter(({ group, kind }) => wasChecked(survey, group, kind))
    .map((finding) => asClosed(finding, survey, closedBy(finding, desired, lastSeenAt(finding, earlier))));
  const report: DriftReport = {
    ...survey,
    coverage: { ...survey.coverage, drifted: countDrifted(findings) },
    findings,
    notChecked: survey.notChecked.map((unread) => unreadSince(unread, earlier?.notChecked ?? [])),
    closed,
    ...(unchecked.length > 0 && { unchecked }),
    ...(earlier === undefined && {
      startedAfresh: last === undefined ? 'no-earlier-report' : 'earlier-report-unreadable',
    }),
  };
  return { ...report, history: [...(earlier?.history ?? []), entryOf(report)].slice(-MAX_HISTORY) };
}

/**
 * A finding that was muted, by an ignore or by changes at work, is new when it is not any more: nobody was told of it.
 * The opposite difference of the same facet is another event, and so is one that a ticket has ended since. A difference
 * that somebody edited further is as old as it was, and new, because nobody was told of what lives now.
 */
function aged(finding: Finding, before: Finding | undefined, earlier: DriftReport | undefined): Finding {
  const known = before !== undefined && isSameEvent(finding, before) ? before : undefined;
  const after = lastReadOf(finding, earlier);
  const since = known?.since ?? { ...(after !== undefined && { after }), upTo: finding.since.upTo };
  const lastTo = known !== undefined && isUnplaced(finding) ? (known.to ?? known.lastTo) : undefined;
  const seen = known !== undefined && hasValueOf(finding, known) ? known : undefined;
  const wasTold = seen !== undefined && isDrift(seen);
  const state: FindingState = finding.state === 'in-flight' ? 'in-flight' : wasTold ? 'still' : 'new';
  const { writer: _, ...rest } = finding;
  const writer = writerOf(finding, seen);
  const application = namedBy(finding.application, before?.application);
  return {
    ...{ ...rest, state, since },
    ...(application && { application }),
    ...(writer && { writer }),
    ...(lastTo !== undefined && { lastTo }),
  };
}

/** An application segment that is gone from ZPA has its id for a name there, and keeps the name by which an earlier report knew it. */
const namedBy = (application: GroupRef | undefined, known: GroupRef | undefined): GroupRef | undefined =>
  application !== undefined && isNameless(application) ? (known ?? application) : application;

/** A later approval of the facet was carried out, so a difference from it arose after that. */
function isSameEvent(finding: Finding, before: Finding): boolean {
  const [approval, earlier] = [finding.approval, before.approval];
  const isApprovedAnew = approval !== undefined && earlier !== undefined && approval.at > earlier.at;
  return finding.kind === before.kind && !isApprovedAnew;
}

/**
 * Whoever wrote after the value was seen did not make it. Of a value first seen while changes are at work nobody is kept,
 * because the last writer may be one of them. `seen`: the finding of an earlier report with this value.
 */
function writerOf({ writer, state }: Finding, seen: Finding | undefined): Finding['writer'] {
  if (seen?.writer === undefined) return state === 'in-flight' ? undefined : writer;
  const isUnchanged = writer?.id === seen.writer.id && writer.at === seen.writer.at;
  return isUnchanged ? writer : seen.writer;
}

/** When the last report began that read the group of the finding; undefined: none that is remembered. */
function lastReadOf({ group, kind }: Finding, earlier: DriftReport | undefined): string | undefined {
  if (earlier === undefined || !covers(earlier, group)) return undefined;
  const unread = earlier.notChecked.filter((one) => hides(one, group, kind));
  const [since] = unread.map(longest).toSorted();
  return since === undefined ? earlier.startedAt : earlier.history.findLast(({ at }) => at < since)?.at;
}

function withIgnore(finding: Finding, ignores: readonly IgnoreRecord[], now: number): Finding {
  const ignore = finding.state === 'in-flight' ? undefined : ignoreOf(finding, ignores, now);
  if (ignore === undefined) return finding;
  const { reason, by, live, at, until } = ignore;
  return { ...finding, state: 'ignored', ignored: { reason, until: iso(until), by, at: iso(at), live } };
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Dates what cannot be read by what the last report could not read; a part of it may be older. */
function unreadSince(unread: NotChecked, earlier: readonly NotChecked[]): NotChecked {
  const oldest = (of: string[]) => of.toSorted()[0] ?? unread.since;
  const since = oldest([unread.since, ...earlier.filter((one) => continues(one, unread)).map((one) => one.since)]);
  const partSince = oldest([since, ...earlier.filter((one) => overlap(one, unread)).map(longest)]);
  return { ...unread, since, ...(partSince < since && { partSince }) };
}

const longest = ({ since, partSince = since }: NotChecked) => partSince;

/**
 * When a report surely showed the finding: the last one, or the first one with it where it waits unread since, because
 * nobody kept which was the last that read its group.
 */
function lastSeenAt({ id, since }: Finding, earlier: DriftReport | undefined): string {
  return earlier?.findings.some((one) => one.id === id) ? earlier.startedAt : since.upTo;
}

function asClosed(finding: Finding, { startedAt }: DriftReport, by: Approval | undefined): ClosedFinding {
  const { id, kind, facet, group } = finding;
  const { tenant, name } = group;
  return { id, kind, facet, group: { id: group.id, name }, tenant, at: startedAt, ...(by !== undefined && { by }) };
}

function entryOf({ startedAt, complete, findings, closed, coverage }: DriftReport): HistoryEntry {
  const { 'in-flight': _, ...counts } = countStates(findings);
  return {
    at: startedAt,
    complete,
    ...counts,
    closed: closed.length,
    notChecked: coverage.notChecked,
    managed: coverage.managed,
  };
}
