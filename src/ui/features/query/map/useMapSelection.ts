import { useMemo, useState } from "react";
import type { MapModel } from "./mapModel";

/** Which points are selected, and which one is looked at. */
export interface MapSelection {
  readonly points: readonly number[];
  readonly has: (point: number) => boolean;
  /** The point looked at, or -1. */
  readonly focus: number;
  readonly lookAt: (point: number) => void;
  readonly choose: (points: readonly number[], how?: "replace" | "add") => void;
  readonly toggle: (point: number) => void;
  readonly clear: () => void;
}

/** The selection on a map; it starts anew when the map shows other items. */
export function useMapSelection(model: MapModel | null): MapSelection {
  const [state, setState] = useState(NOTHING);
  const items = model?.items ?? null;
  if (state.items !== items) setState({ ...NOTHING, items });
  const { chosen, focus } = state.items === items ? state : NOTHING;
  return useMemo(() => {
    const choose = (next: ReadonlySet<number>) => setState((now) => ({ ...now, chosen: next }));
    return {
      points: [...chosen].sort((a, b) => a - b),
      has: (point) => chosen.has(point),
      focus,
      lookAt: (point) => setState((now) => (now.focus === point ? now : { ...now, focus: point })),
      choose: (points, how = "replace") =>
        choose(new Set(how === "add" ? [...chosen, ...points] : points)),
      toggle(point) {
        const next = new Set(chosen);
        if (!next.delete(point)) next.add(point);
        choose(next);
      },
      clear: () => choose(new Set()),
    };
  }, [chosen, focus]);
}

const NOTHING: {
  readonly items: MapModel["items"] | null;
  readonly chosen: ReadonlySet<number>;
  readonly focus: number;
} = { items: null, chosen: new Set(), focus: -1 };

/** Pairs of selected points, by index in the project, ascending. */
export function pairsOfSelection(model: MapModel, points: readonly number[]): number[] {
  const found = new Set(
    points.flatMap((point) => model.pairsOf(point).map((p) => model.pairs[p]!.index)),
  );
  return [...found].sort((a, b) => a - b);
}
