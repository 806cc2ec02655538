import { lookup } from '../../shared/domain/configuration/lookup.ts';
import { refKey } from '../../shared/domain/lane/change-ref.ts';
import { retryPause } from '../../shared/domain/notice/retry-schedule.ts';
import type { SettledRecord } from '../../shared/domain/notice/set-note.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import { errorCode } from '../../shared/ports/error-code.ts';
import type { QueueRecord } from '../../shared/ports/ports.ts';
import type { TicketWriter } from '../../shared/ports/ticket-system.ts';
import type { Deadline } from '../../shared/runtime/deadline.ts';
import { TicketError } from '../../shared/tickets/http/ticket-error.ts';
import { answerSet, bySet } from './answer-set.ts';
import type { NotifyPorts } from './ports.ts';
import { readNotice } from './read-notice.ts';

/** A message with the change it is of, as the ledger has it now. */
type SettledMessage = { message: QueueRecord; record: ChangeRecord };
/** `pauseMs`: undefined: its own visibility timeout. */
type Later = { message: QueueRecord; pauseMs: number | undefined };

/** Not begun with less time left: two calls of a ticket system that does not answer, and what goes with them. */
const LEAST_MS = 40_000;

/**
 * Tells what a batch of outcomes is about; answers the ids of the messages that have to come again, hidden for as long as
 * there is nothing to do about them. Each source is served by itself, set by set, and once its ticket system does not
 * answer the rest of it waits: a slow one holds up nobody else.
 */
export async function notifyBatch(
  notify: NotifyPorts,
  messages: readonly QueueRecord[],
  deadline: Deadline,
): Promise<string[]> {
  const heard: SettledMessage[] = [];
  const later: Later[] = [];
  for (const message of messages) {
    const record = await hear(notify, message);
    if (record === 'malformed') later.push({ message, pauseMs: undefined });
    else if (record !== undefined) heard.push({ message, record });
  }
  const bySource = Map.groupBy(heard, ({ record }) => record.ref.source);
  const told = await Promise.all([...bySource].map(([source, all]) => tellSource(notify, source, all, deadline)));
  later.push(...told.flat());
  await hide(notify, later);
  return later.map(({ message }) => message.messageId);
}

/** undefined: there is nothing to tell. */
async function hear(notify: NotifyPorts, message: QueueRecord): Promise<ChangeRecord | 'malformed' | undefined> {
  const notice = readNotice(message.body);
  if (notice.kind === 'other') return undefined;
  if (notice.kind === 'malformed') {
    notify.log.error('a notice cannot be read', { code: 'notice-malformed', messageId: message.messageId });
    return 'malformed';
  }
  const { ref } = notice;
  if (lookup(notify.configuration.sources, ref.source)?.tickets === undefined) return undefined;
  const record = await notify.ledger.readChange(ref);
  // Re-opened since: what it comes to then is told.
  return record === undefined || record.generation !== notice.generation ? undefined : record;
}

async function tellSource(
  notify: NotifyPorts,
  source: string,
  heard: SettledMessage[],
  deadline: Deadline,
): Promise<Later[]> {
  const writer = notify.writerOf(source, deadline.signal);
  if (writer === undefined) return [];
  const later: Later[] = [];
  let trouble: TicketError | undefined;
  for (const set of bySet(heard.map(({ record }) => record))) {
    const messages = heard.filter(({ record }) => set.some((one) => isSame(one, record)));
    if (trouble !== undefined || deadline.remainingMs() < LEAST_MS) {
      later.push(...messages.map(({ message }) => ({ message, pauseMs: pauseOf(notify, message, trouble) })));
      continue;
    }
    const told = await tellOne(notify, source, set, writer);
    if ('trouble' in told) {
      const { trouble: met } = told;
      trouble = met;
      later.push(...messages.map(({ message }) => ({ message, pauseMs: met && pauseOf(notify, message, met) })));
      continue;
    }
    for (const { message, record } of messages) {
      const same = set.find((one) => isSame(one, record));
      const pauseMs = same === undefined ? undefined : told.pauseOf(same);
      if (pauseMs !== undefined) later.push({ message, pauseMs });
    }
  }
  return later;
}

const isSame = (a: ChangeRecord, b: ChangeRecord) => a.ref.lane === b.ref.lane && refKey(a.ref) === refKey(b.ref);

function pauseOf({ timing, chance }: NotifyPorts, message: QueueRecord, trouble: TicketError | undefined): number {
  return retryPause(timing, message.receiveCount, chance.random(), trouble?.retryAfterMs);
}

/** What keeps the ticket system from hearing us, or (undefined) what is our own trouble. */
type Untold = { trouble: TicketError | undefined };

async function tellOne(
  notify: NotifyPorts,
  source: string,
  set: readonly SettledRecord[],
  writer: TicketWriter,
): Promise<Awaited<ReturnType<typeof answerSet>> | Untold> {
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

/** What could not be hidden comes again after the queue's own visibility timeout, which harms nothing. */
async function hide({ deferral, log }: NotifyPorts, later: readonly Later[]): Promise<void> {
  const byPause = Map.groupBy(later, ({ pauseMs }) => pauseMs);
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
