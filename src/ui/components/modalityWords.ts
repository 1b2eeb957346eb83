import type { Modality } from "../../core/domain/modality";

/** One item of a modality, as screens call it; its plural takes an s. */
export const ITEM_NOUNS: Readonly<Record<Modality, string>> = {
  image: "image",
  text: "caption",
  audio: "sound",
  sensor: "window",
};
