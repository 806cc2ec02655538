type Waiting<Item, Answer> = { item: Item; answer: (answer: Answer) => void; fail: (error: unknown) => void };

/**
 * One call for what is asked for at the same time: calls made in one go (`Promise.all`) reach AWS as a batch, a call by
 * itself as itself. `together` answers in the order of its items, at most `most` of them, or rejects for all; an answer that
 * is an Error rejects the one it belongs to.
 */
export function createBatchLoader<Item, Answer>(
  most: number,
  together: (items: readonly Item[]) => Promise<readonly (Answer | Error)[]>,
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];

  async function send(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await together(batch.map(({ item }) => item));
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
    for (let from = 0; from < all.length; from += most) void send(all.slice(from, from + most));
  }

  return (item) =>
    new Promise<Answer>((answer, fail) => {
      if (waiting.length === 0) queueMicrotask(sendAll);
      waiting.push({ item, answer, fail });
    });
}
