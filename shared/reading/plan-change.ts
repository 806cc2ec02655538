import type { ChangeRequest, Ticket } from '../domain/change/change.ts';
import type { GuardSettings } from '../domain/configuration/guard-schema.ts';
import { decide } from '../domain/decide/decide.ts';
import type { Decision, Permit } from '../domain/decide/decision.ts';
import type { LiveView } from '../domain/group/live-view.ts';
import { guardedDecision } from '../domain/guard/guarded-decision.ts';
import type { Zpa } from '../ports/ports.ts';
import { type LiveReading, readLive } from './read-live.ts';

/** What the worker would do with one change now: read and decided by the worker's own code, nothing written. */
export type PlannedChange = { decision: Decision; live: LiveView };

/** Who asks, and what the answer is judged by: grants of the source, guards of the tenant, approvals of the ticket. */
export type Planning = LiveReading & { permit: Permit; tenant: GuardSettings; ticket: Ticket };

/** Rejects as the `Zpa` port does. */
export async function planChange(zpa: Zpa, change: ChangeRequest, planning: Planning): Promise<PlannedChange> {
  const { permit, tenant, ticket, microtenantId } = planning;
  const live = await readLive(zpa, [change], planning);
  const decided = decide(change, live, microtenantId, permit);
  const decision = guardedDecision(decided, change, live, { tenant, ticket, reading: live.reading });
  return { decision, live };
}
