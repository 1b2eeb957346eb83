import { useCallback, useRef, useState } from "react";

/** Which pairs are selected, by index. */
export interface PairSelection {
  readonly size: number;
  readonly indices: readonly number[];
  readonly has: (index: number) => boolean;
  /** Selects or deselects a pair; `extend` selects everything from the last one to this. */
  readonly toggle: (index: number, place: number, extend: boolean) => void;
  readonly clear: () => void;
}

/** @param view the pairs shown, by index, in this order; null: all of them. */
export function usePairSelection(view: readonly number[] | null): PairSelection {
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const anchor = useRef(0);
  const toggle = useCallback(
    (index: number, place: number, extend: boolean) => {
      const from = anchor.current;
      anchor.current = place;
      setSelected((before) => {
        const next = new Set(before);
        if (extend) {
          for (let p = Math.min(from, place); p <= Math.max(from, place); p++) {
            next.add(view ? (view[p] ?? index) : p);
          }
        } else if (!next.delete(index)) next.add(index);
        return next;
      });
    },
    [view],
  );
  const clear = useCallback(() => setSelected(new Set<number>()), []);
  return {
    size: selected.size,
    indices: [...selected],
    has: (index) => selected.has(index),
    toggle,
    clear,
  };
}
