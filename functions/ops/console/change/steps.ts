import { timeText } from '../../../../shared/domain/html/html.ts';
import { generationKey } from '../../../../shared/domain/lane/change-ref.ts';
import { dismissedBy } from '../../../../shared/domain/ledger/redrive-decision.ts';
import { scheduledAt } from '../../../../shared/domain/ledger/schedule.ts';
import type { LaneStanding } from '../../../../shared/domain/notice/lane-standing.ts';
import type { Outcome, Owed } from '../../../../shared/domain/outcome/outcome.ts';
import type { ChangeRecord } from '../../../../shared/domain/records/change-record.ts';
import type { Intent } from '../../../../shared/domain/records/intent.ts';
import type { LaneRecord } from '../../../../shared/domain/records/lane-record.ts';
import { OUTCOMES } from '../../../../shared/domain/story/state-section.ts';
import { asSentence, formatCount } from '../../../../shared/domain/text/sentence.ts';

/** A step of a change's way. `text` may quote what came from outside. */
export type Step = {
  title: string;
  /** Epoch ms; undefined: it goes on now, or is still to come. */
  at?: number;
  text?: string;
  tone?: 'good' | 'bad' | 'now';
};

/** `told`: its ticket carries the outcome; undefined: no ticket system is written to. */
export type StepFacts = {
  lane: LaneRecord;
  standing: LaneStanding | undefined;
  told: boolean | undefined;
};

/** The way of a change, from its approvals on, in the order of time; then what goes on now or is still to come. */
export function stepsOf(record: ChangeRecord, facts: StepFacts): Step[] {
  const past = [...approvals(record), ...record.history.map(ended), ...events(record), ...dismissed(record)];
  const timed = past.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));
  if (record.state === 'settled') return [...timed, ...answering(record, facts.told)];
  const hand = inHand(record, facts.lane);
  const turn = hand.length > 0 && facts.standing?.state === 'waiting' ? [] : waiting(record, facts);
  return [...timed, ...tries(record, facts), ...hand, ...turn];
}

const approvals = ({ ticket }: ChangeRecord): Step[] =>
  ticket.approvals.map(({ by, at, ref }) => ({ title: 'Approved', at: Date.parse(at), text: `by ${by} (${ref})` }));

const bySettings = (version: number | undefined) => (version === undefined ? [] : [`settings version ${version}`]);

function events(record: ChangeRecord): Step[] {
  const {
    generation,
    acceptedAt,
    releasedAt = 0,
    sentAt,
    settingsVersion,
    ref,
    sequence,
    cancelRequest,
    outcome,
  } = record;
  const accepted = [`from ${ref.source}`, ...bySettings(settingsVersion)].join(', ');
  return [
    { title: generation === 1 ? 'Accepted' : `Retry ${generation - 1} accepted`, at: acceptedAt, text: accepted },
    ...(releasedAt > 0 ? [{ title: 'Released', at: releasedAt, text: 'its time window is open' }] : []),
    ...(sentAt > 0 ? [{ title: 'Queued', at: sentAt, text: `in lane ${ref.lane}, sequence ${sequence}` }] : []),
    ...(cancelRequest?.generation === generation
      ? [
          {
            title: 'Cancellation requested',
            at: cancelRequest.at,
            text: `by ${cancelRequest.by}: ${cancelRequest.reason}`,
          },
        ]
      : []),
    ...(record.state === 'settled' && outcome !== undefined ? [ended(outcome)] : []),
  ];
}

function ended(outcome: Outcome): Step {
  const { kind, at, attempts, settingsVersion } = outcome;
  const facts = [formatCount(attempts, 'attempt'), ...bySettings(settingsVersion)].join(', ');
  const { title, tone } = OUTCOMES[kind];
  const step = { title, at, ...(tone !== '' && { tone }) };
  if (kind === 'applied') return { ...step, text: `Written to ZPA and read back. ${facts}` };
  if (kind === 'unchanged') return { ...step, text: `Read from ZPA; nothing was written. ${facts}` };
  if (kind === 'rejected') return { ...step, text: `${outcome.code}: ${asSentence(outcome.sentence)} ${facts}` };
  // The reason of a change that was replaced may name the newer one itself.
  const by = kind === 'superseded' && outcome.reason.includes(outcome.by) ? '' : `By ${outcome.by}: `;
  return { ...step, text: by + asSentence(outcome.reason) };
}

const dismissed = ({ discarded }: ChangeRecord): Step[] =>
  discarded === undefined ? [] : [{ title: 'Dismissed', at: discarded.at, text: `by ${dismissedBy(discarded)}` }];

/** The table keeps the error of the last failed attempt alone. */
function tries({ attempts }: ChangeRecord, { standing }: StepFacts): Step[] {
  if (attempts === 0) return [];
  const error = standing?.state === 'retrying' ? standing.note : undefined;
  const title = attempts === 1 ? 'Attempt 1 failed' : `Attempts 1 to ${attempts} failed`;
  return [{ title, tone: 'bad', ...(error !== undefined && { text: `The last one: ${asSentence(error)}` }) }];
}

/** The part of the worker: its write, or the reading before it. */
function inHand(record: ChangeRecord, { intent, answered = [], working }: LaneRecord): Step[] {
  const isMine = (one: { members: readonly { ref: ChangeRecord['ref']; generation: number }[] } | undefined) =>
    one?.members.some((member) => generationKey(member) === generationKey(record)) ?? false;
  const written = [intent, ...answered].find(isMine);
  if (written !== undefined) return writing(written);
  if (working === undefined || !isMine(working)) return [];
  return [{ title: 'In progress', at: working.since, text: 'the worker reads ZPA and decides', tone: 'now' }];
}

function writing({ writes, cursor, answeredAt, lookedAt, unanswered, takingBack }: Intent): Step[] {
  if (answeredAt !== undefined) {
    const again = lookedAt === undefined ? '' : '; a first read did not show it, and it is read again';
    return [
      { title: 'Written', at: answeredAt, text: 'ZPA confirmed the write' },
      { title: 'Reading back', text: `ZPA is read to see the write${again}`, tone: 'now' },
    ];
  }
  const count = writes.length === 1 ? '' : `, write ${Math.min(cursor + 1, writes.length)} of ${writes.length}`;
  const doubt = unanswered === undefined ? '' : `; ZPA gave no definite answer (${unanswered}), so it is read first`;
  const title = takingBack === undefined ? 'Writing to ZPA' : 'Taking back what was written';
  return [{ title, text: `the write is recorded before it is sent${count}${doubt}`, tone: 'now' }];
}

function waiting({ state, scheduledFor }: ChangeRecord, { standing }: StepFacts): Step[] {
  if (state === 'scheduled') {
    const release = scheduledFor === undefined ? undefined : scheduledAt(scheduledFor);
    return [
      {
        title: 'Scheduled',
        text: `for ${release === undefined ? 'the end of a freeze without an end date' : timeText(release)}`,
        tone: 'now',
      },
    ];
  }
  if (standing === undefined || standing.state === 'working' || standing.state === 'idle') return [];
  const { note, nextAt, tries: count } = standing;
  const facts = [
    ...(note === '' ? [] : [asSentence(note)]),
    ...(count === undefined ? [] : [`${formatCount(count, 'attempt')} failed${count > 1 ? ' in a row' : ''}.`]),
    ...(nextAt === undefined ? [] : [`Next attempt ${timeText(new Date(nextAt).toISOString())}.`]),
  ];
  return [{ title: WAITS[standing.state], ...(facts.length > 0 && { text: facts.join(' ') }), tone: 'now' }];
}

const WAITS: Record<Exclude<LaneStanding['state'], 'working' | 'idle'>, string> = {
  paused: 'Waits: its lane is paused',
  stopped: 'Waits: its lane is stopped',
  retrying: 'Waits for the next attempt',
  limited: 'Waits: ZPA asked for no calls',
  waiting: 'Waits for its turn',
};

const OWED: Record<Owed, string> = {
  desired: 'the record of what was approved',
  set: 'the other changes of its set',
  dlq: 'the list of failures',
  sns: 'the notification of the outcome',
};

/** Returns the steps after the outcome: entries of the outbox, and the comment on the ticket. */
function answering({ pending }: ChangeRecord, told: boolean | undefined): Step[] {
  if (pending.length > 0) {
    return [{ title: 'Notifications pending', text: pending.map((one) => OWED[one]).join(', '), tone: 'now' }];
  }
  if (told === undefined) return [{ title: 'Notified', text: 'the outcome is published' }];
  if (told) return [{ title: 'Ticket answered', text: 'the outcome is on the ticket' }];
  return [
    { title: 'Ticket not answered yet', text: 'the comment is written, or waits for the rest of the set', tone: 'now' },
  ];
}
