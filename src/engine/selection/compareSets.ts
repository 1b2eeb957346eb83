import type {
  ComparedPair,
  ComparedSet,
  Comparison,
  ComparisonSettings,
} from "../../core/domain/comparison";
import type { AlignedModality } from "../../core/domain/modality";
import type { Matrix } from "../../core/math/matrix";
import { countDistinctRows } from "../../core/math/distinctRows";
import { seedFrom } from "../../core/math/rng";
import {
  biasedCka,
  biasFloor,
  ckaCross,
  ckaSide,
  participationRatio,
  unbiasedCka,
} from "../../core/metrics/cka";
import { mutualKnn } from "../../core/metrics/mutualKnn";
import { calibrate, cutoffOf, maximaOf } from "../../core/metrics/permutationNull";
import { leadingPart } from "../../core/metrics/shuffledCka";
import type { Progress } from "../../core/progress";
import { breathe } from "../align/breathe";
import { nearest } from "./nearest";
import { shuffledSimilarities, type Nulls, type PreparedSet } from "./shuffles";

/**
 * Directions per set in which the shuffles are looked at. On the emoji sample 32 have 99 % of the
 * pictures' spread and 92 % of the captions'; twice as many cost four times as much.
 */
const RANK = 32;

/** One embedding set of the sample. */
export interface SetToCompare extends Pick<ComparedSet, "choice" | "name"> {
  /** [n, D], row i belongs to pair i. Asked for once, and let go after. */
  load(): Promise<Matrix>;
}

export interface CompareOptions extends ComparisonSettings {
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** What comparing gives; the rest of a `Comparison` is about where the sets came from. */
export type ComparedSets = Pick<Comparison, "sets" | "cells" | "familyCutoff">;

interface Prepared extends PreparedSet {
  readonly about: ComparedSet;
}

/**
 * Every image set with every text set: mutual kNN and unbiased CKA, each beside its permutation
 * null.
 *
 * Costs, per set, n²·D for the neighbours and n·D²/2; per pair of sets n·D·D; and the shuffles.
 *
 * @throws AppError `data/too-few`, `data/non-finite`, `cancelled`.
 */
export async function compareSets(
  sets: Readonly<Record<AlignedModality, readonly SetToCompare[]>>,
  options: CompareOptions,
): Promise<ComparedSets> {
  const { signal, report } = options;
  const all = [...sets.image, ...sets.text];
  const prepared: Prepared[] = [];
  for (const [at, set] of all.entries()) {
    prepared.push(await prepare(set, { at, of: all.length }, options));
  }
  const images = prepared.slice(0, sets.image.length);
  const texts = prepared.slice(sets.image.length);
  const observed = await observe(images, texts, options);
  const progress = (done: number) =>
    report({ stage: "shuffle", done, total: options.permutations, unit: "steps" });
  let shuffled = 0;
  progress(0);
  const nulls = await shuffledSimilarities(images, texts, {
    permutations: options.permutations,
    seed: options.seed,
    signal,
    onShuffle: () => progress(++shuffled),
  });
  return {
    sets: { image: images.map(({ about }) => about), text: texts.map(({ about }) => about) },
    ...judge(observed, nulls),
  };
}

async function prepare(
  { choice, name, load }: SetToCompare,
  { at, of }: { readonly at: number; readonly of: number },
  { neighbours: k, seed, signal, report }: CompareOptions,
): Promise<Prepared> {
  const items = await load();
  let found = 0;
  const progress = () =>
    report({
      stage: "neighbours",
      done: at * items.rows + found,
      total: of * items.rows,
      unit: "rows",
    });
  progress();
  const { moment, ...side } = ckaSide(items); // the moment is large, and only wanted here
  const part = leadingPart({ ...side, moment }, RANK, seedFrom(seed, "directions", at));
  const neighbours = await nearest(items, {
    k,
    signal,
    onItems(more) {
      found += more;
      progress();
    },
  });
  const about: ComparedSet = {
    choice,
    name,
    width: items.cols,
    participationRatio: participationRatio(side),
    distinct: countDistinctRows(items),
  };
  return { about, side, part, neighbours };
}

interface Observed {
  readonly mutualKnn: number;
  readonly cka: number;
  readonly biasedCka: number;
  readonly biasFloor: number;
}

async function observe(
  images: readonly Prepared[],
  texts: readonly Prepared[],
  { signal, report }: CompareOptions,
): Promise<Observed[]> {
  const cells: Observed[] = [];
  const total = images.length * texts.length;
  const progress = () => report({ stage: "compare", done: cells.length, total, unit: "steps" });
  progress();
  for (const image of images) {
    for (const text of texts) {
      await breathe(signal);
      cells.push(similarities(image, text));
      progress();
    }
  }
  return cells;
}

/** A set whose vectors are all equal has no neighbours to speak of: NaN, as its CKA is. */
function similarities(image: Prepared, text: Prepared): Observed {
  const [a, b] = [image.side, text.side] as const;
  const cross = ckaCross(a, b);
  const isCollapsed = image.about.distinct < 2 || text.about.distinct < 2;
  return {
    mutualKnn: isCollapsed ? NaN : mutualKnn(image.neighbours, text.neighbours),
    cka: unbiasedCka(a, b, cross),
    biasedCka: biasedCka(a, b, cross),
    biasFloor: biasFloor(a, b),
  };
}

function judge(
  observed: readonly Observed[],
  nulls: Nulls,
): Pick<Comparison, "cells" | "familyCutoff"> {
  const valid = {
    // The shuffles of a set without a value must not be anybody's best.
    mutualKnn: nulls.mutualKnn.filter((_, c) => Number.isFinite(observed[c]!.mutualKnn)),
    cka: nulls.cka.filter((_, c) => Number.isFinite(observed[c]!.cka)),
  };
  const maxima = { mutualKnn: maximaOf(valid.mutualKnn), cka: maximaOf(valid.cka) };
  const cells = observed.map((cell, c): ComparedPair => ({
    mutualKnn: calibrate(cell.mutualKnn, nulls.mutualKnn[c]!, maxima.mutualKnn),
    cka: calibrate(cell.cka, nulls.cka[c]!, maxima.cka),
    biasedCka: cell.biasedCka,
    biasFloor: cell.biasFloor,
  }));
  const bestOf = (measure: "mutualKnn" | "cka") => {
    const values = observed.map((cell) => cell[measure]).filter(Number.isFinite);
    return values.length > 0 ? cutoffOf([...maxima[measure]], Math.max(...values)) : NaN;
  };
  return { cells, familyCutoff: { mutualKnn: bestOf("mutualKnn"), cka: bestOf("cka") } };
}
