/** Does the work for every item, for at most `limit` of them at once. Rejects as the first work that does. */
export async function forEachAtOnce<T>(
  items: Iterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items].values();
  const workers = Array.from({ length: limit }, async () => {
    for (const item of left) await work(item);
  });
  await Promise.all(workers);
}
