import {
  DEFAULT_COMPARISON,
  type Choices,
  type CompareRequest,
  type Comparison,
  type SampledItems,
  type ProbedSet,
  type ProbeReport,
  type ProbeRequest,
  type SampleRequest,
} from "../../core/domain/comparison";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../core/domain/modality";
import { AppError } from "../../core/errors";
import { dealFolds, majorityShare } from "../../core/metrics/probeFolds";
import type { DatasetStore, EmbeddingStore, EncoderStore, ProjectStore } from "../../core/ports";
import type { Progress } from "../../core/progress";
import { throttleProgress } from "../throttleProgress";
import { compareSets } from "./compareSets";
import { availableSets, setsOfSide, type AvailableSet } from "./loadSets";
import { probeSet, probeSteps } from "./probeSet";
import { samplePairs } from "./samplePairs";

const FOLDS = 5;
/** A vote of fewer pairs than this says nothing. */
const MINIMUM_PAIRS = 20;

interface SelectDependencies {
  readonly projects: Pick<ProjectStore, "get">;
  readonly datasets: Pick<DatasetStore, "items" | "pairs">;
  readonly embeddings: EmbeddingStore;
  readonly encoders: Pick<EncoderStore, "get">;
  /** Makes tensors possible; called before the first of them. */
  readonly openBackend: () => Promise<unknown>;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface CallOptions {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/** Says which embeddings suit each other, and what each knows, before any training. */
export class SelectService {
  readonly #deps: SelectDependencies;

  constructor(deps: SelectDependencies) {
    this.#deps = deps;
  }

  /** The items a comparison with these settings looks at. */
  async sample(request: SampleRequest): Promise<SampledItems> {
    const { pairs, available } = await samplePairs(this.#deps.datasets, request.projectId, request);
    const digests = (modality: AlignedModality) => [
      ...new Set(pairs.map((pair) => pair[modality])),
    ];
    return {
      pairs: pairs.length,
      available,
      digests: { image: digests("image"), text: digests("text") },
    };
  }

  /**
   * Every stored image embedding of the sample with every text one.
   *
   * @throws AppError `data/too-few`, `embeddings/missing`; as `compareSets`.
   */
  async compare(
    { projectId, choices, settings }: CompareRequest,
    { signal, report }: CallOptions,
  ): Promise<Comparison> {
    const started = this.#deps.clock();
    const { project, sample, found } = await this.#open(projectId, choices, settings);
    const side = (modality: AlignedModality) =>
      setsOfSide(found, modality).map((set) => toCompare(set, found.pairs));
    const compared = await compareSets(
      { image: side("image"), text: side("text") },
      { ...settings, signal, report: throttleProgress(report, this.#deps.clock) },
    );
    return {
      projectId,
      dataDigest: project.data?.digest ?? "",
      settings,
      pairs: found.pairs.length,
      available: sample.available,
      ...compared,
      leftOut: found.leftOut,
      createdAt: this.#deps.now(),
      elapsedMs: this.#deps.clock() - started,
    };
  }

  /**
   * How well a label column can be read from each stored embedding of the sample.
   *
   * @throws AppError `data/too-few`, `embeddings/missing`; as `probeSet`.
   */
  async probe(
    { projectId, choices, label, maxPairs, seed }: ProbeRequest,
    { signal, report }: CallOptions,
  ): Promise<ProbeReport> {
    const started = this.#deps.clock();
    const { project, found } = await this.#open(projectId, choices, { maxPairs, seed });
    const dealt = dealFolds(
      found.pairs.map(({ group, labels }) => ({ group, label: labels[label] })),
      { count: FOLDS, seed },
    );
    const wanted = ALIGNED_MODALITIES.flatMap((modality) =>
      found.sets.filter((set) => set.modality === modality),
    );
    if (wanted.length === 0) throw missingAll(found.leftOut);
    const k = Math.min(DEFAULT_COMPARISON.neighbours, smallestTraining(dealt.folds));
    const onProgress = throttleProgress(report, this.#deps.clock);
    const total = wanted.length * probeSteps(FOLDS);
    let done = 0;
    const step = () => onProgress({ stage: "probe", done: done++, total, unit: "steps" });
    step();
    const sets: ProbedSet[] = [];
    for (const { modality, choice, name, load } of wanted) {
      const items = await load(found.pairs);
      const scored = await probeSet(items, dealt, { k, seed, signal, onStep: step });
      sets.push({ modality, choice, name, ...scored });
    }
    return {
      projectId,
      dataDigest: project.data?.digest ?? "",
      label,
      items: dealt.items.length,
      classes: dealt.classes,
      folds: FOLDS,
      neighbours: k,
      chance: majorityShare(dealt),
      unlabelled: dealt.unlabelled,
      rare: dealt.rare,
      sets,
      leftOut: found.leftOut,
      createdAt: this.#deps.now(),
      elapsedMs: this.#deps.clock() - started,
    };
  }

  async #open(
    projectId: string,
    choices: Choices,
    size: { readonly maxPairs: number; readonly seed: number },
  ) {
    const { projects, datasets } = this.#deps;
    await this.#deps.openBackend();
    const project = await projects.get(projectId);
    const sample = await samplePairs(datasets, projectId, size);
    if (sample.pairs.length < MINIMUM_PAIRS) throw tooFew(sample.pairs.length);
    const found = await availableSets(this.#deps, sample.pairs, choices);
    if (found.sets.length > 0 && found.pairs.length < MINIMUM_PAIRS) {
      throw tooFew(found.pairs.length);
    }
    return { project, sample, found };
  }
}

const toCompare = ({ choice, name, load }: AvailableSet, pairs: Parameters<typeof load>[0]) => ({
  choice,
  name,
  load: () => load(pairs),
});

/** Items of other folds that an item of the largest fold has: it cannot have more neighbours. */
function smallestTraining(folds: Uint8Array): number {
  const sizes = new Array<number>(FOLDS).fill(0);
  for (const fold of folds) sizes[fold] = sizes[fold]! + 1;
  return folds.length - Math.max(...sizes);
}

function tooFew(pairs: number): AppError {
  const words = `${pairs} independent training pairs; at least ${MINIMUM_PAIRS} are needed`;
  return new AppError("data/too-few", words);
}

function missingAll(leftOut: readonly { name: string; reason: string }[]): AppError {
  const causes = leftOut.map(({ name, reason }) => `${name}: ${reason}`).join("; ");
  return new AppError("embeddings/missing", causes || "no embedding was chosen");
}
