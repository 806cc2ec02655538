import { refKey } from '../../shared/domain/lane/change-ref.ts';
import {
  claimNote,
  isSettled,
  isTimer,
  markAnswered,
  markCommented,
  type NextStep,
  nextStep,
  noteId,
  recordOutcome,
  releaseNote,
  type SetNote,
} from '../../shared/domain/notice/set-note.ts';
import type { ChangeRecord } from '../../shared/domain/records/change-record.ts';
import type { TicketWriter } from '../../shared/ports/ticket-system.ts';
import { commentOnSet, type Shortcoming } from './comment-on-set.ts';
import type { NotifyPorts } from './ports.ts';
import { updateNote } from './update-note.ts';

type Settled = Parameters<typeof recordOutcome>[1];

/** Outcomes of one set, as they came by. */
export type SettledSet = { id: string; source: string; records: readonly Settled[] };

/** What becomes of the messages: `pauseOf` a change in ms, undefined: its message is done. */
export type AnswerResult = { pauseOf: (record: Settled) => number | undefined };

const DONE: AnswerResult = { pauseOf: () => undefined };

/**
 * Notes the outcomes of one set, and speaks if that is now to be done. Rejects if ledger or ticket system do; then the
 * messages have to come again, and what was noted or said is not noted or said twice.
 */
export async function answerSet(notify: NotifyPorts, heard: SettledSet, writer: TicketWriter): Promise<AnswerResult> {
  const now = notify.clock.now();
  const note = await updateNote(notify.notes, heard.id, (known) => noteAll(known, heard.records, now));
  if (note === undefined) return DONE;
  const records = await readMembers(notify, note);
  const step = nextStep(note, records, now, notify.timing.patienceMs);
  if (step.kind === 'nothing') return DONE;
  if (step.kind === 'wait') return waitFor(note, step.until, now);
  return speakOnce(notify, { note, records, step, writer });
}

function noteAll(known: SetNote | undefined, records: readonly Settled[], now: number): SetNote | undefined {
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

type Turn = {
  note: SetNote;
  records: readonly (ChangeRecord | undefined)[];
  step: Extract<NextStep, { kind: 'speak' }>;
  writer: TicketWriter;
};

/** Two speakers at the same moment would both find nothing said: one claims the note first, the other looks again. */
async function speakOnce(notify: NotifyPorts, { note, records, step, writer }: Turn): Promise<AnswerResult> {
  const { notes, clock, timing, chance } = notify;
  const by = chance.id();
  const claiming = claimNote(note, by, clock.now(), clock.now() + timing.claimMs);
  const claim = claiming === undefined ? undefined : await notes.write(claiming, note.version);
  if (claim?.written !== true) return { pauseOf: () => timing.claimedRetryMs };
  try {
    const speech = { note, records, round: step.round, whole: step.whole, writer };
    const onCommented = async () => {
      await updateNote(notes, note.id, (known) => known && markCommented(known, step.round));
    };
    const shortcoming = await commentOnSet(notify, speech, onCommented);
    report(notify, note, shortcoming);
  } catch (error) {
    await updateNote(notes, note.id, (known) => known && releaseNote(known, by));
    throw error;
  }
  await updateNote(notes, note.id, (known) => known && releaseNote(markAnswered(known, note.members, step.whole), by));
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
export function bySet(records: readonly ChangeRecord[]): SettledSet[] {
  const settled = records.filter(isSettled);
  const once = [...new Map(settled.map((one) => [`${one.ref.lane} ${refKey(one.ref)}`, one])).values()];
  return [...Map.groupBy(once, noteId)].map(([id, members]) => ({
    id,
    source: members[0]?.ref.source ?? '',
    records: members,
  }));
}
