import type { MediaModality } from "./modality";

const PICTURE_NAME = /\.(png|jpe?g|webp|gif|bmp|avif)$/i;
const SOUND_NAME = /\.(wav|flac|mp3|ogg|oga|opus|m4a|aac|webm)$/i;

/** What a file of this name should hold, or undefined: only its bytes say what it does hold. */
export function modalityOfName(path: string): MediaModality | undefined {
  if (PICTURE_NAME.test(path)) return "image";
  return SOUND_NAME.test(path) ? "audio" : undefined;
}

/** A path without its last extension: `a/b.seg.png` → `a/b.seg`; `a.d/b` stays as it is. */
export function stemOf(path: string): string {
  const dot = path.lastIndexOf(".");
  // A name that begins with its only dot has no extension.
  return dot > path.lastIndexOf("/") + 1 ? path.slice(0, dot) : path;
}
