/** The kinds of item the playground can embed. A new modality joins here first. */
export type Modality = "image" | "text";

/** Every modality, in the order screens list them. */
export const MODALITIES = ["image", "text"] as const satisfies readonly Modality[];

/** The modality on the other side of a pair. */
export function otherModality(modality: Modality): Modality {
  return modality === "image" ? "text" : "image";
}
