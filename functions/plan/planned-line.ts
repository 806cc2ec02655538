import type { ChangeRequest } from '../../shared/domain/change/change.ts';
import type { ReadFailure } from '../../shared/domain/drift/drift.ts';
import type { Found } from '../../shared/domain/group/live-view.ts';
import type { PlanBinding } from '../../shared/domain/plan/plan-binding.ts';
import type { PlannedForSource } from '../../shared/reading/plan-for-source.ts';

/** The plan of one change of a ticket so far. */
export type PlannedLine = {
  change: ChangeRequest;
  /** No grant covers the group, which the ticket names by its id: its name is not told. */
  isForeign?: true;
} & (
  | {
      kind: 'planned';
      planned: PlannedForSource;
      /** Absent if the decision needed no read of ZPA. */
      binding?: PlanBinding;
      /** The rules are still to be read, so the reach is not known yet. */
      awaitsReach: boolean;
      /** Sentences about guards and mode of the tenant. */
      notes: string[];
      /** Similar names, if a name was not found. */
      nearest: string[];
    }
  /** It cannot be decided without the rules; only its group was looked up. */
  | { kind: 'looked-up'; group: Found<{ id: string; name: string }> }
  | { kind: 'unread'; failure: ReadFailure }
);

/** The lines planned so far, of `total`. */
export type Progress = { lines: PlannedLine[]; total: number };

/** The group that the change names, as far as it was looked up. */
export function groupFound(planned: PlannedLine): Found<{ id: string; name: string }> | undefined {
  if (planned.kind === 'looked-up') return planned.group;
  return planned.kind === 'planned' ? planned.planned.live?.group : undefined;
}
