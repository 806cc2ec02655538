import type { ChangeRequest, Ticket } from '../change/change.ts';
import type { RejectionCode } from '../change/rejection-codes.ts';
import { scheduledAt } from '../ledger/schedule.ts';
import { changeCell, groupOf, resultWords } from '../notice/set-row.ts';
import { setSummary } from '../notice/set-text.ts';
import type { Effect, FieldDifference, Outcome, Reach } from '../outcome/outcome.ts';
import { requesterStep } from '../outcome/requester-step.ts';
import type { ChangeRecord, ChangeState } from '../records/change-record.ts';

/** The JSON answer of a status address. Instants are RFC 3339 in UTC; ids are strings. */
export type StatusView = {
  idempotencyKey: string;
  tenant: string;
  state: ChangeState;
  /** While `scheduled`: the expected release; absent while a freeze has no known end. */
  scheduledFor?: string;
  ticket: Ticket;
  requested: ChangeRequest;
  /** The plan that its approval binds it to (docs/plans.md), if it was planned. */
  plan?: string;
  /** 1, and one more for each redrive after a rejection. */
  generation: number;
  /** Attempts of the worker in this generation. */
  attempts: number;
  /** In the order of events. An attempt has no time of its own; `number` counts the attempts of this generation. */
  timeline: TimelineEvent[];
  /** null until it is settled. */
  outcome: OutcomeView | null;
  /** Outcomes of earlier generations, oldest first. */
  earlier: OutcomeView[];
  /** The changes of the ticket that were approved together; absent: it is the only one. */
  set?: SetView;
};

/** `index`: the place of this change among `size`. `members`: those known here, in their order. */
export type SetView = { index: number; size: number; summary: string; members: MemberView[] };

/** One change of a set. `change` and `result`: as on the ticket. */
export type MemberView = {
  index: number;
  idempotencyKey: string;
  group: string;
  change: string;
  state: ChangeState;
  outcome: Outcome['kind'] | null;
  result: string;
};

export type TimelineEvent =
  | { event: 'approved'; at: string; by: string }
  | { event: 'received' | 'retried' | 'released' | 'queued' | 'asked-back' | 'settled' | 'discarded'; at: string }
  | { event: 'attempt'; number: number };

export type OutcomeView = {
  kind: Outcome['kind'];
  generation: number;
  at: string;
  effect?: Effect;
  reach?: Reach;
  overtaken?: FieldDifference[];
  code?: RejectionCode;
  sentence?: string;
  /** The next step for whoever acts next. */
  remedy?: string;
  /** The next step for the person who asked. */
  nextStep?: string;
  path?: string;
  zpaError?: { status?: number; zpaId?: string; reason?: string };
  details?: Record<string, unknown>;
  by?: string;
  reason?: string;
};

/** The changes of one ticket that were approved together, as far as they are known here, in their order. */
export type ChangeSetRecords = { size: number; members: ChangeRecord[] };

/** Chooses the public fields one by one, so that a field added to the record later does not become public unnoticed. */
export function viewOf(record: ChangeRecord, set?: ChangeSetRecords): StatusView {
  return {
    idempotencyKey: record.ref.idempotencyKey,
    tenant: record.ref.tenant,
    state: record.state,
    ...scheduled(record),
    ticket: record.ticket,
    requested: record.change,
    ...(record.plan === undefined ? {} : { plan: record.plan.hash }),
    generation: record.generation,
    attempts: record.outcome?.attempts ?? record.attempts,
    timeline: timelineOf(record),
    outcome: record.outcome === undefined ? null : outcomeView(record.outcome),
    earlier: record.history.map(outcomeView),
    ...(set === undefined ? {} : { set: setView(record, set) }),
  };
}

function setView(record: ChangeRecord, { size, members }: ChangeSetRecords): SetView {
  const ended = members.map((one) => ({ record: one, change: one.change, outcome: endOf(one) }));
  return {
    index: record.change.changeSet?.index ?? 1,
    size,
    summary: setSummary(ended, size, { othersMayHave: true }),
    members: ended.map(({ record: { change, ref, state }, outcome }) => ({
      index: change.changeSet?.index ?? 1,
      idempotencyKey: ref.idempotencyKey,
      group: groupOf({ change, outcome }),
      change: changeCell({ change, outcome }),
      state,
      outcome: outcome?.kind ?? null,
      result: resultWords({ change, outcome }),
    })),
  };
}

/** A change that was re-opened has its outcome still to come. */
const endOf = ({ state, outcome }: ChangeRecord) => (state === 'settled' ? outcome : undefined);

function scheduled({ state, scheduledFor }: ChangeRecord): Pick<StatusView, 'scheduledFor'> {
  const at = state === 'scheduled' && scheduledFor !== undefined ? scheduledAt(scheduledFor) : undefined;
  return at === undefined ? {} : { scheduledFor: at };
}

function timelineOf(record: ChangeRecord): StatusView['timeline'] {
  const { cancelRequest, generation, outcome, ticket } = record;
  const once = (
    event: 'received' | 'retried' | 'released' | 'queued' | 'asked-back' | 'settled' | 'discarded',
    at = 0,
  ) => (at > 0 ? [{ event, at: instant(at) }] : []);
  const attempts = outcome?.attempts ?? record.attempts;
  // Only the last attempts are shown: each one before them met an error.
  const numbers = Array.from({ length: Math.min(attempts, ATTEMPTS_SHOWN) }, (_, back) => attempts - back).toReversed();
  return [
    ...ticket.approvals.map(({ by, at }) => ({ event: 'approved' as const, at: instant(Date.parse(at)), by })),
    ...once('received', generation === 1 ? record.acceptedAt : record.firstAcceptedAt),
    ...once('retried', generation === 1 ? 0 : record.acceptedAt),
    ...once('released', record.releasedAt),
    ...once('queued', record.sentAt),
    ...numbers.map((number) => ({ event: 'attempt' as const, number })),
    ...once('asked-back', cancelRequest?.generation === generation ? cancelRequest.at : 0),
    ...once('settled', outcome?.at),
    ...once('discarded', record.discarded?.at),
  ];
}

const ATTEMPTS_SHOWN = 5;

const instant = (at: number) => new Date(at).toISOString();

function outcomeView(outcome: Outcome): OutcomeView {
  const ended = { kind: outcome.kind, generation: outcome.generation, at: instant(outcome.at) };
  switch (outcome.kind) {
    case 'applied':
      return { ...ended, effect: outcome.effect, reach: outcome.reach, overtaken: outcome.overtaken };
    case 'unchanged':
      return { ...ended, effect: outcome.effect, reach: outcome.reach };
    case 'rejected':
      return { ...ended, ...rejectionView(outcome) };
    default:
      return { ...ended, by: outcome.by, reason: outcome.reason };
  }
}

function rejectionView(outcome: Extract<Outcome, { kind: 'rejected' }>): Partial<OutcomeView> {
  const { code, sentence, remedy, path, zpaError, details } = outcome;
  const { status, zpaId, reason } = zpaError ?? {};
  return {
    code,
    sentence,
    remedy,
    nextStep: requesterStep(outcome),
    ...(path === undefined ? {} : { path }),
    ...(zpaError === undefined
      ? {}
      : {
          zpaError: {
            ...(status === undefined ? {} : { status }),
            ...(zpaId === undefined ? {} : { zpaId }),
            ...(reason === undefined ? {} : { reason }),
          },
        }),
    ...(details === undefined ? {} : { details }),
  };
}
