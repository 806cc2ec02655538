import { z } from 'zod';
import type { Rejection } from '../../../shared/domain/outcome/outcome.ts';
import { takeOver } from './carry-out.ts';
import type { State } from './own-model.ts';

/** The remains of a move that could not be compensated: application segments in no group, and their former group. */
const said = z.looseObject({
  takingBack: z.unknown().refine((fault) => fault !== undefined),
  applications: z.array(z.string()).default([]),
  staying: z.record(z.string(), z.array(z.string())).default({}),
});

/** ZPA refused half of a move, and refused to compensate the other half: the tenant must be as the failure states. */
export function leftBehind(state: State, { details }: Rejection): State {
  const { success, data } = said.safeParse(details);
  if (!success) return state;
  const after = structuredClone(state);
  takeOver(after, '', data.applications);
  for (const [id, ids] of Object.entries(data.staying)) {
    takeOver(after, id, ids);
    const group = after.get(id);
    if (group !== undefined)
      after.set(id, { ...group, applicationIds: [...new Set([...group.applicationIds, ...ids])].sort() });
  }
  return after;
}
