import type { Chance } from '../../shared/ports/ports.ts';

/**
 * The ids in their order, from one of them on and round. A run may end before the end of a list, for want of time or at
 * tickets that cannot be read: so none of them is left for ever.
 */
export function fromAnywhere(chance: Pick<Chance, 'random'>, ids: readonly string[]): string[] {
  const first = Math.floor(chance.random() * ids.length);
  return [...ids.slice(first), ...ids.slice(0, first)];
}

/** The same of a list that is still to be read. Rejects as the list does, after the ids that came before. */
export async function* listFromAnywhere(
  chance: Pick<Chance, 'random'>,
  list: AsyncIterable<string>,
): AsyncGenerator<string> {
  const ids: string[] = [];
  let failure: { error: unknown } | undefined;
  try {
    for await (const id of list) ids.push(id);
  } catch (error) {
    failure = { error };
  }
  yield* fromAnywhere(chance, ids);
  if (failure !== undefined) throw failure.error;
}
