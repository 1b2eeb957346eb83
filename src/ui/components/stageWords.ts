import type { Progress, Stage } from "../../core/progress";
import { formatBytes, formatCount } from "./formatting";

/** What each stage does, as a screen says it. */
export const STAGE_WORDS: Readonly<Record<Stage, string>> = {
  download: "Downloading",
  open: "Opening archives",
  read: "Reading files",
  import: "Importing",
  check: "Checking the data",
  store: "Storing embeddings",
  "load-encoder": "Loading the encoder",
  "self-check": "Checking the encoder against its reference vectors",
  calibrate: "Measuring how fast this device is",
  encode: "Encoding",
  neighbours: "Finding nearest neighbours",
  compare: "Comparing embeddings",
  shuffle: "Shuffling the pairs",
  probe: "Probing",
  baselines: "Computing baselines",
  train: "Training",
  evaluate: "Evaluating on held-out pairs",
  project: "Projecting the gallery",
  "lay-out": "Laying out the map",
  examine: "Examining the pairs",
  pack: "Writing files",
  restore: "Restoring the project",
  sweep: "Running one after the other",
  freeze: "Freezing the space",
  verify: "Checking that nothing frozen moved",
};

/** `412 of 3,246 items`, or bytes in their own unit. Empty where there is nothing to count. */
export function amountOf({ done, total, unit }: Progress): string {
  if (total <= 1) return "";
  if (unit === "bytes") return `${formatBytes(done)} of ${formatBytes(total)}`;
  return `${formatCount(done)} of ${formatCount(total)} ${unit}`;
}
