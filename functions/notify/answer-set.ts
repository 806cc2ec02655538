import { refKey } from '../../shared/domain/lane/change-ref.ts';
import type { ChangeRecord } from '../../shared/domain/ledger/records.ts';
import {
  claimed,
  commented,
  isSettled,
  isTimer,
  type NextStep,
  nextStep,
  noted,
  noteId,
  released,
  type SetNote,
  told,
} from '../../shared/domain/notice/set-note.ts';
import type { TicketWriter } from '../../shared/ports/ticket-system.ts';
import { type Shortcoming, speak } from './comment-on-set.ts';
import type { Notify } from './ports.ts';
import { updateNote } from './update-note.ts';

type Settled = Parameters<typeof noted>[1];

/** Outcomes of one set, as they came by. */
export type HeardSet = { id: string; source: string; records: readonly Settled[] };

/** What becomes of the messages: `pauseOf` a change in ms, undefined: its message is done. */
export type Told = { pauseOf: (record: Settled) => number | undefined };

const DONE: Told = { pauseOf: () => undefined };

/**
 * Notes the outcomes of one set, and speaks if that is now to be done. Rejects if ledger or ticket system do; then the
 * messages have to come again, and what was noted or said is not noted or said twice.
 */
export async function tellSet(notify: Notify, heard: HeardSet, writer: TicketWriter): Promise<Told> {
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
  return records.reduce<SetNote | undefined>((note, record) => noted(note, record, now), known);
}

async function readMembers(notify: Notify, note: SetNote): Promise<(ChangeRecord | undefined)[]> {
  return Promise.all(
    note.members.map(({ lane, tenant, idempotencyKey }) =>
      notify.ledger.readChange({ lane, source: note.source, tenant, idempotencyKey }),
    ),
  );
}

/** One message waits; the others are noted, and that is all they are for. */
function waitFor(note: SetNote, until: number | undefined, now: number): Told {
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
async function speakOnce(notify: Notify, { note, records, step, writer }: Turn): Promise<Told> {
  const { notes, clock, timing, chance } = notify;
  const by = chance.id();
  const claiming = claimed(note, by, clock.now(), clock.now() + timing.claimMs);
  const claim = claiming === undefined ? undefined : await notes.write(claiming, note.version);
  if (claim?.written !== true) return { pauseOf: () => timing.claimedRetryMs };
  try {
    const speech = { note, records, round: step.round, whole: step.whole, writer };
    const onCommented = async () => {
      await updateNote(notes, note.id, (known) => known && commented(known, step.round));
    };
    const shortcoming = await speak(notify, speech, onCommented);
    report(notify, note, shortcoming);
  } catch (error) {
    await updateNote(notes, note.id, (known) => known && released(known, by));
    throw error;
  }
  await updateNote(notes, note.id, (known) => known && released(told(known, note.members, step.whole), by));
  return DONE;
}

/** What could not be done for good is alarmed; whoever looks finds why in the log. */
function report({ meter, log }: Notify, note: SetNote, shortcoming: Shortcoming): void {
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
export function bySet(records: readonly ChangeRecord[]): HeardSet[] {
  const settled = records.filter(isSettled);
  const once = [...new Map(settled.map((one) => [`${one.ref.lane} ${refKey(one.ref)}`, one])).values()];
  return [...Map.groupBy(once, noteId)].map(([id, members]) => ({
    id,
    source: members[0]?.ref.source ?? '',
    records: members,
  }));
}
