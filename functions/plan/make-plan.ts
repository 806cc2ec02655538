import { createHash } from 'node:crypto';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import type { PlanRequest } from '../../shared/domain/ledger/plan-request.ts';
import { contentFingerprint, type PlanBinding } from '../../shared/domain/plan/plan-binding.ts';
import type { TicketText } from '../../shared/domain/text/ticket-text.ts';
import type { TicketPlan } from '../../shared/ports/plan-store.ts';
import type { TicketWriter } from '../../shared/ports/ticket-system.ts';
import { createPlanner, type Planner } from './plan-lines.ts';
import { faultText, planText } from './plan-text.ts';
import type { PlannedLine, Progress } from './planned-line.ts';
import type { PlanPorts } from './ports.ts';
import { readTicket } from './read-ticket.ts';
import { retryCall } from './retry-call.ts';

/** The invocation's time. `signal` aborts when it is up, with enough left to say what is known. */
export type Remaining = { signal: AbortSignal };

/** Asked for so long ago, nobody waits for it any more. */
const TOO_LATE_MS = 24 * 60 * 60 * 1000;

type On = {
  ports: PlanPorts;
  request: PlanRequest;
  writer: TicketWriter;
  latest: TicketPlan | undefined;
  /** Why the ticket needs no plan any more; undefined: it still does. */
  isOver: () => Promise<string | undefined>;
};

/**
 * What a submitted ticket would do, said on the ticket before anybody approves it, and kept so that the approved changes
 * are held to it. Reading the policy rules takes longer than a person waits: what is known without them is said within
 * 30 s of the request, the whole once it is known. A plan that says what the one before it said is not said again. Rejects if
 * it could not be said.
 */
export async function makePlan(ports: PlanPorts, request: PlanRequest, { signal }: Remaining): Promise<void> {
  const source = lookup(ports.configuration.sources, request.source);
  const writer = ports.tickets.writerOf(request.source);
  if (source === undefined || writer === undefined) return skip(ports, request, 'its source cannot be answered');
  if (ports.clock.now() - request.askedAt > TOO_LATE_MS) return skip(ports, request, 'it was asked for long ago');
  const read = await retryCall(ports, signal, () => readTicket(ports, source, request, signal));
  if (read.kind === 'nothing') return skip(ports, request, read.reason);
  const isOver = async () => {
    // The invocation's time is up: what is known is said, and nothing is read any more.
    if (signal.aborted) return undefined;
    const again = await readTicket(ports, source, request, signal);
    return again.kind === 'nothing' ? again.reason : undefined;
  };
  const latest = await ports.plans.latest(request.source, request.ticketId);
  const on: On = { ports, request, writer, latest, isOver };
  if (read.kind === 'faults') return finish(on, faultText(read.faults), new Map());
  const planner = createPlanner(ports, { source: request.source, ...read }, signal);
  const lines = await planInTime(on, planner, read.changes.length, signal);
  // Reading takes minutes, and an approval seconds: on a ticket that is carried out, a plan would be news of yesterday.
  const over = await retryCall(ports, signal, isOver);
  if (over !== undefined) return skip(ports, request, over);
  const text = planText({ lines, total: lines.length });
  return finish(on, text, bindingsOf(lines));
}

function skip({ log }: PlanPorts, { source, ticketId }: PlanRequest, reason: string): void {
  log.info('no plan is made', { source, ticketId, reason });
}

/** All that can be known; what is known at `firstCommentMs` is said then, if that is not all of it. */
async function planInTime(on: On, planner: Planner, total: number, signal: AbortSignal): Promise<PlannedLine[]> {
  const { ports, request } = on;
  let known: Progress = { lines: [], total };
  const working = planWhole(planner, (progress) => {
    known = progress;
  });
  const done = new AbortController();
  const due = request.askedAt + ports.timing.firstCommentMs - ports.clock.now();
  const early = ports.clock.sleep(Math.max(0, due), AbortSignal.any([done.signal, signal])).then(
    () => sayEarly(on, known),
    () => undefined,
  );
  try {
    return await working;
  } finally {
    done.abort(new Error('the plan is made'));
    await early;
  }
}

/** Twice over the same changes: quickly, then with the rules, if they matter to any. */
async function planWhole(planner: Planner, tell: (progress: Progress) => void): Promise<PlannedLine[]> {
  const quick = await planner.withoutRules(tell);
  const open = quick.some((line) => line.kind === 'looked-up' || (line.kind === 'planned' && line.awaitsReach));
  if (!open) return quick;
  const whole = await planner.withRules();
  return whole.map((line, index) => better(line, quick[index]));
}

/** What could only be read without the rules is told without them. */
function better(whole: PlannedLine, quick: PlannedLine | undefined): PlannedLine {
  if (whole.kind !== 'unread' || quick?.kind !== 'planned') return whole;
  const { decision } = quick.planned;
  if (decision.kind === 'rejected' || quick.planned.live === undefined) return quick;
  const reach = { status: 'not-checked', reason: whole.failure.reason } as const;
  return { ...quick, awaitsReach: false, planned: { ...quick.planned, decision: { ...decision, reach } } };
}

const MORE = 'The rest is being read: the policy rules take minutes. Another comment says what becomes of it.';

/**
 * Of an early comment nobody depends on: where it cannot be said, the whole plan still can. Who approves after it has seen
 * where the names lead, so that much is bound; an earlier plan, which knew more, stays.
 */
async function sayEarly({ ports, request, writer, latest, isOver }: On, known: Progress): Promise<void> {
  const { source, ticketId, askedAt } = request;
  const marker = markerOf('early', source, ticketId, String(askedAt));
  try {
    if ((await isOver()) !== undefined) return;
    const expiresAt = ports.clock.now() + ports.timing.planKeptMs;
    if (latest === undefined) await ports.plans.bind(source, ticketId, bindingsOf(known.lines), expiresAt);
    await writer.comment(request.ticketId, planText(known, MORE), marker);
  } catch (error) {
    ports.log.warn('an early plan could not be said', { source: request.source, error });
  }
}

function bindingsOf(lines: readonly PlannedLine[]): Map<string, PlanBinding> {
  return new Map(
    lines.flatMap((line) =>
      line.kind === 'planned' && line.binding !== undefined
        ? [[contentFingerprint(line.change), line.binding] as const]
        : [],
    ),
  );
}

/** Bound before it is said: whoever reads the plan and approves it at once is held to it. */
async function finish({ ports, request, writer, latest }: On, text: TicketText, bindings: Map<string, PlanBinding>) {
  const { source, ticketId } = request;
  const digest = sha256(JSON.stringify(text).replaceAll(AS_OF, ''));
  const at = ports.clock.now();
  const expiresAt = at + ports.timing.planKeptMs;
  await ports.plans.bind(source, ticketId, bindings, expiresAt);
  if (latest?.digest !== digest) {
    // After another one, the same plan is said again: so the one before is part of the marker.
    const marker = markerOf('whole', digest, latest?.digest ?? '', String(latest?.at ?? 0));
    const said = await retryCall(ports, undefined, () => writer.comment(ticketId, text, marker));
    ports.log.info('plan made', { source, ticketId, said, changes: bindings.size });
    ports.meter.count('PlansMade', 1, { source });
  }
  await ports.plans.keep(source, ticketId, { digest, at, expiresAt });
}

/** When the rules were read makes no other plan. */
const AS_OF = /rules as of \d\d:\d\d:\d\d UTC/g;

const markerOf = (...parts: string[]) => `zpa-changes/plan/${sha256(parts.join('\n')).slice(0, 24)}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
