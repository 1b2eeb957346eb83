import type { BaselineId } from "../../../core/domain/evaluation";
import type {
  AlignSettings,
  LossChoice,
  MethodId,
  Positives,
  ProjectorChoice,
  StructureSettings,
} from "../../../core/domain/alignSettings";
import type { AlignedModality } from "../../../core/domain/modality";
import { isPromptPreset, type PromptPreset } from "../../../core/catalogue/promptTemplates";
import { DEFAULT_TEMPLATES, resolveRecipe, type Recipe } from "../../../core/domain/recipe";

/** The STRUCTURE settings as typed; they stay while the regulariser is off. */
export interface StructureForm {
  readonly on: boolean;
  readonly weight: string;
  readonly divergence: StructureSettings["divergence"];
  readonly temperature: string;
  readonly levels: string;
  readonly ramp: string;
}

/** Which training pairs are learned from, as typed; every kind keeps its own fields. */
export interface TrainOnForm {
  readonly kind: "all" | "pairs" | "column" | "names";
  /** May list several sizes, “all” among them. */
  readonly pairs: string;
  /** Label column whose values are the concepts. */
  readonly column: string;
  /** Names of concepts, one per line. */
  readonly names: string;
  readonly perConcept: string;
}

/**
 * The Align form as the visitor typed it: texts, so that nothing typed is lost. A text of numbers
 * may list several, separated by commas: each becomes a run of a sweep.
 */
export interface AlignForm {
  readonly method: MethodId;
  /** Further methods to run with the same settings. */
  readonly alsoMethods: readonly MethodId[];
  readonly projectors: Readonly<Record<AlignedModality, ProjectorChoice>>;
  readonly alsoProjectors: Readonly<Record<AlignedModality, readonly ProjectorChoice[]>>;
  readonly dimension: string;
  readonly expansion: string;
  readonly loss: LossChoice;
  readonly positives: Positives;
  readonly negatives: AlignSettings["negatives"];
  /** Empty: chosen from the number of pairs. */
  readonly steps: string;
  /** Empty: chosen from the number of pairs. */
  readonly batchSize: string;
  readonly learningRate: string;
  readonly weightDecay: string;
  /** Empty: chosen from the number of pairs. */
  readonly dropout: string;
  /** Empty: not clipped. */
  readonly gradientClip: string;
  /** Empty: chosen by the method; “never”: to the last step. */
  readonly patience: string;
  readonly fuseMix: "auto" | "on" | "off";
  readonly structure: StructureForm;
  readonly trainOn: TrainOnForm;
  readonly seed: string;
  readonly seeds: string;
  /** The k of recall@k, separated by commas. */
  readonly retrieval: string;
  readonly csls: boolean;
  /** Label column to classify by after training, or empty. */
  readonly zeroShotLabel: string;
  /** A ready-made list, or empty for `templates`. */
  readonly templatePreset: PromptPreset | "";
  /** The visitor's own, one per line. */
  readonly templates: string;
  readonly baselines: readonly BaselineId[];
}

const PLAIN = resolveRecipe({ version: 1, data: { project: "any" }, align: { structure: true } });
const PER_CONCEPT = "20"; // enough to learn a class from, few enough to balance most label columns

/** A recipe's settings as the form shows them. */
export function formOf({ align, evaluate }: Recipe): AlignForm {
  const templates = evaluate.zeroShot?.templates ?? DEFAULT_TEMPLATES;
  return {
    method: align.method,
    alsoMethods: [],
    projectors: align.projectors,
    alsoProjectors: { image: [], text: [] },
    dimension: String(align.dimension),
    expansion: String(align.expansion),
    loss: align.loss,
    positives: align.positives,
    negatives: align.negatives,
    steps: unlessAuto(align.steps),
    batchSize: unlessAuto(align.batchSize),
    learningRate: String(align.learningRate),
    weightDecay: String(align.weightDecay),
    dropout: unlessAuto(align.dropout),
    gradientClip: align.gradientClip === null ? "" : String(align.gradientClip),
    patience: align.patience === null ? "never" : unlessAuto(align.patience),
    fuseMix: align.fuseMix === "auto" ? "auto" : align.fuseMix ? "on" : "off",
    structure: structureForm(align.structure),
    trainOn: trainOnForm(align.trainOn),
    seed: String(align.seed),
    seeds: String(align.seeds),
    retrieval: evaluate.retrieval.join(", "),
    csls: evaluate.csls,
    zeroShotLabel: evaluate.zeroShot?.label ?? "",
    templatePreset: isPromptPreset(templates) ? templates : "",
    templates: (isPromptPreset(templates) ? DEFAULT_TEMPLATES : templates).join("\n"),
    baselines: evaluate.baselines,
  };
}

const unlessAuto = (value: number | "auto") => (value === "auto" ? "" : String(value));

function structureForm(settings: StructureSettings | null): StructureForm {
  const shown = settings ?? PLAIN.align.structure;
  return {
    on: settings !== null,
    weight: String(shown?.weight ?? ""),
    divergence: shown?.divergence ?? "code",
    temperature: String(shown?.temperature ?? ""),
    levels: String(shown?.levels ?? ""),
    ramp: String(shown?.ramp ?? ""),
  };
}

function trainOnForm(trainOn: AlignSettings["trainOn"]): TrainOnForm {
  const nothing = { pairs: "", column: "", names: "", perConcept: PER_CONCEPT };
  if (trainOn === "all") return { ...nothing, kind: "all" };
  if (typeof trainOn === "number") return { ...nothing, kind: "pairs", pairs: String(trainOn) };
  const { concepts } = trainOn;
  const perConcept = String(trainOn.perConcept);
  return typeof concepts === "string"
    ? { ...nothing, kind: "column", column: concepts, perConcept }
    : { ...nothing, kind: "names", names: concepts.join("\n"), perConcept };
}
