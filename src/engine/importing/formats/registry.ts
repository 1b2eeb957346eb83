import type { FormatId } from "../../../core/domain/importFormat";
import { AppError } from "../../../core/errors";
import type { OpenedSource } from "../openSource";
import type { DataFormat, Recognition } from "./dataFormat";
import { audioCaps } from "./audioCaps";
import { captionFiles } from "./captionFiles";
import { classFolders } from "./classFolders";
import { clotho } from "./clotho";
import { coco } from "./coco";
import { embeddings } from "./embeddings";
import { esc50 } from "./esc50";
import { flickr } from "./flickr";
import { imageFolder } from "./imageFolder";
import { img2dataset } from "./img2dataset";
import { jsonList } from "./jsonList";
import { karpathy } from "./karpathy";
import { parquet } from "./parquet";
import { sensorArray } from "./sensorArray";
import { sensorFiles } from "./sensorFiles";
import { sensorRecording } from "./sensorRecording";
import { table } from "./table";
import { webDataset } from "./webDataset";

/** Every layout the importer knows. The order does not matter: scores decide. */
export const DATA_FORMATS: readonly DataFormat[] = [
  ...[imageFolder, coco, karpathy, flickr, img2dataset, captionFiles, classFolders],
  ...[jsonList, esc50, clotho, audioCaps, embeddings, webDataset, parquet, table],
  ...[sensorFiles, sensorArray, sensorRecording],
];

export interface Candidate extends Recognition {
  readonly format: DataFormat;
}

/** Every format that fits, best first. */
export async function recogniseFormats(
  source: OpenedSource,
  signal: AbortSignal,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const format of DATA_FORMATS) {
    signal.throwIfAborted();
    const recognition = await format.recognise(source, signal);
    if (recognition) found.push({ format, ...recognition });
  }
  return found.sort((a, b) => b.score - a.score);
}

/**
 * The format to read with: the one asked for, else the best that fits.
 *
 * @throws AppError `import/unrecognised`.
 */
export function chooseFormat(
  candidates: readonly Candidate[],
  wanted: FormatId | "auto",
  { entries }: OpenedSource,
): DataFormat {
  const chosen =
    wanted === "auto" ? candidates[0]?.format : DATA_FORMATS.find(({ id }) => id === wanted);
  if (chosen) return chosen;
  const count = entries.length.toLocaleString("en");
  throw new AppError("import/unrecognised", `no metadata among ${count} files`);
}
