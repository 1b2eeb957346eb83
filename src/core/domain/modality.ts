/** The kinds of item the playground can import. A new modality joins here first. */
export type Modality = "image" | "text" | "audio";

/** Every modality, in the order screens list them. */
export const MODALITIES = ["image", "text", "audio"] as const satisfies readonly Modality[];

/** Modalities whose items are files: their bytes are kept, captions are kept as they are. */
export type MediaModality = Exclude<Modality, "text">;

export const MEDIA_MODALITIES = ["image", "audio"] as const satisfies readonly MediaModality[];

/** The two modalities that projectors are trained between in this version. */
export type AlignedModality = "image" | "text";

export const ALIGNED_MODALITIES = ["image", "text"] as const satisfies readonly AlignedModality[];

/** The modality on the other side of an aligned pair. */
export function otherModality(modality: AlignedModality): AlignedModality {
  return modality === "image" ? "text" : "image";
}
