import type { Split } from "../../../../core/domain/dataset";
import type { MapModel } from "./mapModel";

/** What points are selected by; every condition that is set must hold. */
export interface MapConditions {
  readonly modality: "" | "image" | "text";
  readonly split: "" | Split;
  readonly tag: string;
  /** A label column and the value it must have; both empty: any. */
  readonly column: string;
  readonly value: string;
  /** Held-out rank of at least this; null: any. Points without a rank have none. */
  readonly worstRank: number | null;
}

export const NO_CONDITIONS: MapConditions = {
  ...{ modality: "", split: "", tag: "", column: "", value: "", worstRank: null },
};

/** Whether any condition is set. */
export function hasConditions(conditions: MapConditions): boolean {
  const { modality, split, tag, value, worstRank } = conditions;
  return [modality, split, tag, value].some((each) => each !== "") || worstRank !== null;
}

/** The points that fulfil every condition, ascending. */
export function pointsWith(model: MapModel, conditions: MapConditions): number[] {
  const { modality, split, tag, column, value, worstRank } = conditions;
  const tagged = tag === "" ? null : new Set(model.tagged(tag));
  const label = value === "" ? undefined : model.labels.find((each) => each.column === column);
  if (value !== "" && !label) return [];
  return Array.from({ length: model.points }, (_, point) => point).filter((point) => {
    if (modality !== "" && (modality === "image") !== point < model.images) return false;
    if (split !== "" && model.splitOf(point) !== split) return false;
    if (tagged && !tagged.has(point)) return false;
    if (label && model.labelOf(label, point) !== value) return false;
    return worstRank === null || (model.ranks?.[point] ?? 0) >= worstRank;
  });
}
