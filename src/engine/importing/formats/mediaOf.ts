import type { MediaModality } from "../../../core/domain/modality";
import type { SourceEntry } from "../sourceEntry";

export const PICTURE_NAME = /\.(png|jpe?g|webp|gif|bmp|avif)$/i;
export const SOUND_NAME = /\.(wav|flac|mp3|ogg|oga|opus|m4a|aac|webm)$/i;

/** What most of the files are, by name, and how many of those there are. */
export function mediaOf(entries: readonly SourceEntry[]): {
  modality: MediaModality;
  files: number;
} {
  let image = 0;
  let audio = 0;
  for (const { path } of entries) {
    if (PICTURE_NAME.test(path)) image++;
    else if (SOUND_NAME.test(path)) audio++;
  }
  return audio > image ? { modality: "audio", files: audio } : { modality: "image", files: image };
}
