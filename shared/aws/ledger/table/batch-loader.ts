type Waiting<Item, Answer> = { item: Item; answer: (answer: Answer) => void; fail: (error: unknown) => void };

/**
 * Combines calls made in the same turn of the event loop (`Promise.all`) into one call of `loadBatch` with at most
 * `maxItems` items; a single call becomes a batch of one. `loadBatch` resolves to answers in the order of its items, or
 * rejects for all of them. An answer that is an Error rejects only its own item.
 */
export function createBatchLoader<Item, Answer>(
  maxItems: number,
  loadBatch: (items: readonly Item[]) => Promise<readonly (Answer | Error)[]>,
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];

  async function send(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await loadBatch(batch.map(({ item }) => item));
      for (const [index, { answer, fail }] of batch.entries()) {
        const one = answers[index];
        if (one instanceof Error) fail(one);
        else answer(one as Answer);
      }
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  }

  function sendAll(): void {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += maxItems) void send(all.slice(from, from + maxItems));
  }

  return (item) =>
    new Promise<Answer>((answer, fail) => {
      if (waiting.length === 0) queueMicrotask(sendAll);
      waiting.push({ item, answer, fail });
    });
}
