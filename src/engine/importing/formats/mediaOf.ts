import { modalityOfName } from "../../../core/domain/mediaNames";
import type { MediaModality } from "../../../core/domain/modality";
import type { SourceEntry } from "../sourceEntry";

/** What most of the files are, by name, and how many of those there are. */
export function mediaOf(entries: readonly SourceEntry[]): {
  modality: MediaModality;
  files: number;
} {
  let image = 0;
  let audio = 0;
  for (const { path } of entries) {
    const modality = modalityOfName(path);
    if (modality === "image") image++;
    else if (modality === "audio") audio++;
  }
  return audio > image ? { modality: "audio", files: audio } : { modality: "image", files: image };
}
