/** Items that have something to be said about them: all of them counted, the first ones named. */
export interface NamedItems {
  readonly count: number;
  readonly named: readonly ItemNote[];
}

/** What there is to say about one item. */
export interface ItemNote {
  readonly digest: string;
  /** Where it came from, e.g. its file's name. */
  readonly source: string;
  readonly reason: string;
}

/** Nothing to say about any item. */
export const NO_ITEMS: NamedItems = { count: 0, named: [] };

const MOST_NAMED = 200; // a record stays small, and nobody reads further

/** Counts notes and keeps the first. */
export const nameItems = (notes: readonly ItemNote[]): NamedItems => ({
  count: notes.length,
  named: notes.slice(0, MOST_NAMED).map(({ digest, source, reason }) => ({
    ...{ digest, source, reason },
  })),
});
