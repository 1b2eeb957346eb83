import { DEFAULT_IMPORT } from "../../../core/domain/importFormat";
import type { MediaModality } from "../../../core/domain/modality";

const SOUND_TEMPLATE = "the sound of a {class}";

/** The user's template; where it was left alone, one that fits what the files are. */
export function templateFor(template: string, modality: MediaModality): string {
  const isUntouched = template === DEFAULT_IMPORT.classTemplate;
  return isUntouched && modality === "audio" ? SOUND_TEMPLATE : template;
}

/** A class in words: `golden_retriever` and `golden-retriever` become `golden retriever`. */
function classWords(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ").replaceAll(/\s+/g, " ").trim();
  return words || name;
}

/** The caption a template makes of a class. */
export function captionOf(template: string, name: string): string {
  // A function, so that `$&` in a folder's name stays what it is.
  return template.replaceAll("{class}", () => classWords(name));
}

/** Names that say nothing to a text encoder: `n01440764`, `0017`, `c12`, `A-3`. */
export function looksLikeCode(name: string): boolean {
  return /^[a-z]{0,4}[-_ ]?\d+[a-z]?$/i.test(name.trim());
}
