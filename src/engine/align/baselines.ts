import type { AlignmentData } from "../../core/domain/alignmentData";
import type { Split } from "../../core/domain/dataset";
import type { BaselineId, BaselineResult, RetrievalPair } from "../../core/domain/evaluation";
import { permutation, rng, seedFrom } from "../../core/math/rng";
import { chanceRetrieval } from "../../core/metrics/chance";
import { emptyRetrieval, evaluateRetrieval } from "../../core/metrics/evaluateRetrieval";
import { breathe } from "./breathe";
import { fitAsif } from "./solvers/asif";
import { fitCsa } from "./solvers/csa";
import type { ClosedFormFit } from "./solvers/linearProjector";
import { TrainingMoments } from "./solvers/moments";
import { fitProcrustes } from "./solvers/procrustes";
import { projectClosedForm } from "./solvers/projectClosedForm";
import { fitRidge, RidgeSolutions } from "./solvers/ridge";
import { openSelection, type SelectionSet } from "./solvers/selection";
import { splitData } from "./validation";

/** The methods solved in closed form. */
export const CLOSED_FORM_IDS = [
  "procrustes",
  "ridge",
  "csa",
  "asif",
] as const satisfies readonly BaselineId[];
export type ClosedFormId = (typeof CLOSED_FORM_IDS)[number];

export interface BaselineOptions {
  /** Seeds the bootstrap intervals and the shuffling. */
  readonly seed: number;
  /** Recalls to report. */
  readonly ks: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

/** Baselines over one data set, with everything they have in common computed once. */
export interface Baselines {
  /**
   * A baseline's held-out retrieval. A split without pairs gives `emptyRetrieval`, and defaults
   * stand where validation would choose. `elapsedMs` includes shared work not yet done.
   *
   * @throws AppError `cancelled`, `data/too-few`, `data/degenerate`, `data/non-finite`.
   */
  compute(id: BaselineId, options: BaselineOptions): Promise<BaselineResult>;
  /** A closed form fitted on the training pairs; solved once per data set. Throws as `compute`. */
  fit(id: ClosedFormId, options?: Pick<BaselineOptions, "signal">): Promise<ClosedFormFit>;
}

/** Opens the baselines of a data set. Costs nothing until one is asked for. */
export function openBaselines(data: AlignmentData): Baselines {
  return new SharedBaselines(data);
}

interface SharedWork {
  readonly moments: TrainingMoments;
  readonly selection: SelectionSet | null;
  readonly solutions: RidgeSolutions;
}

class SharedBaselines implements Baselines {
  readonly #data: AlignmentData;
  readonly #fits = new Map<ClosedFormId, ClosedFormFit>();
  #shared: SharedWork | undefined;

  constructor(data: AlignmentData) {
    this.#data = data;
  }

  async compute(id: BaselineId, options: BaselineOptions): Promise<BaselineResult> {
    const started = performance.now();
    await breathe(options.signal);
    const { chosen, validation, test } =
      id === "chance" ? this.#chance(options) : await this.#fitted(id, options);
    return { id, validation, test, chosen, elapsedMs: performance.now() - started };
  }

  async fit(
    id: ClosedFormId,
    { signal }: Pick<BaselineOptions, "signal"> = {},
  ): Promise<ClosedFormFit> {
    const known = this.#fits.get(id);
    if (known) return known;
    await breathe(signal);
    const fitted = await this.#solve(id, signal);
    this.#fits.set(id, fitted);
    return fitted;
  }

  #solve(id: ClosedFormId, signal: AbortSignal | undefined): Promise<ClosedFormFit> {
    const { moments, selection, solutions } = this.#work();
    switch (id) {
      case "procrustes":
        return fitProcrustes(moments, selection, { signal });
      case "ridge":
        return fitRidge(moments, selection, solutions, signal);
      case "csa":
        return fitCsa(moments, selection, solutions, signal);
      case "asif":
        return fitAsif({ data: this.#data, moments, selection }, signal);
    }
  }

  /**
   * Procrustes fitted on training pairs whose captions were dealt out at random: the same
   * pipeline, with the one thing it should learn removed. Scores above chance betray a leak.
   */
  async #fitShuffled({ seed, signal }: BaselineOptions): Promise<ClosedFormFit> {
    const { moments, selection } = this.#work();
    const order = permutation(moments.count, rng(seedFrom(seed, "shuffled")));
    const cross = await moments.shuffledCrossCovariance(order, signal);
    return fitProcrustes(moments, selection, { signal, cross });
  }

  async #fitted(id: Exclude<BaselineId, "chance">, options: BaselineOptions) {
    const { projectors, chosen } =
      id === "shuffled" ? await this.#fitShuffled(options) : await this.fit(id, options);
    const evaluate = async (split: "validation" | "test"): Promise<RetrievalPair> => {
      const { image, text, pairs } = splitData(this.#data, split);
      if (pairs.length === 0) return emptyRetrieval(options.ks);
      await breathe(options.signal);
      const images = projectClosedForm(projectors.image, image);
      const texts = projectClosedForm(projectors.text, text);
      return evaluateRetrieval(images, texts, pairs, split, options);
    };
    return { chosen, validation: await evaluate("validation"), test: await evaluate("test") };
  }

  #chance({ ks }: BaselineOptions) {
    const { pairs } = this.#data;
    const chanceOn = (split: Split) =>
      pairs.split.includes(split) ? chanceRetrieval(pairs, split, ks) : emptyRetrieval(ks);
    return { chosen: {}, validation: chanceOn("validation"), test: chanceOn("test") };
  }

  #work(): SharedWork {
    if (this.#shared) return this.#shared;
    const moments = new TrainingMoments(this.#data);
    const selection = openSelection(this.#data, moments);
    this.#shared = { moments, selection, solutions: new RidgeSolutions(moments, selection) };
    return this.#shared;
  }
}
