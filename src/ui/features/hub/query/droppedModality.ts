import type { HubMember } from "../../../../core/domain/hub";
import type { MediaModality } from "../../../../core/domain/modality";
import type { Readers } from "./readers";

const ENDINGS: Readonly<Record<MediaModality, readonly string[]>> = {
  image: ["png", "jpg", "jpeg", "webp", "gif", "bmp", "avif", "svg"],
  audio: ["wav", "mp3", "ogg", "oga", "opus", "m4a", "aac", "flac", "weba", "mp4", "webm", "mov"],
  sensor: ["csv", "tsv", "npy"],
};

const KINDS: Readonly<Record<string, MediaModality>> = {
  image: "image",
  audio: "audio",
  video: "audio", // its sound track
};

/** What a file is, by its type or else its name's ending; undefined where neither says. */
export function modalityOfFile({ type, name }: Pick<File, "type" | "name">) {
  const byType = KINDS[type.split("/")[0] ?? ""];
  if (byType) return byType;
  const ending = name.split(".").at(-1)?.toLowerCase() ?? "";
  const known = Object.entries(ENDINGS) as [MediaModality, readonly string[]][]; // its only keys
  return known.find(([, endings]) => endings.includes(ending))?.[0];
}

/** Whose encoder reads a file; undefined where no member is of its modality. */
export function memberForFile(
  file: Pick<File, "type" | "name">,
  readers: Readers,
): HubMember | undefined {
  const modality = modalityOfFile(file);
  return modality && readers.get(modality);
}

/** What a file input offers: files of the modalities the hub has. */
export function acceptOf(readers: Readers): string {
  return [
    readers.has("image") ? "image/*" : "",
    readers.has("audio") ? "audio/*,video/*" : "",
    readers.has("sensor") ? ENDINGS.sensor.map((ending) => `.${ending}`).join(",") : "",
  ]
    .filter(Boolean)
    .join(",");
}
