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

/** What becomes of the messages: `pauseOf` a change in ms, undefined: its message is done. */
export type AnswerResult = { pauseOf: (record: SettledRecord) => number | undefined };

const DONE: AnswerResult = { pauseOf: () => undefined };

/**
 * Notes the outcomes of one set, and speaks if that is now to be done. Rejects if ledger or ticket system do; then the
 * messages have to come again, and what was noted or said is not noted or said twice.
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

/** One message waits; the others are noted, and that is all they are for. */
function waitFor(note: SetNote, until: number | undefined, now: number): AnswerResult {
  return {
    pauseOf: (record) => (until !== undefined && isTimer(note, record) ? Math.max(1, until - now) : undefined),
  };
}

/** Two speakers at the same moment would both find nothing said: one claims the note first, the other looks again. */
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

/** What could not be done for good is alarmed; whoever looks finds why in the log. */
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

/** Outcomes by the set they belong to; a change that was re-opened since is told when it has ended again. */
export function bySet(records: readonly ChangeRecord[]): SettledRecord[][] {
  const settled = records.filter(isSettled);
  const once = [...new Map(settled.map((one) => [`${one.ref.lane} ${refKey(one.ref)}`, one])).values()];
  return [...Map.groupBy(once, noteId).values()];
}
