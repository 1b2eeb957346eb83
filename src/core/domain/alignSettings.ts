import { fail, integer, number, object, oneOf, autoOr, boolean, list, text } from "./recipeValues";

export const METHOD_IDS = [
  "auto",
  "freeze-align",
  "linear",
  "sail",
  "low-rank",
  "csa",
  "ridge",
  "procrustes",
  "asif",
] as const;
export type MethodId = (typeof METHOD_IDS)[number];

/** Form of one side's projector; `auto` is the method's own. `identity` locks that side. */
export const PROJECTOR_CHOICES = [
  "auto",
  "linear",
  "freeze-align",
  "sail",
  "low-rank",
  "identity",
] as const;
export type ProjectorChoice = (typeof PROJECTOR_CHOICES)[number];

export const LOSS_CHOICES = ["auto", "infonce", "sigmoid"] as const;
export type LossChoice = (typeof LOSS_CHOICES)[number];

/**
 * What a batch does with items that have several partners.
 *
 * - `sampled`: each connected component at most once, one of its pairs at random.
 * - `masked`: pairs drawn freely; other pairs of the same component are no negatives.
 * - `soft`: pairs drawn freely; pairs of the same component share the target.
 * - `several`: each component at most once, with two of its captions, a loss for each.
 */
export const POSITIVES = ["sampled", "masked", "soft", "several"] as const;
export type Positives = (typeof POSITIVES)[number];

/** The STRUCTURE regulariser (Groeger et al., NeurIPS 2025): keep the neighbourhoods. */
export interface StructureSettings {
  /** λ, reached after the ramp. */
  readonly weight: number;
  /** `code`: the reversed divergence of the published code, which λ = 10 is tuned for. */
  readonly divergence: "code" | "jensen-shannon";
  readonly temperature: number;
  /** L: powers of the neighbour matrix compared. */
  readonly levels: number;
  /** Share of the steps over which λ grows from 0. */
  readonly ramp: number;
}

/** Which training pairs are learned from. Validation and test stay whole. */
export type TrainOn =
  | "all"
  /** That many unrelated training pairs (connected components), nested over sizes of one seed. */
  | number
  | {
      /** Label column whose values are the concepts, or names of concepts. */
      readonly concepts: string | readonly string[];
      /** Unrelated training pairs each concept may take. */
      readonly perConcept: number;
    };

export interface AlignSettings {
  readonly method: MethodId;
  readonly projectors: { readonly image: ProjectorChoice; readonly text: ProjectorChoice };
  /** Width P of the shared space; the width of a locked side where there is one. */
  readonly dimension: number;
  /** SAIL's hidden width as a multiple of its input. */
  readonly expansion: number;
  readonly loss: LossChoice;
  readonly positives: Positives;
  /** `corpus`: every training item of the locked side is a negative in every step. */
  readonly negatives: "batch" | "corpus";
  readonly steps: number | "auto";
  readonly batchSize: number | "auto";
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Share of standardised inputs set to zero during training. */
  readonly dropout: number | "auto";
  /** Largest L2 norm of one side's gradient; null: not clipped. */
  readonly gradientClip: number | null;
  /** Steps without a better validation score after which training ends; null: never. */
  readonly patience: number | "auto" | null;
  readonly fuseMix: boolean | "auto";
  readonly structure: StructureSettings | null;
  readonly trainOn: TrainOn;
  readonly seed: number;
  /** Trainings with seed, seed + 1, ...; the best on validation is kept, all are reported. */
  readonly seeds: number;
}

const ALIGN_KEYS = [
  "method",
  "projectors",
  "dimension",
  "expansion",
  "loss",
  "positives",
  "negatives",
  "steps",
  "batchSize",
  "learningRate",
  "weightDecay",
  "dropout",
  "gradientClip",
  "patience",
  "fuseMix",
  "structure",
  "trainOn",
  "seed",
  "seeds",
] as const satisfies readonly (keyof AlignSettings)[];

/**
 * The `align` section of a recipe, defaults filled in.
 *
 * @throws AppError `recipe/invalid`, naming the key and what was expected.
 */
export function resolveAlign(value: unknown): AlignSettings {
  const align = object(value, "align", ALIGN_KEYS);
  const projectors = object(align["projectors"] ?? {}, "align.projectors", ["image", "text"]);
  const projector = (side: "image" | "text") =>
    oneOf(projectors[side] ?? "auto", `align.projectors.${side}`, PROJECTOR_CHOICES);
  const settings: AlignSettings = {
    method: oneOf(align["method"] ?? "freeze-align", "align.method", METHOD_IDS),
    projectors: { image: projector("image"), text: projector("text") },
    dimension: integer(align["dimension"] ?? 512, "align.dimension", 1, 4096),
    expansion: integer(align["expansion"] ?? 2, "align.expansion", 1, 16),
    loss: oneOf(align["loss"] ?? "auto", "align.loss", LOSS_CHOICES),
    positives: oneOf(align["positives"] ?? "sampled", "align.positives", POSITIVES),
    negatives: oneOf(align["negatives"] ?? "batch", "align.negatives", ["batch", "corpus"]),
    steps: autoOr(align["steps"], "align.steps", (v, key) => integer(v, key, 1, 1_000_000)),
    batchSize: autoOr(align["batchSize"], "align.batchSize", (v, key) => integer(v, key, 2, 4096)),
    learningRate: number(align["learningRate"] ?? 0.001, "align.learningRate", 1e-8, 1),
    weightDecay: number(align["weightDecay"] ?? 0.02, "align.weightDecay", 0, 10),
    dropout: autoOr(align["dropout"], "align.dropout", (v, key) => number(v, key, 0, 0.9)),
    gradientClip: nullOr(align["gradientClip"], "align.gradientClip", 1, (v, key) =>
      number(v, key, 1e-6, 1e6),
    ),
    patience: nullOr(align["patience"], "align.patience", "auto" as const, (v, key) =>
      autoOr(v, key, (each) => integer(each, key, 1, 1_000_000)),
    ),
    fuseMix: autoOr(align["fuseMix"], "align.fuseMix", boolean),
    structure: structureOf(align["structure"]),
    trainOn: trainOnOf(align["trainOn"]),
    seed: integer(align["seed"] ?? 0, "align.seed", 0),
    seeds: integer(align["seeds"] ?? 1, "align.seeds", 1, 100),
  };
  refuseContradictions(settings);
  return settings;
}

/** Settings that cannot hold together, each named with what would. */
function refuseContradictions(settings: AlignSettings): void {
  const { projectors, negatives, positives, fuseMix, loss } = settings;
  const { image, text: caption } = projectors;
  const locked = [image, caption].filter((choice) => choice === "identity").length;
  if (locked === 2) fail("align.projectors", "at least one side that is trained", projectors);
  if (negatives === "corpus" && locked === 0) {
    fail("align.negatives", "“batch”, or one side with the projector “identity”", negatives);
  }
  if (negatives === "corpus" && loss === "sigmoid") {
    fail("align.loss", "“infonce” or “auto” beside negatives “corpus”", loss);
  }
  if (negatives === "corpus" && (positives === "masked" || positives === "soft")) {
    fail("align.positives", "“sampled” or “several” beside negatives “corpus”", positives);
  }
  if (negatives === "corpus" && fuseMix === true) {
    fail("align.fuseMix", "false or “auto” beside negatives “corpus”", fuseMix);
  }
  if (positives !== "sampled" && fuseMix === true) {
    fail("align.fuseMix", "false or “auto” beside positives other than “sampled”", fuseMix);
  }
}

function structureOf(value: unknown): StructureSettings | null {
  if (value === null || value === undefined || value === false) return null;
  const keys = ["weight", "divergence", "temperature", "levels", "ramp"];
  const given = value === true ? {} : object(value, "align.structure", keys);
  const at = (key: string) => `align.structure.${key}`;
  return {
    weight: number(given["weight"] ?? 10, at("weight"), 0, 1e6),
    divergence: oneOf(given["divergence"] ?? "code", at("divergence"), ["code", "jensen-shannon"]),
    temperature: number(given["temperature"] ?? 0.05, at("temperature"), 0.001, 10),
    levels: integer(given["levels"] ?? 1, at("levels"), 1, 3),
    ramp: number(given["ramp"] ?? 0.1, at("ramp"), 0, 1),
  };
}

/** The learning rate to try after one that diverged: a third of it, to one digit. */
export function rateBelow(learningRate: number): number {
  return Number((learningRate / 3).toPrecision(1));
}

function trainOnOf(value: unknown): TrainOn {
  if (value === undefined || value === "all") return "all";
  if (typeof value === "number") return integer(value, "align.trainOn", 2);
  const given = object(value, "align.trainOn", ["concepts", "perConcept"]);
  const { concepts } = given;
  const key = "align.trainOn.concepts";
  return {
    concepts: Array.isArray(concepts) ? list(concepts, key, text) : text(concepts, key),
    perConcept: integer(given["perConcept"], "align.trainOn.perConcept", 1),
  };
}

function nullOr<T, F>(
  value: unknown,
  key: string,
  fallback: F,
  parse: (value: unknown, key: string) => T,
): T | F | null {
  if (value === undefined) return fallback;
  return value === null ? null : parse(value, key);
}
