import type { AlignmentData } from "../../core/domain/alignmentData";
import { resolveAlign, type AlignSettings } from "../../core/domain/alignSettings";
import type { Device } from "../../core/domain/encoder";
import type { RetrievalPair, RetrievalResult } from "../../core/domain/evaluation";
import type { Modality } from "../../core/domain/modality";
import type { Projector } from "../../core/domain/projector";
import { defaultRecipe } from "../../core/domain/recipe";
import type { HistoryPoint, ResolvedTraining } from "../../core/domain/run";
import type { Checkpoint } from "../../core/ports";
import { evaluateRetrieval } from "../../core/metrics/evaluateRetrieval";
import { resolveTraining } from "../align/resolveTraining";
import { trainRun, type TrainRunResult } from "../align/trainRun";
import type { JoinData } from "./joinData";

// Training items below which a joining is one of few: FuseMix and the smaller head. On the 680 of the
// spoken sample (docs/hub.md) that head was best on validation, with much dropout.
const FEW_ITEMS = 2_000;
const MUCH_DROPOUT = 0.5;
const LEARNING_RATE = 0.001;
const USUAL_WIDTH = 512;
const MOST_STEPS = 5_000;
const KS = [1, 5, 10] as const;

/** How a projector is trained against frozen members. */
export interface JoinTraining {
  /** What its checkpoints are kept under. */
  readonly runId: string;
  readonly modality: Modality;
  readonly seed: number;
  readonly device: Device;
  readonly signal: AbortSignal;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  /** Asked after every step; true ends the training early with its best weights. */
  readonly isFinishing: () => boolean;
  /** Goes on exactly here, with the numbers it began with; from the beginning when left out. */
  readonly begun?: BegunJoin | undefined;
  /** Called once, before the first step, with what “auto” stands for. */
  readonly onStart: (training: ResolvedTraining) => void;
  readonly onPoint: (point: HistoryPoint, steps: number) => void;
  /** Stores it; called at most every 10 s, at an abort and at the end. */
  readonly onCheckpoint: (checkpoint: Checkpoint, numbers: JoinNumbers) => Promise<void>;
  /** Settings that differ from the defaults, for experiments. */
  readonly align?: object;
}

/** The numbers of a training, `auto` resolved. */
export interface JoinNumbers {
  readonly settings: AlignSettings;
  readonly training: ResolvedTraining;
}

/** A training that was stopped. */
export interface BegunJoin extends JoinNumbers {
  readonly start: Checkpoint;
}

/** The projector at its best validation step, and how it came about. */
export interface TrainedJoin extends Pick<TrainRunResult, "history" | "best" | "elapsedMs"> {
  readonly projector: Projector;
  readonly training: ResolvedTraining;
}

/**
 * The numbers of a joining: those of a run on its largest anchor, as often for each, with FuseMix
 * below 2,000 training items.
 */
export function joinTraining(data: JoinData, settings: AlignSettings): ResolvedTraining {
  const each = data.turns.map((turn) => resolveTraining(settings, turn));
  const largest = each.reduce((a, b) => (b.batchSize > a.batchSize ? b : a));
  const fuseMix = trainingItems(data) < FEW_ITEMS && largest.batchSize >= 4;
  const steps = Math.min(largest.steps * data.turns.length, MOST_STEPS);
  return { ...largest, fuseMix, steps };
}

/**
 * The align settings of a joining: a linear head on few pairs, that of runs on many. Much dropout
 * where few pairs meet wide inputs; narrow ones need every number they have, and a higher rate:
 * weights begin at 1/√width, and a step of AdamW moves each by the rate, whatever its size.
 */
export function joinSettings(
  join: Pick<JoinData, "data">,
  seed: number,
  change: object = {},
): AlignSettings {
  const isWide = join.data.image.cols >= trainingItems(join) / 2;
  const learningRate = LEARNING_RATE * Math.sqrt(Math.max(1, USUAL_WIDTH / join.data.image.cols));
  const few = { method: "linear", learningRate, ...(isWide && { dropout: MUCH_DROPOUT }) };
  const head = trainingItems(join) < FEW_ITEMS ? few : {};
  const frozen = { projectors: { text: "identity" }, negatives: "corpus" };
  return resolveAlign({ ...head, ...frozen, seed, ...change });
}

/** Items that join with a training pair of any anchor. */
const trainingItems = ({ data: { pairs } }: Pick<JoinData, "data">): number =>
  new Set(pairs.image.filter((_, p) => pairs.split[p] === "train")).size;

/**
 * Trains one projector against frozen vectors: every training item of the anchor in hand is a
 * negative of every step, the scale is learned within [2, 100], and the step that validation likes
 * best is kept. Anchors are taken in turn, so that the loss is their mean. A training that goes on
 * gives the projector of an uninterrupted one, bit for bit on wasm and cpu.
 *
 * @throws AppError as `trainRun`.
 */
export async function trainJoin(join: JoinData, options: JoinTraining): Promise<TrainedJoin> {
  const { runId, seed, modality, device, signal, clock, onPoint, align, begun } = options;
  const settings = begun?.settings ?? joinSettings(join, seed, align);
  const training = begun?.training ?? joinTraining(join, settings);
  const recipe = { ...defaultRecipe({ path: "hub" }), align: settings };
  const { steps } = training;
  options.onStart(training);
  const outcome = await trainRun({
    runId,
    data: join.data,
    turns: join.turns,
    recipe,
    training,
    device,
    signal,
    start: begun?.start,
    isFinishing: options.isFinishing,
    evaluate: (image, text, pairs) => evaluateTurns(join, seed, { image, text, pairs }),
    onPoint: (point) => onPoint(point, steps),
    onCheckpoint: (checkpoint) => options.onCheckpoint(checkpoint, { settings, training }),
    clock,
  });
  const { history, best, elapsedMs, projectors } = outcome;
  return { projector: { ...projectors.image, modality }, training, history, best, elapsedMs };
}

/** Retrieval on the validation pairs, the mean over anchors, each among its own items. */
function evaluateTurns(join: JoinData, seed: number, held: AlignmentData): RetrievalPair {
  const counts = join.turns.map(({ pairs }) => pairs.split.filter(isValidation).length);
  let start = 0;
  const results = counts.flatMap((count) => {
    const pairs = slicePairs(held.pairs, start, (start += count));
    if (count === 0) return [];
    const options = { ks: KS, seed };
    return [evaluateRetrieval(held.image, held.text, pairs, "validation", options)];
  });
  return {
    imageToText: meanResult(results.map(({ imageToText }) => imageToText)),
    textToImage: meanResult(results.map(({ textToImage }) => textToImage)),
  };
}

const isValidation = (split: string) => split === "validation";

function slicePairs(pairs: AlignmentData["pairs"], start: number, end: number) {
  return {
    length: end - start,
    image: pairs.image.slice(start, end),
    text: pairs.text.slice(start, end),
    split: pairs.split.slice(start, end),
    component: pairs.component.slice(start, end),
  };
}

function meanResult(results: readonly RetrievalResult[]): RetrievalResult {
  const [only] = results;
  if (only && results.length === 1) return only;
  const mean = (of: (result: RetrievalResult) => number) =>
    results.reduce((sum, result) => sum + of(result), 0) / results.length;
  const recall = KS.map((k) => {
    const at = (part: "value" | "low" | "high") => mean((r) => r.recall[String(k)]?.[part] ?? 0);
    return [String(k), { value: at("value"), low: at("low"), high: at("high") }];
  });
  return {
    gallery: Math.round(mean(({ gallery }) => gallery)),
    queries: results.reduce((sum, { queries }) => sum + queries, 0),
    medianRank: mean(({ medianRank }) => medianRank),
    meanRank: mean(({ meanRank }) => meanRank),
    meanReciprocalRank: mean(({ meanReciprocalRank }) => meanReciprocalRank),
    recall: Object.fromEntries(recall),
  };
}
