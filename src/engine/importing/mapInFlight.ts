/**
 * Applies `work` to every item, a few at a time.
 *
 * @returns results in the order of the items. The first failure stops the rest and is thrown after
 *   what is under way has ended.
 */
export async function mapInFlight<Item, Result>(
  items: readonly Item[],
  inFlight: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      const item = items[index];
      if (item !== undefined) results[index] = await work(item, index);
    }
  };
  const workers = Array.from({ length: inFlight }, () =>
    worker().catch((thrown: unknown) => {
      next = items.length; // the others must not go on for nothing
      throw thrown;
    }),
  );
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return results;
}
