import { refKey } from '../../../../shared/domain/lane/change-ref.ts';
import { dismissedBy, type RedriveDecision } from '../../../../shared/domain/ledger/redrive-decision.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import { asSentence } from '../../../../shared/domain/text/sentence.ts';
import { findDependents } from '../../../../shared/ledger/redrive-change.ts';
import type { UnreadableRecord } from '../../../../shared/ports/ports.ts';
import type { PlannedForSource } from '../../../../shared/reading/plan-for-source.ts';
import { previewRetry, type RetryOptions, type RetryRow } from '../../commands/failures/act-on-failures.ts';
import { planOne } from '../../commands/plan.ts';
import { EXIT, OpsError, toOpsError } from '../../output/exit-codes.ts';
import { warnUnreadable } from '../../output/unreadable.ts';
import type { CommandContext } from '../../session/command.ts';
import type { OpsSession } from '../../session/compose.ts';
import { findChange } from '../../session/find-change.ts';
import { requiredCount, requiredField, shownMark } from '../view/form-fields.ts';

/** The effect that a retry would have in one of its ways, and the mark by which the button says what was shown. */
export type RetryChoice = RetryOptions & { rows: RetryRow[]; mark: string };

/** `plan`: what the change would do now, as far as it was asked for and could be read. */
export type FailurePreview = {
  record: ChangeRecord;
  decision: RedriveDecision;
  /** Ways to retry it that do something. */
  choices: RetryChoice[];
  /** Changes that were not attempted because of it, with what a retry together with it would do. */
  dependents: RetryRow[];
  plan?: PlannedForSource | { unread: OpsError } | undefined;
};

/** The change that an address or form names exactly, as it is now, and the generation that it was shown at. */
export async function findShown(session: OpsSession, from: URLSearchParams) {
  const key = requiredField(from, 'key');
  const record = await findChange(session, key, {
    source: requiredField(from, 'source'),
    tenant: requiredField(from, 'tenant'),
  });
  const generation = requiredCount(from, 'generation');
  if (record.ref.idempotencyKey === key) return { record, generation };
  const sentence = `There is no change "${key}" in the ledger.`;
  throw new OpsError(EXIT.notFound, 'change-not-found', sentence, 'Open it from the list of failures.');
}

/** The reason why a change is not the failure that was shown; undefined: it is. */
export function handledBy(record: ChangeRecord, generation: number): string | undefined {
  const { discarded, state, outcome } = record;
  if (record.generation > generation) {
    return `This failure was retried already: the change is at retry ${record.generation - 1}, ${state === 'settled' ? (outcome?.kind ?? state) : state}.`;
  }
  if (discarded !== undefined) return asSentence(`This failure was dismissed already, by ${dismissedBy(discarded)}`);
  if (record.failed && record.generation === generation) return undefined;
  return `This change is no failure: ${outcome?.kind ?? state}.`;
}

/**
 * Reads what a retry would do, as `failures redrive --dry-run` decides it, in the ways that differ: each reads all that was
 * approved in the lane. A failure of the lane that cannot be read does not hide this one: the person is warned.
 */
export async function readPreview(context: CommandContext, record: ChangeRecord): Promise<FailurePreview> {
  const { session } = context;
  const unread = new Map<string, UnreadableRecord>();
  const take = (one: UnreadableRecord) => void unread.set(one.key, one);
  const alone = await readChoice(session, record, { acceptStale: false, withDependents: false }, take);
  const decision = decisionOf(alone, record);
  const acceptStale = mayBeStale(decision);
  const wanted = acceptStale
    ? [alone, await readChoice(session, record, { acceptStale, withDependents: false }, take)]
    : [alone];
  const hasDependents = (await findDependents(session.ledger, [record], take)).length > 1;
  if (hasDependents) wanted.push(await readChoice(session, record, { acceptStale, withDependents: true }, take));
  warnUnreadable(context.terminal, [...unread.values()]);
  const dependents = hasDependents ? (wanted.at(-1)?.rows ?? []).filter((one) => !isSame(one.record, record)) : [];
  const choices = wanted.filter((choice) => ['reopen', 'supersede'].includes(decisionOf(choice, record).kind));
  return { record, decision, choices, dependents };
}

/** True if the decision is another one where stale changes are accepted. */
const mayBeStale = (decision: RedriveDecision) =>
  decision.kind === 'supersede' || (decision.kind === 'refused' && decision.refusal.code === 'record-unreadable');

/** Reads what a retry in this way would do now. `onUnreadable` hears of other failures of the lane that cannot be read. */
export async function readChoice(
  session: OpsSession,
  record: ChangeRecord,
  way: RetryOptions,
  onUnreadable: (one: UnreadableRecord) => void,
): Promise<RetryChoice> {
  const rows = await previewRetry(session, [record], way, onUnreadable);
  const shown = rows.map(({ record: { ref, generation }, decision }) => ({
    ...{ ref, generation, kind: decision.kind },
    by: decision.kind === 'supersede' ? decision.staleness.by : undefined,
  }));
  return { ...way, rows, mark: shownMark([way, shown]) };
}

const isSame = (one: ChangeRecord, other: ChangeRecord) => refKey(one.ref) === refKey(other.ref);

/** Finds the decision that this way of a retry would take on the failure itself. */
export function decisionOf({ rows }: Pick<RetryChoice, 'rows'>, record: ChangeRecord): RedriveDecision {
  const row = rows.find((one) => isSame(one.record, record));
  if (row === undefined) throw new Error('a preview has what it is of');
  return row.decision;
}

/** Plans the change as the change of its source, against the tenant as it is now. Says why if that cannot be read. */
export async function readPlan(context: CommandContext, { ref, change, ticket }: ChangeRecord) {
  context.terminal.progress(`reading ZPA for ${ref.idempotencyKey} …`);
  try {
    return await planOne(context, ref.source, { ...change, ticket }, undefined);
  } catch (error) {
    context.signal.throwIfAborted();
    return { unread: toOpsError(error) };
  }
}
