import type { ChangeRequest } from '../../shared/domain/change/change.ts';
import type { ReadFailure } from '../../shared/domain/drift/drift.ts';
import type { Found } from '../../shared/domain/group/live-view.ts';
import type { PlanBinding } from '../../shared/domain/plan/plan-binding.ts';
import type { PlannedForSource } from '../../shared/reading/plan-for-source.ts';

/** What is known of one change of a ticket. */
export type PlannedLine = { change: ChangeRequest } & (
  | {
      kind: 'planned';
      planned: PlannedForSource;
      /** Absent for what no look at ZPA was needed for. */
      binding?: PlanBinding;
      /** The rules are still to be read: the reach is not known yet. */
      awaitsReach: boolean;
      /** Said besides: of guards and modes of the tenant. */
      notes: string[];
      /** Names that were perhaps meant where one led nowhere. */
      nearest: string[];
    }
  /** It cannot be decided without the rules; this is what it is about. */
  | { kind: 'looked-up'; group: Found<{ id: string; name: string }> }
  | { kind: 'unread'; failure: ReadFailure }
);

/** How far a plan has come. */
export type Progress = { lines: PlannedLine[]; total: number };
