import type { GuardSettings } from '../configuration/guard-schema.ts';
import type { Rejection } from '../outcome/outcome.ts';
import { reject } from '../outcome/reject.ts';
import type { GroupTurn } from '../reach/reach.ts';
import { matching, namesOf, removedBy, renameAcross } from './guarded-turns.ts';

type Protection = GuardSettings['guards']['protectedGroups'][number];

/** Segment groups that tickets may not change, empty, delete, or rename out of their protection or into it. */
export function protectedGroup({ guards }: GuardSettings, turns: readonly GroupTurn[]): Rejection | undefined {
  for (const turn of turns) {
    for (const protection of guards.protectedGroups) {
      const refused = refusedTurn(protection, turn) ?? refusedRename(protection, turn);
      if (refused !== undefined) return refused;
    }
  }
  return undefined;
}

function refusedTurn({ groups, refuse }: Protection, turn: GroupTurn): Rejection | undefined {
  const done = [
    'changes' as const,
    ...(removedBy(turn).length > 0 ? ['removals' as const] : []),
    ...(turn.after === null ? ['deletes' as const] : []),
  ];
  const name = matching(groups, namesOf(turn));
  const refused = refuse.find((one) => done.includes(one));
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

function refusedRename({ groups, refuse }: Protection, turn: GroupTurn): Rejection | undefined {
  const across = renameAcross(groups, [turn], 'protection of');
  if (across === undefined) return undefined;
  return reject('guarded', across, { path: 'set.name', details: { guard: 'protectedGroups', groups, refuse } });
}
