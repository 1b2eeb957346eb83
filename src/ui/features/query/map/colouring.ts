import { SPLITS } from "../../../../core/domain/dataset";
import type { MapModel } from "./mapModel";

/** What the points are coloured by; a label column by its name. */
export type ColourBy = "modality" | "split" | "rank" | "cosine" | "mismatch" | `label:${string}`;

/** Points of one colour. */
export interface ColourGroup {
  readonly name: string;
  readonly colour: GroupColour;
  readonly count: number;
}

/** Which colour: a modality's, one of eight kinds, one of six steps, or grey for what is unknown. */
export type GroupColour =
  | { readonly kind: "image" | "text" | "none" | "other" }
  | { readonly kind: "category" | "step"; readonly index: number };

export interface Colouring {
  readonly by: ColourBy;
  /** What the groups are of: `Category`, `Rank of the partner`. */
  readonly title: string;
  readonly groups: readonly ColourGroup[];
  /** [points] index into groups. */
  readonly codes: Uint8Array;
  /** Whether the groups are places on a scale rather than kinds. */
  readonly isScale: boolean;
}

/** More kinds than this cannot be told apart by colour; the rarer ones share “other”. */
export const MOST_CATEGORIES = 8;

/** Upper ends of the steps of ranks. */
const RANK_STEPS = [1, 3, 10, 30, 100, Infinity] as const;
const SCALE_STEPS = 6;

/** Sorts the points into groups of one colour each. Groups without points are left out. */
export function colouring(model: MapModel, by: ColourBy): Colouring {
  switch (by) {
    case "modality":
      return grouped(model, by, "Modality", {
        groups: [
          { name: "images", colour: { kind: "image" } },
          { name: "texts", colour: { kind: "text" } },
        ],
        groupOf: (point) => (point < model.images ? 0 : 1),
      });
    case "split":
      return grouped(model, by, "Split", {
        groups: SPLITS.map((name, index) => ({ name, colour: { kind: "category", index } })),
        groupOf: (point) => SPLITS.indexOf(model.splitOf(point)),
      });
    case "rank":
      return byRank(model);
    case "cosine":
      return bySteps(model, by, {
        ...{ title: "Cosine with its partner", values: model.cosines, missing: "no partner" },
      });
    case "mismatch":
      return bySteps(model, by, {
        ...{ title: "Mismatch found by the doctor", values: model.mismatches },
        missing: "not judged",
      });
    default:
      return byLabel(model, by);
  }
}

interface Grouping {
  readonly groups: readonly Omit<ColourGroup, "count">[];
  readonly groupOf: (point: number) => number;
  readonly isScale?: boolean;
}

function grouped(
  model: MapModel,
  by: ColourBy,
  title: string,
  { groups, groupOf, isScale = false }: Grouping,
): Colouring {
  const all = Uint8Array.from({ length: model.points }, (_, point) => groupOf(point));
  const counts = new Array<number>(groups.length).fill(0);
  for (const code of all) counts[code]!++;
  const kept = [...groups.keys()].filter((code) => counts[code]! > 0);
  const newCode = Uint8Array.from(groups, (_, code) => Math.max(0, kept.indexOf(code)));
  return {
    ...{ by, title, isScale },
    groups: kept.map((code) => ({ ...groups[code]!, count: counts[code]! })),
    codes: all.map((code) => newCode[code]!),
  };
}

function byLabel(model: MapModel, by: ColourBy): Colouring {
  const name = by.slice("label:".length);
  const column = model.labels.find((label) => label.column === name);
  if (!column) return colouring(model, "modality");
  const shown = column.values.slice(0, MOST_CATEGORIES);
  const others = column.values.length - shown.length;
  const codeOf = new Map(shown.map((value, index) => [value, index]));
  return grouped(model, by, name, {
    groups: [
      ...shown.map((value, index) => ({
        name: value,
        colour: { kind: "category", index } as const,
      })),
      { name: `${others} other ${others === 1 ? "value" : "values"}`, colour: { kind: "other" } },
      { name: "no label", colour: { kind: "none" } },
    ],
    groupOf(point) {
      const label = model.labelOf(column, point);
      return label === "" ? shown.length + 1 : (codeOf.get(label) ?? shown.length);
    },
  });
}

function byRank(model: MapModel): Colouring {
  const { ranks } = model;
  const names = RANK_STEPS.map((end, i) => {
    const start = (RANK_STEPS[i - 1] ?? 0) + 1;
    if (end === Infinity) return `${start} and worse`;
    return start === end ? `${start}` : `${start} to ${end}`;
  });
  return grouped(model, "rank", "Rank of the true partner, held out", {
    isScale: true,
    groups: [
      ...names.map((name, index) => ({ name, colour: { kind: "step", index } as const })),
      { name: ranks ? "trained on" : "not computed", colour: { kind: "none" } },
    ],
    groupOf(point) {
      const rank = ranks?.[point] ?? 0;
      return rank === 0 ? names.length : RANK_STEPS.findIndex((end) => rank <= end);
    },
  });
}

interface Scale {
  readonly title: string;
  /** [points]; NaN where missing, null before it was computed. */
  readonly values: Float32Array | null;
  readonly missing: string;
}

/** Six steps of equal width; what lies far outside joins the outer ones. */
function bySteps(model: MapModel, by: ColourBy, { title, values, missing }: Scale): Colouring {
  const { low, high } = inner(values);
  const width = (high - low) / SCALE_STEPS;
  const names = Array.from({ length: SCALE_STEPS }, (_, i) => {
    const start = (low + i * width).toFixed(2);
    const end = (low + (i + 1) * width).toFixed(2);
    if (i === 0) return `below ${end}`;
    return i === SCALE_STEPS - 1 ? `${start} and more` : `${start} to ${end}`;
  });
  return grouped(model, by, title, {
    isScale: true,
    groups: [
      ...names.map((name, index) => ({ name, colour: { kind: "step", index } as const })),
      { name: values ? missing : "not computed", colour: { kind: "none" } },
    ],
    groupOf(point) {
      const value = values?.[point] ?? NaN;
      if (Number.isNaN(value)) return names.length;
      const step = width > 0 ? Math.floor((value - low) / width) : 0;
      return Math.min(SCALE_STEPS - 1, Math.max(0, step));
    },
  });
}

/** Second and ninety-eighth percentile, so that one far value does not take all the colours. */
function inner(values: Float32Array | null): { low: number; high: number } {
  const sorted = values?.filter((value) => !Number.isNaN(value)).sort() ?? new Float32Array();
  if (sorted.length === 0) return { low: 0, high: 1 };
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return { low: at(0.02), high: at(0.98) };
}
