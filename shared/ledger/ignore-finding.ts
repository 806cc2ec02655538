import {
  type AddedIgnore,
  addIgnore,
  type EndedIgnore,
  endIgnores,
  type IgnoreList,
  type IgnoreRequest,
  noIgnores,
} from '../domain/drift/ignores.ts';
import type { Lane } from '../domain/lane/change-ref.ts';
import type { Ignores } from '../ports/ignores.ts';
import type { Clock } from '../ports/ports.ts';
import { optimisticUpdate } from './optimistic-update.ts';

/** The clock dates what is written. */
export type IgnorePorts = { ignores: Ignores; clock: Pick<Clock, 'now'> };

/**
 * Ignores a finding of the lane as `addIgnore` does, again over what somebody else wrote meanwhile. Answers the stored list and
 * the ignore, or why it is refused; then nothing is written. Rejects as the ledger does.
 */
export async function ignoreFinding(
  ports: IgnorePorts,
  lane: Lane,
  request: Omit<IgnoreRequest, 'at'>,
): Promise<AddedIgnore> {
  const at = ports.clock.now();
  let result: AddedIgnore | undefined;
  const list = await updateIgnores(ports, lane, (known) => {
    result = addIgnore(known, { ...request, at });
    return result.ok ? result.list : known;
  });
  if (result === undefined) throw new Error('an update is tried at least once');
  return result.ok ? { ...result, list } : result;
}

/** Ends those ignores of the lane that hold. Answers the list as it stands then. Rejects as the ledger does. */
export async function endFindingIgnores(
  ports: IgnorePorts,
  lane: Lane,
  ends: readonly EndedIgnore[],
): Promise<IgnoreList> {
  const at = ports.clock.now();
  return updateIgnores(ports, lane, (known) => endIgnores(known, ends, at));
}

async function updateIgnores(
  { ignores }: IgnorePorts,
  lane: Lane,
  change: (known: IgnoreList) => IgnoreList,
): Promise<IgnoreList> {
  const { record } = await optimisticUpdate<IgnoreList, IgnoreList>(await ignores.read(lane), {
    change,
    write: (next, expected) => ignores.write(next, expected),
    absent: () => noIgnores(lane),
    subject: `the ignores of lane ${lane}`,
  });
  return record;
}
