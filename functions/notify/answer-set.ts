import { refKey } from '../../shared/domain/lane/change-ref.ts';
import {
  claimNote,
  isSettled,
  isTimer,
  markAnswered,
  markCommented,
  nextStep,
  noteId,
  recordOutcome,
  releaseNote,
  type SetNote,
  type SettledRecord,
} from '../../shared/domain/notice/set-note.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { TicketWriter } from '../../shared/ports/ticket-system.ts';
import { commentOnSet, type DueSet, type Shortcoming } from './comment-on-set.ts';
import type { NotifyPorts } from './ports.ts';
import { updateNote } from './update-note.ts';

/** `pauseOf`: how long the message of a change is hidden, in ms; undefined: the message is done. */
export type AnswerResult = { pauseOf: (record: SettledRecord) => number | undefined };

const DONE: AnswerResult = { pauseOf: () => undefined };

/**
 * Records the outcomes of one set in its note, and comments on the ticket once the set is due. Rejects if the ledger or
 * the ticket system does; the messages must come again then, and nothing is recorded or said twice.
 */
export async function answerSet(
  notify: NotifyPorts,
  settled: readonly SettledRecord[],
  writer: TicketWriter,
): Promise<AnswerResult> {
  const [first] = settled;
  if (first === undefined) return DONE;
  const now = notify.clock.now();
  const note = await updateNote(notify.notes, noteId(first), (known) => noteAll(known, settled, now));
  if (note === undefined) return DONE;
  const records = await readMembers(notify, note);
  const step = nextStep(note, records, now, notify.timing.patienceMs);
  if (step.kind === 'nothing') return DONE;
  if (step.kind === 'wait') return waitFor(note, step.until, now);
  return commentOnce(notify, { note, records, step }, writer);
}

function noteAll(known: SetNote | undefined, records: readonly SettledRecord[], now: number): SetNote | undefined {
  return records.reduce<SetNote | undefined>((note, record) => recordOutcome(note, record, now), known);
}

async function readMembers(notify: NotifyPorts, note: SetNote): Promise<(ChangeRecord | undefined)[]> {
  return Promise.all(
    note.members.map(({ lane, tenant, idempotencyKey }) =>
      notify.ledger.readChange({ lane, source: note.source, tenant, idempotencyKey }),
    ),
  );
}

/** Keeps one message as the timer of the set; the others are done once their outcomes are recorded. */
function waitFor(note: SetNote, until: number | undefined, now: number): AnswerResult {
  return {
    pauseOf: (record) => (until !== undefined && isTimer(note, record) ? Math.max(1, until - now) : undefined),
  };
}

/** Comments under a claim on the note, because two invocations at the same moment would both find no comment yet. */
async function commentOnce(notify: NotifyPorts, due: DueSet, writer: TicketWriter): Promise<AnswerResult> {
  const { note, step } = due;
  const { notes, clock, timing, chance } = notify;
  const by = chance.id();
  const claiming = claimNote(note, by, clock.now(), clock.now() + timing.claimMs);
  const claim = claiming === undefined ? undefined : await notes.write(claiming, note.version);
  if (claim?.written !== true) return { pauseOf: () => timing.claimedRetryMs };
  try {
    const onCommented = async () => {
      await updateNote(notes, note.id, (known) => known && markCommented(known, step.round));
    };
    const shortcoming = await commentOnSet(notify, due, writer, onCommented);
    report(notify, note, shortcoming);
  } catch (error) {
    await updateNote(notes, note.id, (known) => known && releaseNote(known, by));
    throw error;
  }
  await updateNote(
    notes,
    note.id,
    (known) => known && releaseNote(markAnswered(known, note.members, step.complete), by),
  );
  return DONE;
}

/** Counts the answer. An answer that stays incomplete has a metric of its own, which is alarmed, and its reason in the log. */
function report({ meter, log }: NotifyPorts, note: SetNote, shortcoming: Shortcoming): void {
  const { source, ticket, size } = note;
  meter.count('TicketsTold', 1, { source });
  if (shortcoming === undefined) {
    log.info('ticket told', { source, ticket, changes: size });
    return;
  }
  meter.count('NotifyPartial', 1, { source });
  log.warn('ticket told in part', { source, ticket, changes: size, ...shortcoming });
}

/** Groups the settled changes by their set, each change once. A re-opened change is answered when it settles again. */
export function bySet(records: readonly ChangeRecord[]): SettledRecord[][] {
  const settled = records.filter(isSettled);
  const once = [...new Map(settled.map((one) => [`${one.ref.lane} ${refKey(one.ref)}`, one])).values()];
  return [...Map.groupBy(once, noteId).values()];
}
