import { createHash } from 'node:crypto';
import { lookup } from '../../shared/domain/configuration/lookup.ts';
import { systemName } from '../../shared/domain/configuration/shared-ticket-systems.ts';
import type { PlanRequest } from '../../shared/domain/ledger/plan-request.ts';
import { contentFingerprint, type PlanBinding } from '../../shared/domain/plan/plan-binding.ts';
import type { TicketText } from '../../shared/domain/text/ticket-text.ts';
import type { TicketPlan } from '../../shared/ports/plan-store.ts';
import type { TicketWriter } from '../../shared/ports/ticket-system.ts';
import { createPlanner, type Planner } from './plan-lines.ts';
import { faultText, isShown, type PlanComment, planText } from './plan-text.ts';
import type { PlannedLine, Progress } from './planned-line.ts';
import type { PlanPorts } from './ports.ts';
import { readTicket } from './read-ticket.ts';
import { retryCall } from './retry-call.ts';

/** After this time nobody waits for the plan any more. */
const TOO_LATE_MS = 24 * 60 * 60 * 1000;
/** The clocks of the function that asks and of this one differ by less. */
const CLOCK_TOLERANCE_MS = 2000;

type PlanRun = {
  ports: PlanPorts;
  request: PlanRequest;
  /** The ticket's system, in one spelling. */
  system: string;
  writer: TicketWriter;
  latest: TicketPlan | undefined;
  /** An instant before the ticket was read; undefined: its contents came with the request. */
  readAt: number | undefined;
  /** The reason why the ticket needs no plan any more; undefined: it still needs one. */
  isOver: () => Promise<string | undefined>;
};

/**
 * Plans a submitted ticket, comments the plan on the ticket before its approval, and stores it so that the approved changes
 * are bound to it. Reading the policy rules takes longer than a person waits: a first comment without them follows within
 * 30 s of the request, the full plan once it is made. A plan with the text of the one before it is not commented again.
 * `signal` aborts when the invocation's time is up, with enough left to comment the plan so far. Rejects if the comment
 * could not be written.
 */
export async function makePlan(ports: PlanPorts, request: PlanRequest, signal: AbortSignal): Promise<void> {
  const source = lookup(ports.configuration.sources, request.source);
  const writer = ports.tickets.writerOf(request.source);
  if (source === undefined || writer === undefined) return skip(ports, request, 'its source cannot be answered');
  if (ports.clock.now() - request.askedAt > TOO_LATE_MS) return skip(ports, request, 'it was requested too long ago');
  const system = systemName(source.system);
  const latest = await ports.plans.latest(system, request.ticketId);
  if (isCovered(request, latest)) return skip(ports, request, 'a plan of the ticket as it was later is on it');
  const readAt = ports.tickets.readerOf(request.source, signal) === undefined ? undefined : ports.clock.now();
  const read = await retryCall(ports, signal, () => readTicket(ports, source, request, signal));
  if (read.kind === 'nothing') return skip(ports, request, read.reason);
  const isOver = async () => {
    // The invocation's time is up: the plan so far is commented, and nothing more is read.
    if (signal.aborted) return undefined;
    const again = await readTicket(ports, source, request, signal);
    return again.kind === 'nothing' ? again.reason : undefined;
  };
  const run: PlanRun = { ports, request, system, writer, latest, readAt, isOver };
  if (read.kind === 'faults') return finish(run, faultText(read.faults), new Map());
  const planner = createPlanner(ports, { source: request.source, ...read }, signal);
  const lines = await planInTime(run, planner, read.changes.length, signal);
  // Reading takes minutes and an approval seconds: on a ticket that is being carried out, a plan would come too late.
  const over = await retryCall(ports, signal, isOver);
  if (over !== undefined) return skip(ports, request, over);
  const plan = planText({ lines, total: lines.length });
  return finish(run, plan.text, bindingsOf(lines, plan));
}

/** Saving a ticket often asks for as many plans, and one that was read after them all has what each of them asks for. */
const isCovered = ({ askedAt }: PlanRequest, latest: TicketPlan | undefined) =>
  latest?.readAt !== undefined && askedAt + CLOCK_TOLERANCE_MS < latest.readAt;

function skip({ log }: PlanPorts, { source, ticketId }: PlanRequest, reason: string): void {
  log.info('no plan is made', { source, ticketId, reason });
}

/** Plans all changes; if planning is not done at `firstCommentMs`, comments the plan so far at that instant. */
async function planInTime(run: PlanRun, planner: Planner, total: number, signal: AbortSignal): Promise<PlannedLine[]> {
  const { ports, request } = run;
  let known: Progress = { lines: [], total };
  const working = planTwice(planner, (progress) => {
    known = progress;
  });
  const done = new AbortController();
  const due = request.askedAt + ports.timing.firstCommentMs - ports.clock.now();
  const early = ports.clock.sleep(Math.max(0, due), AbortSignal.any([done.signal, signal])).then(
    () => commentEarly(run, known),
    () => undefined,
  );
  try {
    return await working;
  } finally {
    done.abort(new Error('the plan is made'));
    await early;
  }
}

/** Plans the same changes twice: first without the rules, then with them if any change needs them. */
async function planTwice(planner: Planner, onProgress: (progress: Progress) => void): Promise<PlannedLine[]> {
  const quick = await planner.withoutRules(onProgress);
  const open = quick.some((line) => line.kind === 'looked-up' || (line.kind === 'planned' && line.awaitsReach));
  if (!open) return quick;
  const full = await planner.withRules();
  return full.map((line, index) => preferKnown(line, quick[index]));
}

/** Keeps the line without rules if the line with rules could not be read. */
function preferKnown(full: PlannedLine, quick: PlannedLine | undefined): PlannedLine {
  if (full.kind !== 'unread' || quick?.kind !== 'planned') return full;
  const { decision } = quick.planned;
  if (decision.kind === 'rejected' || quick.planned.live === undefined) return quick;
  const reach = { status: 'not-checked', reason: full.failure.reason } as const;
  return { ...quick, awaitsReach: false, planned: { ...quick.planned, decision: { ...decision, reach } } };
}

const MORE = 'The policy rules are still being read, which takes minutes. Another comment shows the result.';

/**
 * Comments the plan so far. Best effort: the full plan follows in any case. A person who approves after this comment has
 * seen which objects the names mean, so these are bound; an earlier full plan stays bound instead.
 */
async function commentEarly(
  { ports, request, system, writer, latest, isOver }: PlanRun,
  known: Progress,
): Promise<void> {
  const { source, ticketId, askedAt } = request;
  const marker = markerOf('early', source, ticketId, String(askedAt));
  try {
    if ((await isOver()) !== undefined) return;
    const expiresAt = ports.clock.now() + ports.timing.planKeptMs;
    const plan = planText(known, MORE);
    const said = await writer.comment(ticketId, plan.text, marker);
    if (said === 'no-ticket' || latest !== undefined) return;
    await ports.plans.bind(system, ticketId, bindingsOf(known.lines, plan), expiresAt);
  } catch (error) {
    ports.log.warn('an early plan could not be said', { source: request.source, error });
  }
}

function bindingsOf(lines: readonly PlannedLine[], plan: PlanComment): Map<string, PlanBinding> {
  return new Map(
    lines.flatMap((line, index) => {
      if (line.kind !== 'planned' || line.binding === undefined) return [];
      const binding = isShown(line, index, plan) ? line.binding : { ...line.binding, shown: false as const };
      return [[contentFingerprint(line.change), binding] as const];
    }),
  );
}

/**
 * Stores the bindings after the comment: a plan that nobody could see binds no approval. A repeated invocation finds its
 * comment and stores them.
 */
async function finish(
  { ports, request, system, writer, latest, readAt }: PlanRun,
  text: TicketText,
  bindings: Map<string, PlanBinding>,
) {
  const { source, ticketId } = request;
  const digest = sha256(JSON.stringify(text).replaceAll(AS_OF, ''));
  const at = ports.clock.now();
  const expiresAt = at + ports.timing.planKeptMs;
  if (latest?.digest !== digest) {
    // After a different plan the same plan is commented again, so the marker contains the plan before it.
    const marker = markerOf('whole', digest, latest?.digest ?? '', String(latest?.at ?? 0));
    const said = await retryCall(ports, undefined, () => writer.comment(ticketId, text, marker));
    if (said === 'no-ticket') return skip(ports, request, 'there is no such ticket to comment on');
    ports.log.info('plan made', { source, ticketId, said, changes: bindings.size });
    ports.meter.count('PlansMade', 1, { source });
  }
  await ports.plans.bind(system, ticketId, bindings, expiresAt);
  await ports.plans.putLatest(system, ticketId, { digest, at, readAt, expiresAt });
}

/** The instant when the rules were read does not make a plan different. */
const AS_OF = /rules as of \d\d:\d\d:\d\d UTC/g;

const markerOf = (...parts: string[]) => `zpa-changes/plan/${sha256(parts.join('\n')).slice(0, 24)}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
