import type { ChangeRequest, Ticket } from '../../shared/domain/change.ts';
import type { Effect, FieldDifference, Outcome, Reach } from '../../shared/domain/outcome.ts';
import type { ChangeRecord, ChangeState } from '../../shared/domain/records.ts';
import type { RejectionCode } from '../../shared/domain/rejection-codes.ts';
import { scheduledAt } from '../../shared/domain/schedule.ts';

/** What the status address answers as JSON. Instants are RFC 3339 in UTC; ids are strings. */
export type StatusView = {
  idempotencyKey: string;
  tenant: string;
  state: ChangeState;
  /** While `scheduled`: when its turn is expected; absent while a freeze has no end in sight. */
  scheduledFor?: string;
  ticket: Ticket;
  requested: ChangeRequest;
  /** 1, and one more each time the change was sent again after it was rejected. */
  generation: number;
  /** Times the worker took it up in this generation. */
  attempts: number;
  timeline: { event: 'received' | 'queued' | 'settled' | 'discarded'; at: string }[];
  /** null until it is settled. */
  outcome: OutcomeView | null;
  /** Outcomes of earlier generations, oldest first. */
  earlier: OutcomeView[];
};

export type OutcomeView = {
  kind: Outcome['kind'];
  generation: number;
  at: string;
  effect?: Effect;
  reach?: Reach;
  overtaken?: FieldDifference[];
  code?: RejectionCode;
  sentence?: string;
  remedy?: string;
  path?: string;
  zpaError?: { status?: number; zpaId?: string; reason?: string };
  details?: Record<string, unknown>;
  by?: string;
  reason?: string;
};

/** Chosen field by field: what a record gains later is not public because somebody forgot it here. */
export function viewOf(record: ChangeRecord): StatusView {
  return {
    idempotencyKey: record.ref.idempotencyKey,
    tenant: record.ref.tenant,
    state: record.state,
    ...scheduled(record),
    ticket: record.ticket,
    requested: record.change,
    generation: record.generation,
    attempts: record.outcome?.attempts ?? record.attempts,
    timeline: timelineOf(record),
    outcome: record.outcome === undefined ? null : outcomeView(record.outcome),
    earlier: record.history.map(outcomeView),
  };
}

function scheduled({ state, scheduledFor }: ChangeRecord): Pick<StatusView, 'scheduledFor'> {
  const at = state === 'scheduled' && scheduledFor !== undefined ? scheduledAt(scheduledFor) : undefined;
  return at === undefined ? {} : { scheduledFor: at };
}

function timelineOf(record: ChangeRecord): StatusView['timeline'] {
  return [
    { event: 'received' as const, at: record.acceptedAt },
    { event: 'queued' as const, at: record.sentAt },
    { event: 'settled' as const, at: record.outcome?.at ?? 0 },
    { event: 'discarded' as const, at: record.discarded?.at ?? 0 },
  ].flatMap(({ event, at }) => (at > 0 ? [{ event, at: instant(at) }] : []));
}

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
