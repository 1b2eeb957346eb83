import { useCallback, useMemo, useState } from "react";
import { CHECKED_TAG } from "../../../../app/doctoring";
import type { Pair, Split } from "../../../../core/domain/dataset";
import { flaggedCount, rankedPair, type Diagnosis } from "../../../../core/domain/diagnosis";

/** What became of a pair since it was judged. */
export type LineState = "open" | "changed" | "excluded" | "checked";

/** Which lines are listed. */
export interface LineFilter {
  readonly which: "flagged" | "open" | "all";
  readonly split: Split | "any";
}

/** What became of the pair of a line. */
export function stateOf(pair: Pair | undefined, caption: number): LineState {
  if (!pair || pair.excluded !== undefined) return "excluded";
  if (pair.text !== caption) return "changed";
  return pair.tags?.includes(CHECKED_TAG) ? "checked" : "open";
}

/** The places of the ranking that a filter lets through, worst first. */
export function filterLines(
  diagnosis: Diagnosis,
  pairs: readonly Pair[],
  { which, split }: LineFilter,
): number[] {
  const { ranking } = diagnosis;
  const end = which === "flagged" ? flaggedCount(diagnosis) : ranking.pair.length;
  return Array.from({ length: end }, (_, place) => place).filter((place) => {
    const { pair: index, caption } = rankedPair(ranking, place);
    const pair = pairs[index];
    return (
      (split === "any" || pair?.split === split) &&
      (which !== "open" || stateOf(pair, caption) === "open")
    );
  });
}

/** The lines on screen, the one that is open, and those that are selected. */
export function useLines(diagnosis: Diagnosis, pairs: readonly Pair[]) {
  const canFlag = flaggedCount(diagnosis) > 0;
  const [filter, setFilter] = useState<LineFilter>({
    which: canFlag ? "flagged" : "all",
    split: "any",
  });
  const [opened, open] = useState<number | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const lines = useMemo(() => filterLines(diagnosis, pairs, filter), [diagnosis, pairs, filter]);
  const toggle = useCallback(
    (place: number) =>
      setSelected((before) => {
        const next = new Set(before);
        if (!next.delete(place)) next.add(place);
        return next;
      }),
    [],
  );
  return {
    filter,
    setFilter,
    lines,
    opened,
    open,
    /** Opens the line `by` further down; the first when none is open. */
    step: (by: number) => {
      const at = opened === null ? (by > 0 ? -1 : lines.length) : lines.indexOf(opened);
      const next = lines[Math.min(lines.length - 1, Math.max(0, at + by))];
      if (next !== undefined) open(next);
    },
    selected,
    toggle,
    select: (places: readonly number[]) => setSelected(new Set(places)),
    /** Indices of the selected pairs. */
    selectedPairs: [...selected].map((place) => rankedPair(diagnosis.ranking, place).pair),
  };
}

export type Lines = ReturnType<typeof useLines>;
