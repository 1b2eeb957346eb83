/** The kinds of item the playground knows. A new modality joins here first. */
export type Modality = "image" | "text" | "audio" | "sensor";

/** Every modality, in the order screens list them. */
export const MODALITIES = [
  "image",
  "text",
  "audio",
  "sensor",
] as const satisfies readonly Modality[];

/** Modalities whose items are files: their bytes are kept, captions are kept as they are. */
export type MediaModality = Exclude<Modality, "text">;

export const MEDIA_MODALITIES = [
  "image",
  "audio",
  "sensor",
] as const satisfies readonly MediaModality[];

/** The two modalities a run trains projectors between; others join the space it makes, as a hub. */
export type AlignedModality = "image" | "text";

export const ALIGNED_MODALITIES = ["image", "text"] as const satisfies readonly AlignedModality[];

/** The modality on the other side of an aligned pair. */
export function otherModality(modality: AlignedModality): AlignedModality {
  return modality === "image" ? "text" : "image";
}

/** The same of every modality. */
export function ofEachModality<T>(of: (modality: Modality) => T): Record<Modality, T> {
  return { image: of("image"), text: of("text"), audio: of("audio"), sensor: of("sensor") };
}

/** The items of a modality as files of the visitor, at the beginning of a line. */
export const ITEM_NAMES = {
  image: "Pictures",
  text: "Captions",
  audio: "Sounds",
  sensor: "Windows",
} as const satisfies Record<Modality, string>;
