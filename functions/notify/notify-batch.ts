import type { SourceConfiguration } from '../../shared/domain/configuration/configuration.ts';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import { isSameSystem } from '../../shared/domain/configuration/shared-ticket-systems.ts';
import { refKey } from '../../shared/domain/lane/change-ref.ts';
import { type ReadNotice, readNotice } from '../../shared/domain/notice/read-notice.ts';
import type { SettledRecord } from '../../shared/domain/notice/set-note.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { errorCode } from '../../shared/ports/error-code.ts';
import type { QueueRecord } from '../../shared/ports/ports.ts';
import type { TicketWriter } from '../../shared/ports/ticket-system.ts';
import type { Deadline } from '../../shared/runtime/deadline.ts';
import { TicketError } from '../../shared/tickets/http/ticket-error.ts';
import { answerSet, bySet } from './answer-set.ts';
import { type DeferredMessage, MIN_REMAINING_MS, pauseOf } from './deferred-message.ts';
import type { NotifyPorts } from './ports.ts';
import { tellDrift } from './tell-drift.ts';

/** A message and its change, as the ledger holds it now. */
type SettledMessage = { message: QueueRecord; record: ChangeRecord };
type DriftMessage = Parameters<typeof tellDrift>[1];

/**
 * Answers the tickets of a batch of outcomes and drift reports. Returns the ids of the messages that must come again; they
 * are hidden until there is something to do about them. The sources, and the reports, are served side by side, each source
 * set by set. Once a ticket system does not answer, the rest of its source waits, so that a slow system delays no other
 * source.
 */
export async function notifyBatch(
  notify: NotifyPorts,
  messages: readonly QueueRecord[],
  deadline: Deadline,
): Promise<string[]> {
  const settled: SettledMessage[] = [];
  const deferred: DeferredMessage[] = [];
  const reports: DriftMessage[] = [];
  for (const message of messages) {
    const notice = readNotice(message.body);
    if (notice.kind === 'drift') {
      reports.push({ ...notice, message });
      continue;
    }
    const record = await readSettled(notify, notice, message);
    if (record === 'unread') deferred.push({ message, pauseMs: undefined });
    else if (record === 'nowhere') deferred.push({ message, pauseMs: pauseOf(notify, message, undefined) });
    else if (record !== undefined) settled.push({ message, record });
  }
  const bySource = Map.groupBy(settled, ({ record }) => record.ref.source);
  const answered = await Promise.all([
    tellReports(notify, reports, deadline),
    ...[...bySource].map(([source, all]) => answerSource(notify, source, all, deadline)),
  ]);
  deferred.push(...answered.flat());
  await hideMessages(notify, deferred);
  return deferred.map(({ message }) => message.messageId);
}

/** One after the other, because reports of one lane build on each other. */
async function tellReports(
  notify: NotifyPorts,
  reports: readonly DriftMessage[],
  deadline: Deadline,
): Promise<DeferredMessage[]> {
  const deferred: DeferredMessage[] = [];
  for (const report of reports) deferred.push(...(await tellDrift(notify, report, deadline)));
  return deferred;
}

/**
 * Reads the change of a message. undefined: the message needs no answer on a ticket; `unread`: the message or its change
 * cannot be read, and the message waits by itself; `nowhere`: the configuration does not lead to its ticket (any more).
 */
async function readSettled(
  notify: NotifyPorts,
  notice: Exclude<ReadNotice, { kind: 'drift' }>,
  message: QueueRecord,
): Promise<ChangeRecord | 'unread' | 'nowhere' | undefined> {
  if (notice.kind === 'other') return undefined;
  if (notice.kind === 'malformed') {
    notify.log.error('a notice cannot be read', { code: 'notice-malformed', messageId: message.messageId });
    return 'unread';
  }
  const { ref } = notice;
  const source = lookup(notify.configuration.sources, ref.source);
  if (source !== undefined && source.tickets === undefined) return undefined;
  try {
    const record = await notify.ledger.readChange(ref);
    // A change that was re-opened since is answered when its new generation settles.
    if (record === undefined || record.generation !== notice.generation) return undefined;
    const why = noWayToTicket(source, record);
    if (why === undefined) return record;
    notify.log.warn('a ticket could not be told', { source: ref.source, code: why, ticket: record.ticket.id });
    notify.meter.count('NotifyFailed', 1, { source: ref.source });
    return 'nowhere';
  } catch (error) {
    const { messageId } = message;
    const code = errorCode(error) ?? 'unknown';
    notify.log.error('the change of a notice cannot be read', { code, source: ref.source, messageId, error });
    notify.meter.count('NotifyFailed', 1, { source: ref.source });
    return 'unread';
  }
}

/**
 * The source may be removed, or not known to this process yet. A source with another system by now may hold another ticket
 * of the same number.
 */
function noWayToTicket(source: SourceConfiguration | undefined, { ticket }: ChangeRecord): string | undefined {
  if (source === undefined) return 'source-not-configured';
  return isSameSystem(source.system, ticket.system) ? undefined : 'other-ticket-system';
}

async function answerSource(
  notify: NotifyPorts,
  source: string,
  settled: SettledMessage[],
  deadline: Deadline,
): Promise<DeferredMessage[]> {
  const writer = notify.writerOf(source, deadline.signal);
  if (writer === undefined) return [];
  const deferred: DeferredMessage[] = [];
  let trouble: TicketError | undefined;
  for (const set of bySet(settled.map(({ record }) => record))) {
    const messages = settled.filter(({ record }) => set.some((one) => isSame(one, record)));
    if (trouble !== undefined || deadline.remainingMs() < MIN_REMAINING_MS) {
      deferred.push(...messages.map(({ message }) => ({ message, pauseMs: pauseOf(notify, message, trouble) })));
      continue;
    }
    const answered = await tryAnswerSet(notify, source, set, writer);
    if ('trouble' in answered) {
      const { trouble: met } = answered;
      trouble = met;
      deferred.push(...messages.map(({ message }) => ({ message, pauseMs: met && pauseOf(notify, message, met) })));
      continue;
    }
    for (const { message, record } of messages) {
      const same = set.find((one) => isSame(one, record));
      const pauseMs = same === undefined ? undefined : answered.pauseOf(same);
      if (pauseMs !== undefined) deferred.push({ message, pauseMs });
    }
  }
  return deferred;
}

const isSame = (a: ChangeRecord, b: ChangeRecord) => a.ref.lane === b.ref.lane && refKey(a.ref) === refKey(b.ref);

/** A set that could not be answered. `trouble`: the ticket system's error; undefined: an error of our own. */
type FailedSet = { trouble: TicketError | undefined };

async function tryAnswerSet(
  notify: NotifyPorts,
  source: string,
  set: readonly SettledRecord[],
  writer: TicketWriter,
): Promise<Awaited<ReturnType<typeof answerSet>> | FailedSet> {
  try {
    return await answerSet(notify, set, writer);
  } catch (error) {
    const trouble = error instanceof TicketError ? error : undefined;
    const code = errorCode(error) ?? 'unknown';
    notify.log.warn('a ticket could not be told', { source, code, error });
    notify.meter.count('NotifyFailed', 1, { source });
    return { trouble };
  }
}

/** Hides the messages. One that cannot be hidden comes again after the queue's own visibility timeout, which is harmless. */
async function hideMessages({ deferral, log }: NotifyPorts, deferred: readonly DeferredMessage[]): Promise<void> {
  const byPause = Map.groupBy(deferred, ({ pauseMs }) => pauseMs);
  for (const [pauseMs, all] of byPause) {
    if (pauseMs === undefined) continue;
    await deferral
      .defer(
        all.map(({ message }) => message),
        pauseMs,
      )
      .catch((error) => log.warn('notices could not be deferred', { code: 'defer-failed', error }));
  }
}
