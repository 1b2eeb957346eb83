import type { BaselineId } from "../../core/domain/evaluation";

/** What a baseline is called on screen. */
export const BASELINE_NAMES: Readonly<Record<BaselineId, string>> = {
  chance: "Chance",
  shuffled: "Shuffled pairs",
  procrustes: "Procrustes",
  ridge: "Ridge",
  csa: "CSA",
  asif: "ASIF",
};

/** What each baseline controls for, in one sentence. */
export const BASELINE_EXPLANATIONS: Readonly<Record<BaselineId, string>> = {
  chance: "What random ranking gives for this gallery.",
  shuffled: "The same solver with the training pairs mixed up: what it finds where nothing is.",
  procrustes: "The rotation that best lays one space on the other; nothing is trained.",
  ridge: "Linear regression from one side to the other; nothing is trained.",
  csa: "Regularised canonical correlation; nothing is trained.",
  asif: "Likeness to known pairs, compared as it is; nothing is trained.",
};
