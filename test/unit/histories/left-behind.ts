import { z } from 'zod';
import type { Rejection } from '../../../shared/domain/outcome/outcome.ts';
import { takeOver } from './carry-out.ts';
import type { State } from './own-model.ts';

/** The remains of a move that could not be compensated: application segments in no group or elsewhere, and fields not put back. */
const said = z.looseObject({
  takingBack: z.unknown().refine((fault) => fault !== undefined),
  applications: z.array(z.string()).default([]),
  staying: z.record(z.string(), z.array(z.string())).default({}),
  fields: z
    .record(z.string(), z.strictObject({ name: z.string(), description: z.string(), enabled: z.boolean() }).partial())
    .default({}),
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
  for (const [id, fields] of Object.entries(data.fields)) {
    const group = after.get(id);
    if (group !== undefined) after.set(id, { ...group, ...definedOf(fields) });
  }
  return after;
}

/** Without the fields that are undefined, which a spread would copy. */
const definedOf = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]: Exclude<T[Name], undefined>;
  };
