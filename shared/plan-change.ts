import type { ChangeRequest } from './domain/change.ts';
import { decide } from './domain/decide.ts';
import type { Decision, Permit } from './domain/decision.ts';
import type { LiveView } from './domain/live-view.ts';
import type { Zpa } from './ports.ts';
import { readLive } from './read-live.ts';

/** What the worker would do with one change now: read and decided by the worker's own code, nothing written. */
export type PlannedChange = { decision: Decision; live: LiveView };

/** Rejects as the `Zpa` port does. `permit` answers for the grants of the source the change would come from. */
export async function planChange(
  zpa: Zpa,
  change: ChangeRequest,
  scope: { microtenantId: string; signal: AbortSignal; permit: Permit },
): Promise<PlannedChange> {
  const live = await readLive(zpa, [change], scope);
  return { decision: decide(change, live, scope.microtenantId, scope.permit), live };
}
