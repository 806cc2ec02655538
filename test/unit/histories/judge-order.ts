import type { ChangeRequest, Reference } from '../../../shared/domain/change/change.ts';
import { membershipOf } from '../../../shared/domain/change/change.ts';
import { applicationReferences, destinationOf, newNameOf } from '../../../shared/domain/group/live-view.ts';
import type { Chronicle, Settle } from './chronicle.ts';
import { carriersOf, placeOf } from './effects.ts';
import { applicationOf } from './own-model.ts';
import type { Scene } from './scene.ts';

/** Changes that share a group, a name or an application take place in the order of their sequences. */
export function judgeOrder({ chronicle, history }: Scene): string[] {
  const isMisset = history.deaf && history.misset;
  const placed = chronicle.settles
    .filter(({ outcome }) => outcome.kind !== 'superseded' && outcome.kind !== 'cancelled')
    .map((settle) => {
      const place = placeOf(chronicle, settle);
      const since = (isMisset ? ignoredAt(chronicle, settle) : undefined) ?? place;
      return { settle, place, since, touches: touchesOf(settle) };
    })
    .sort((a, b) => a.settle.sequence - b.settle.sequence);
  return placed.flatMap((one, index) =>
    placed
      .slice(index + 1)
      .filter((other) => other.place < one.since && [...other.touches].some((token) => one.touches.has(token)))
      .map((other) => `${other.settle.unit} overtook ${one.settle.unit}`),
  );
}

/** Where the setting is wrong, a change has its turn from its first write at this place on, which ZPA ignored. */
const ignoredAt = (chronicle: Chronicle, { unit, sequence }: Settle) =>
  carriersOf(chronicle, unit).find(({ intent }) => intent?.members.some((one) => one.sequence === sequence))?.at;

type Touching = Pick<Settle, 'change'> & { outcome?: Settle['outcome'] | undefined };

/** The objects that a change certainly touches: names as written, ids as written and as they turned out. */
export function touchesOf({ change, outcome }: Touching): Set<string> {
  const groups = [change.group, destinationOf(change)].filter((one) => one !== undefined);
  const newName = newNameOf(change);
  const applied =
    outcome?.kind === 'applied' || outcome?.kind === 'unchanged' ? [`group ${outcome.effect.groupId}`] : [];
  return new Set([
    ...groups.map(groupToken),
    ...(newName === undefined ? [] : [`name ${newName}`]),
    ...applied,
    ...applicationReferences(change).map((one) => `application ${applicationOf(one)}`),
    ...touchedByReplace(change, outcome),
  ]);
}

const groupToken = (reference: Reference) => ('id' in reference ? `group ${reference.id}` : `name ${reference.name}`);

function touchedByReplace(change: ChangeRequest, outcome: Touching['outcome']): string[] {
  const replaces = change.action === 'update' && membershipOf(change)?.replace !== undefined;
  if (!replaces || outcome?.kind !== 'applied') return [];
  return [...outcome.effect.added, ...outcome.effect.removed].map((id) => `application ${id}`);
}
