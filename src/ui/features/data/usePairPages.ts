import { useEffect, useMemo, useState } from "react";
import { useServices } from "../../../app/services";
import { PAGE_PAIRS, PairPages, type PairCard } from "./pairPages";

/** Pages around the window that stay in memory; the rest is read again when scrolled to. */
const KEPT_PAGES = 12;

export interface PairSource {
  readonly projectId: string;
  /** Changes with the data: what is on screen is read again, and stays until it has been. */
  readonly version: string;
  /** The pairs to show, by index, in this order; null: all of them. */
  readonly view: readonly number[] | null;
}

/** The cards `first` to `last` (inclusive) as they arrive: a lookup by place in the view. */
export function usePairPages(
  { projectId, version, view }: PairSource,
  first: number,
  last: number,
): (place: number) => PairCard | undefined {
  const { datasets } = useServices().stores;
  const pages = useMemo(
    () => ({ version, reader: new PairPages(datasets, projectId, view) }),
    [datasets, projectId, view, version],
  );
  const [cards, setCards] = useState<ReadonlyMap<number, readonly PairCard[]>>(new Map());
  const firstPage = Math.floor(first / PAGE_PAIRS);
  const lastPage = Math.floor(Math.max(first, last) / PAGE_PAIRS);
  useEffect(() => {
    let current = true;
    for (let page = firstPage; page <= lastPage; page++) {
      void pages.reader.read(page).then((read) => {
        if (current) setCards((before) => keepNear(new Map(before).set(page, read), page));
      });
    }
    return () => {
      current = false;
    };
  }, [pages, firstPage, lastPage]);
  return (place) => cards.get(Math.floor(place / PAGE_PAIRS))?.[place % PAGE_PAIRS];
}

function keepNear<T>(cards: Map<number, T>, page: number): Map<number, T> {
  for (const other of cards.keys()) {
    if (Math.abs(other - page) > KEPT_PAGES) cards.delete(other);
  }
  return cards;
}
