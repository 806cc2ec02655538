import type { ChangeRequest, Ticket } from '../domain/change/change.ts';
import type { GuardSettings } from '../domain/configuration/guard-schema.ts';
import { decide } from '../domain/decide/decide.ts';
import type { Decision, Permit } from '../domain/decide/decision.ts';
import type { LiveView } from '../domain/group/live-view.ts';
import { guardedDecision } from '../domain/guard/guarded-decision.ts';
import { decisionAltersReach } from '../domain/reach/alters-reach.ts';
import type { Zpa } from '../ports/ports.ts';
import { type LiveReading, readLive } from './read-live.ts';

/** The decision the worker would make about one change now, and the live state it rests on. */
export type PlannedChange = { decision: Decision; live: LiveView };

/** `permit`: grants of the source; `tenant`: guards of the tenant; `ticket`: approvals that the guards count. */
export type Planning = LiveReading & { permit: Permit; tenant: GuardSettings; ticket: Ticket };

/** Reads and decides one change by the worker's own code, without writing. Rejects as the `Zpa` port does. */
export async function planChange(zpa: Zpa, change: ChangeRequest, planning: Planning): Promise<PlannedChange> {
  const { permit, tenant, ticket, microtenantId } = planning;
  const decideOn = (live: LiveView) => decide(change, live, microtenantId, permit);
  const altersReach = (live: LiveView) => decisionAltersReach(decideOn(live));
  const live = await readLive(zpa, [change], { ...planning, altersReach });
  const decided = decideOn(live);
  const decision = guardedDecision(decided, change, live, { tenant, ticket, reading: live.reading });
  return { decision, live };
}
