import { useEffect, useMemo, useState } from "react";
import { useServices } from "../../../app/services";
import { PAGE_PAIRS, PairPages, type PairCard } from "./pairPages";

/** Pages around the window that stay in memory; the rest is read again when scrolled to. */
const KEPT_PAGES = 12;

/** The pairs `first` to `last` (inclusive) as they arrive: a lookup by index. */
export function usePairPages(
  projectId: string,
  first: number,
  last: number,
): (index: number) => PairCard | undefined {
  const { datasets } = useServices().stores;
  const pages = useMemo(() => new PairPages(datasets, projectId), [datasets, projectId]);
  const [cards, setCards] = useState<ReadonlyMap<number, readonly PairCard[]>>(new Map());
  const firstPage = Math.floor(first / PAGE_PAIRS);
  const lastPage = Math.floor(Math.max(first, last) / PAGE_PAIRS);
  useEffect(() => {
    let current = true;
    for (let page = firstPage; page <= lastPage; page++) {
      void pages.read(page).then((read) => {
        if (current) setCards((before) => keepNear(new Map(before).set(page, read), page));
      });
    }
    return () => {
      current = false;
    };
  }, [pages, firstPage, lastPage]);
  return (index) => cards.get(Math.floor(index / PAGE_PAIRS))?.[index % PAGE_PAIRS];
}

function keepNear<T>(cards: Map<number, T>, page: number): Map<number, T> {
  for (const other of cards.keys()) {
    if (Math.abs(other - page) > KEPT_PAGES) cards.delete(other);
  }
  return cards;
}
