import type { Ticket } from '../change/change.ts';
import type { ZpaFault } from '../group/group.ts';
import type {
  Effect,
  FieldDifference,
  GroupSummary,
  Outcome,
  Reach,
  ReachedApplications,
  Rejection,
  RuleReach,
} from '../outcome/outcome.ts';
import type { Ending } from '../records/intent.ts';
import { jsonBytes, oneLine, truncateText } from '../text/truncate-text.ts';

/** The single cuts that `size-limits.ts` applies in turn. A cut leaves a note in place of the omitted values. */

const TEXT_BYTES = 4 * 1024;
const DETAILS_BYTES = 16 * 1024;
/** The contract's 4,000 characters, each of up to three bytes. */
const DESCRIPTION_BYTES = 12 * 1024;

/** An outcome whose foreign texts are bounded: about 50 KiB without its lists of ids. */
export function truncateOutcome<T extends Outcome | Rejection>(outcome: T): T {
  if (outcome.kind === 'applied') {
    const overtaken = cutDifferences(outcome.overtaken);
    return { ...outcome, effect: cutEffect(outcome.effect), reach: cutReach(outcome.reach), overtaken };
  }
  if (outcome.kind === 'unchanged') {
    return { ...outcome, effect: cutEffect(outcome.effect), reach: cutReach(outcome.reach) };
  }
  if (outcome.kind === 'rejected') return { ...outcome, ...cutRejection(outcome) };
  return { ...outcome, by: truncateText(outcome.by, 1024), reason: truncateText(outcome.reason, TEXT_BYTES) };
}

/**
 * An ending as an intent stores it: lists of at most `most` entries (rules: fewer), descriptions of at most `bytes`.
 */
export function truncateEnding(ending: Ending, most: number, bytes = DESCRIPTION_BYTES): Ending {
  if (ending.kind === 'rejected') return truncateOutcome(ending);
  const reach = cutReach(ending.reach, Math.min(20, Math.floor(most / 100)));
  return { ...ending, effect: cutIds(cutEffect(ending.effect, bytes), most), reach };
}

function cutRejection(rejection: Rejection): Partial<Rejection> {
  const { path, zpaError, details } = rejection;
  return {
    sentence: truncateText(rejection.sentence, TEXT_BYTES),
    remedy: truncateText(rejection.remedy, TEXT_BYTES),
    ...(path === undefined ? {} : { path: truncateText(path, 1024) }),
    ...(zpaError === undefined ? {} : { zpaError: cutFault(zpaError) }),
    ...(details === undefined ? {} : { details: truncateDetails(details, DETAILS_BYTES) }),
  };
}

function cutFault(fault: ZpaFault): ZpaFault {
  const { zpaId, reason, params, call } = fault;
  return {
    ...fault,
    ...(zpaId === undefined ? {} : { zpaId: truncateText(zpaId, 256) }),
    ...(reason === undefined ? {} : { reason: truncateText(reason, TEXT_BYTES) }),
    ...(params === undefined ? {} : { params: cutList(params, 20).map((param) => truncateText(param, 256)) }),
    ...(call === undefined ? {} : { call: truncateText(call, 256) }),
  };
}

function cutEffect(effect: Effect, bytes = DESCRIPTION_BYTES): Effect {
  const names = Object.entries(effect.names ?? {}).map(([id, name]) => [id, truncateText(name, 256)] as const);
  return {
    ...effect,
    before: cutSummary(effect.before, bytes),
    after: cutSummary(effect.after, bytes),
    ...(names.length > 0 && { names: Object.fromEntries(names) }),
  };
}

/** At most `mostRules` rules, each with a few applications and short names: about 30 KiB; counts and sentence stay. */
function cutReach(reach: Reach, mostRules = 20): Reach {
  if (reach.status === 'not-checked') return { ...reach, reason: truncateText(reach.reason, 1024) };
  const summary = truncateText(reach.summary, mostRules === 0 ? 256 : 1024);
  const rules = reach.rules?.slice(0, mostRules).map(cutRule);
  return rules === undefined ? { ...reach, summary } : { ...reach, summary, rules };
}

function cutRule(rule: RuleReach): RuleReach {
  const cutNames = (list: ReachedApplications): ReachedApplications => ({
    ...list,
    applications: list.applications
      .slice(0, 5)
      .map((one) => (one.name === undefined ? one : { ...one, name: truncateText(one.name, 64) })),
  });
  return {
    ...rule,
    ruleName: truncateText(rule.ruleName, 256),
    ...(rule.action === undefined ? {} : { action: truncateText(rule.action, 64) }),
    gains: cutNames(rule.gains),
    loses: cutNames(rule.loses),
  };
}

function cutSummary(summary: GroupSummary | null, bytes: number): GroupSummary | null {
  if (summary === null) return null;
  return {
    ...summary,
    name: truncateText(summary.name, 1024),
    description: truncateText(summary.description, bytes),
  };
}

function cutDifferences(differences: readonly FieldDifference[]): FieldDifference[] {
  return differences.slice(0, 50).map(({ field, expected, found }) => ({
    field: truncateText(field, 256),
    expected: truncateText(expected, 512),
    found: truncateText(found, 512),
  }));
}

/** Replaces the ids of an effect beyond `most` by their number; the approved state stays complete. */
export function truncateLists(outcome: Outcome, most: number): Outcome {
  if (outcome.kind !== 'applied' && outcome.kind !== 'unchanged') return outcome;
  return { ...outcome, effect: cutIds(outcome.effect, most), reach: cutReach(outcome.reach, Math.floor(most / 25)) };
}

function cutIds(effect: Effect, most: number): Effect {
  const { names, ...rest } = effect;
  const isComplete = names === undefined || !Number.isFinite(most);
  const { added, removed } = effect;
  return { ...(isComplete ? effect : rest), added: cutList(added, most), removed: cutList(removed, most) };
}

/** The first entries of a list, and the number of omitted ones. */
function cutList(list: readonly string[], most: number): string[] {
  return list.length <= most ? [...list] : [...list.slice(0, most), `(${list.length - most} more)`];
}

/** An outcome of an earlier generation, without its details. */
export function truncateHistory(outcome: Outcome): Outcome {
  const bare = dropDetails(outcome);
  if (bare.kind !== 'rejected') return truncateLists(bare, 20);
  const { zpaError, ...rest } = bare;
  return { ...rest, sentence: truncateText(rest.sentence, 512), remedy: truncateText(rest.remedy, 512) };
}

/** Replaces the details of a rejection by a note. */
export function dropDetails<T extends Outcome | Ending>(outcome: T): T {
  if (outcome.kind !== 'rejected' || outcome.details === undefined) return outcome;
  return { ...outcome, details: { cut: 'The details did not fit.' } };
}

/** A ticket with fewer approvals and shorter texts; id and system stay. */
export function truncateTicket(ticket: Ticket, approvals: number, bytes: number): Ticket {
  const { requestedBy, requestedWith, url, ...rest } = ticket;
  const shorter = (name: string) => truncateText(oneLine(name), bytes);
  return {
    ...rest,
    ...(url === undefined || url.length > 2000 ? {} : { url }),
    ...(requestedBy === undefined ? {} : { requestedBy: shorter(requestedBy) }),
    ...(requestedWith === undefined ? {} : { requestedWith: requestedWith.map(shorter) }),
    approvals: ticket.approvals.slice(0, approvals).map(({ by, at, ref }) => ({
      by: shorter(by),
      at,
      ref: shorter(ref),
    })),
  };
}

/** Named values as plain JSON of at most `maxBytes`; texts and lists are shortened until it fits. */
export function truncateDetails(details: Record<string, unknown>, maxBytes: number): Record<string, unknown> {
  for (const most of [500, 100, 25, 5]) {
    const shorter = Object.fromEntries(
      valuesOf(details)
        .slice(0, most)
        .map(([name, value]) => [truncateText(name, 128), shorten(value, most, 5)]),
    );
    if (jsonBytes(shorter) <= maxBytes) return shorter;
  }
  return { cut: 'The details did not fit.' };
}

function shorten(value: unknown, most: number, depth: number): unknown {
  if (typeof value === 'string') return truncateText(value, Math.max(64, most * 8));
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') return null;
  if (depth === 0) return '(deeper)';
  if (Array.isArray(value)) {
    const entries = value.slice(0, most).map((one) => shorten(one, most, depth - 1));
    return value.length > most ? [...entries, `(${value.length - most} more)`] : entries;
  }
  return Object.fromEntries(
    valuesOf(value)
      .slice(0, most)
      .map(([name, one]) => [truncateText(name, 128), shorten(one, most, depth - 1)]),
  );
}

/** The properties that JSON would contain: those that are not undefined. */
const valuesOf = (value: object) => Object.entries(value).filter(([, one]) => one !== undefined);
