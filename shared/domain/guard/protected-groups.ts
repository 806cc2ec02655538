import type { GuardSettings } from '../configuration/guard-schema.ts';
import type { Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import type { ReachTransition } from '../reach/reach.ts';
import { firstMatching, namesOf, removedApplications, renameAcrossGuard } from './written-groups.ts';

type Protection = GuardSettings['guards']['protectedGroups'][number];

/** Rejects a change of a protected group that its protection refuses, and a rename out of a protection or into it. */
export function checkProtectedGroups(
  { guards }: GuardSettings,
  transitions: readonly ReachTransition[],
): Rejection | undefined {
  for (const transition of transitions) {
    for (const protection of guards.protectedGroups) {
      const refused = checkTransition(protection, transition) ?? checkRename(protection, transition);
      if (refused !== undefined) return refused;
    }
  }
  return undefined;
}

function checkTransition({ groups, refuse }: Protection, transition: ReachTransition): Rejection | undefined {
  const kinds = [
    'changes' as const,
    ...(removedApplications(transition).length > 0 ? ['removals' as const] : []),
    ...(transition.after === null ? ['deletes' as const] : []),
  ];
  const name = firstMatching(groups, namesOf(transition));
  const refused = refuse.find((one) => kinds.includes(one));
  if (name === undefined || refused === undefined) return undefined;
  return reject('guarded', `"${name}" is a protected segment group: ${PROTECTED[refused]}`, {
    path: 'group',
    details: { guard: 'protectedGroups', groups, refuse },
  });
}

const PROTECTED = {
  changes: 'tickets may not change it',
  removals: 'tickets may not take application segments out of it',
  deletes: 'tickets may not delete it',
};

function checkRename({ groups, refuse }: Protection, transition: ReachTransition): Rejection | undefined {
  const across = renameAcrossGuard(groups, [transition], 'protection of');
  if (across === undefined) return undefined;
  return reject('guarded', across, { path: 'set.name', details: { guard: 'protectedGroups', groups, refuse } });
}
