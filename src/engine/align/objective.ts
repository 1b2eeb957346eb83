import type { AlignSettings, StructureSettings } from "../../core/domain/alignSettings";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../core/domain/modality";
import type { Matrix } from "../../core/math/matrix";
import type { BatchOptions, View } from "./batches";
import { openCorpus, type Corpus } from "./corpus";
import { corpusInfoNce } from "./losses/corpusInfoNce";
import { maskedInfoNce, softInfoNce } from "./losses/groupedInfoNce";
import { infoNce } from "./losses/infoNce";
import { sigmoidLoss } from "./losses/sigmoid";
import { meanSelfProbability, neighbourProbabilities, structureLoss } from "./losses/structure";
import { l2Normalize } from "./ops/l2Normalize";
import * as tf from "./tf";
import { isLocked, lockedSide, lossOf, type Heads, type NamedTensors } from "./trainedParameters";

/** What is minimised, and the part of it that compares the two sides. */
export interface StepLosses {
  /** Alignment loss + weight × STRUCTURE; the same tensor as `alignment` without STRUCTURE. */
  readonly total: tf.Scalar;
  readonly alignment: tf.Scalar;
}

/** A view on the device. */
export interface UploadedView {
  readonly inputs: Readonly<Record<AlignedModality, tf.Tensor2D>>;
  /** Neighbour matrices of the frozen rows of each trained side, by power. */
  readonly neighbours: Readonly<Record<AlignedModality, readonly tf.Tensor2D[] | null>> | null;
  readonly groups: Uint32Array | null;
  readonly corpus: ReturnType<Corpus["of"]> | null;
}

/** The loss of a step, from views and tensors. */
export interface Objective {
  /** Within a `tf.tidy`, and outside of the gradient: neighbourhoods of frozen rows are constants. */
  upload(view: View): UploadedView;
  /** Mean over the views. Within a `tf.tidy`. */
  losses(views: readonly UploadedView[], tensors: NamedTensors, step: number): StepLosses;
  /** Mean self-probability of the frozen rows' neighbour matrices; null without STRUCTURE. */
  selfProbability(view: View): Promise<number | null>;
  dispose(): void;
}

/** The objective that the settings describe. */
export function openObjective(options: BatchOptions): Objective {
  const { data, settings, training, heads } = options;
  const { structure } = settings;
  const locked = lockedSide(heads);
  const hasCorpus = settings.negatives === "corpus" && locked;
  const bank = hasCorpus ? openCorpus(data, locked, training.fuseMix) : null;
  const rows = bank ? upload(bank.rows) : null;
  const neighboursOf = (view: View) => {
    if (!structure || structure.weight === 0 || !view.raw) return null;
    const { temperature, levels } = structure;
    const of = (side: AlignedModality) =>
      isLocked(heads[side]) || !view.raw
        ? null // its neighbourhoods are the frozen ones
        : neighbourProbabilities(upload(view.raw[side]), temperature, levels);
    return { image: of("image"), text: of("text") };
  };
  return {
    upload: (view) => ({
      inputs: { image: upload(view.inputs.image), text: upload(view.inputs.text) },
      neighbours: neighboursOf(view),
      groups: view.groups,
      corpus: bank ? bank.of(view.batch) : null,
    }),
    losses(views, tensors, step) {
      const each = views.map((view) => {
        const projected = projections(view, tensors, heads);
        const bankOf = view.corpus && rows && locked ? { ...view.corpus, rows, locked } : null;
        const compared = { ...projected, groups: view.groups, tensors, bank: bankOf };
        const alignment = alignmentLoss(compared, settings);
        return { alignment, structure: structureTerm(view, projected, structure) };
      });
      const alignment = mean(each.map((losses) => losses.alignment));
      const terms = each.flatMap((losses) => (losses.structure ? [losses.structure] : []));
      if (!structure || terms.length === 0) return { alignment, total: alignment };
      const weight = structureWeightAt(step, training.steps, structure);
      return { alignment, total: tf.add(alignment, tf.mul(mean(terms), weight)) };
    },
    async selfProbability(view) {
      const probabilities = tf.tidy(() => {
        const neighbours = neighboursOf(view);
        const each = ALIGNED_MODALITIES.flatMap((side) => neighbours?.[side]?.slice(0, 1) ?? []);
        return each.length === 0 ? [] : [mean(each.map((p) => meanSelfProbability(p)))];
      });
      const [probability] = probabilities;
      if (!probability) return null;
      const [value = NaN] = await probability.data();
      probability.dispose();
      return value;
    },
    dispose: () => rows?.dispose(),
  };
}

/** λ at a step, from 0: it grows linearly over the first `ramp` of all steps, then stays. */
function structureWeightAt(
  step: number,
  steps: number,
  { weight, ramp }: Pick<StructureSettings, "weight" | "ramp">,
): number {
  const growing = Math.ceil(ramp * steps);
  return step >= growing ? weight : (weight * (step + 1)) / (growing + 1);
}

/** Both sides of a view in the shared space, L2-normalised: [B, P]. */
function projections({ inputs }: UploadedView, tensors: NamedTensors, heads: Heads) {
  const side = (modality: AlignedModality) =>
    l2Normalize(heads[modality].apply(tensors[modality], inputs[modality]));
  return { image: side("image"), text: side("text") };
}

interface Compared {
  readonly image: tf.Tensor2D;
  readonly text: tf.Tensor2D;
  readonly groups: Uint32Array | null;
  readonly tensors: NamedTensors;
  readonly bank:
    | (ReturnType<Corpus["of"]> & { readonly rows: tf.Tensor2D; readonly locked: AlignedModality })
    | null;
}

function alignmentLoss(
  { image, text, groups, tensors, bank }: Compared,
  settings: AlignSettings,
): tf.Scalar {
  const { logScale, bias } = tensors;
  if (bank) {
    const [trained, frozen] = bank.locked === "image" ? [text, image] : [image, text];
    return corpusInfoNce(trained, frozen, logScale, bank);
  }
  if (lossOf(settings) === "sigmoid" && bias) {
    // Over B instead of B²: AdamW takes the same steps, but a constant 1 / B would leave λ of
    // STRUCTURE and the clipping norm without a meaning that holds for both losses.
    return tf.mul(sigmoidLoss(image, text, logScale, bias, groups), image.shape[0]);
  }
  if (!groups) return infoNce(image, text, logScale);
  const grouped = settings.positives === "soft" ? softInfoNce : maskedInfoNce;
  return grouped(image, text, logScale, groups);
}

/** Mean of both sides' STRUCTURE losses, where a locked side's is 0; null without STRUCTURE. */
function structureTerm(
  { neighbours }: UploadedView,
  projected: Readonly<Record<AlignedModality, tf.Tensor2D>>,
  structure: StructureSettings | null,
): tf.Scalar | null {
  if (!neighbours || !structure) return null;
  const terms = ALIGNED_MODALITIES.flatMap((side) => {
    const frozen = neighbours[side];
    return frozen ? [structureLoss(frozen, projected[side], structure)] : [];
  });
  return tf.mul<tf.Scalar>(tf.addN(terms), 0.5);
}

function mean(terms: readonly tf.Scalar[]): tf.Scalar {
  const [only] = terms;
  return terms.length === 1 && only ? only : tf.div(tf.addN([...terms]), terms.length);
}

const upload = ({ data, rows, cols }: Matrix) => tf.tensor2d(data, [rows, cols]);
