import type { LabelledFiles } from "../../../app/labelling";
import type { Item } from "../../../core/domain/dataset";
import { toCsv } from "../../../core/formats/csv";
import type { Classified } from "./useClassify";

/** Labels given to the pictures of a folder: a row per file, a column per label. */
export function folderCsv({ labels, files, others }: LabelledFiles): string {
  return toCsv([
    ["file", "label", "probability", ...labels.map((label) => `p(${label})`), "error"],
    ...files.map((file) => {
      if ("error" in file) return [file.path, ...labels.map(() => null), null, null, file.error];
      const { probabilities } = file;
      const best = bestOf(probabilities);
      return [file.path, labels[best], probabilities[best], ...probabilities, null];
    }),
    ...others.map((path) => [path, ...labels.map(() => null), null, null, "not a picture"]),
  ]);
}

/** Labels given to the project's images, with the truth where it is known. */
export function classificationCsv({ labels, items }: Classified, images: readonly Item[]): string {
  const most = items.reduce((count, { next }) => Math.max(count, next.length), 0);
  const ranks = Array.from({ length: most }, (_, i) => i);
  return toCsv([
    [
      ...["image", "split", "truth", "label", "probability"],
      ...ranks.flatMap((i) => [`label_${i + 2}`, `probability_${i + 2}`]),
    ],
    ...items.map(({ item, split, truth, label, probability, next }) => [
      images[item]?.source,
      split,
      labels[truth],
      labels[label],
      probability,
      ...ranks.flatMap((i) => {
        const other = next[i];
        return [other && labels[other.label], other?.probability];
      }),
    ]),
  ]);
}

/** Index of the highest, the first of equals. */
export function bestOf(probabilities: readonly number[]): number {
  return probabilities.reduce((best, p, i) => (p > probabilities[best]! ? i : best), 0);
}
