import type { AlignmentData, PairTable } from "../../core/domain/alignmentData";
import type { NamedConcepts } from "../../core/domain/alignRequest";
import type { TrainOn } from "../../core/domain/alignSettings";
import { balanceConcepts } from "../../core/domain/balanceConcepts";
import type { Item } from "../../core/domain/dataset";
import type { AlignedModality } from "../../core/domain/modality";
import type { Coverage } from "../../core/domain/run";
import {
  drawComponents,
  keepComponents,
  trainingComponents,
} from "../../core/domain/trainingSubset";
import { AppError } from "../../core/errors";
import { takeSpaced } from "../../core/math/evenlySpaced";
import {
  columnMeans,
  dot,
  matrix,
  normalizeRows,
  row,
  takeRows,
  type Matrix,
} from "../../core/math/matrix";

const PROTOTYPE_IMAGES = 128; // as many as freeze-align took

interface TrainOnOptions {
  readonly trainOn: TrainOn;
  readonly seed: number;
  readonly items: Readonly<Record<AlignedModality, readonly Item[]>>;
  /** Where `trainOn` names concepts instead of a label column. */
  readonly concepts?: NamedConcepts | undefined;
}

/**
 * The data with the training pairs a recipe's `trainOn` leaves, and how many those are. Validation
 * and test stay whole.
 *
 * @returns `coverage` null where all pairs train.
 * @throws AppError `recipe/invalid` for a label column the images lack, `embeddings/missing` for
 *   names without vectors, `embeddings/width` for vectors of another encoder.
 */
export function chooseTraining(
  data: AlignmentData,
  { trainOn, seed, items, concepts }: TrainOnOptions,
): { data: AlignmentData; coverage: Coverage | null } {
  if (trainOn === "all") return { data, coverage: null };
  const balanced =
    typeof trainOn === "number"
      ? { kept: drawComponents(data.pairs, trainOn, seed), concepts: [] }
      : balance(scoreTable(data, trainOn.concepts, { items, concepts }), trainOn.perConcept);
  const pairs = keepComponents(data.pairs, balanced.kept);
  return {
    data: { ...data, pairs },
    coverage: {
      pairs: trainingPairs(pairs),
      of: trainingPairs(data.pairs),
      concepts: balanced.concepts,
    },
  };
}

const trainingPairs = ({ split }: PairTable) => split.filter((name) => name === "train").length;

/** How well each training component fits each concept. */
interface ScoreTable {
  readonly names: readonly string[];
  /** Numbers of the components behind the columns. */
  readonly components: Uint32Array;
  /** [concepts, components]: the best cosine of any of the component's items. */
  readonly scores: Matrix;
  /** [components] the concept each belongs to, or -1. */
  readonly conceptOf: Int32Array;
}

function balance({ names, components, scores, conceptOf }: ScoreTable, perConcept: number) {
  const { order, taken } = balanceConcepts(scores, perConcept);
  const places = taken.flat();
  const count = (concept: number, among: Iterable<number>) => {
    let sum = 0;
    for (const place of among) if (conceptOf[place] === concept) sum++;
    return sum;
  };
  return {
    kept: new Set(places.map((place) => components[place]!)),
    concepts: order.map((concept) => ({
      name: names[concept]!,
      before: count(concept, components.keys()),
      after: count(concept, places),
    })),
  };
}

function scoreTable(
  data: AlignmentData,
  concepts: string | readonly string[],
  given: Pick<TrainOnOptions, "items" | "concepts">,
): ScoreTable {
  return typeof concepts === "string"
    ? scoresByColumn(data, concepts, given.items.image)
    : scoresByName(data, concepts, given.concepts);
}

/** Prototypes are means of labelled training images; images are compared with them. */
function scoresByColumn(data: AlignmentData, column: string, items: readonly Item[]): ScoreTable {
  const { rows, vectors } = centredTraining(data, "image");
  const labels = rows.map((r) => items[r]?.labels?.[column] || null);
  const names = [...new Set(labels.filter((label) => label !== null))].sort();
  if (names.length === 0) {
    const known = new Set(items.flatMap(({ labels: own }) => Object.keys(own ?? {})));
    const detail = `align.trainOn.concepts: no training image has a label “${column}”`;
    const have = known.size > 0 ? `; the label columns are ${[...known].join(", ")}` : "";
    throw new AppError("recipe/invalid", detail + have);
  }
  const prototypes = matrix(names.length, vectors.cols);
  names.forEach((name, concept) => {
    const own = labels.flatMap((label, i) => (label === name ? [i] : []));
    for (const i of takeSpaced(own, PROTOTYPE_IMAGES))
      add(row(prototypes, concept), row(vectors, i));
  });
  const table = scoreComponents(data.pairs, "image", { rows, vectors, prototypes });
  const { components, columnOf } = table;
  const conceptOf = new Int32Array(components.length).fill(-1);
  rows.forEach((r, i) => {
    const label = labels[i];
    const place = columnOf.get(r);
    if (!label || place === undefined || conceptOf[place] !== -1) return;
    conceptOf[place] = names.indexOf(label);
  });
  return { names, components, scores: table.scores, conceptOf };
}

/** Captions are compared with the names; a component belongs to the name it fits best. */
function scoresByName(
  data: AlignmentData,
  names: readonly string[],
  given: NamedConcepts | undefined,
): ScoreTable {
  if (!given || names.some((name) => !given.names.includes(name))) {
    const missing = names.filter((name) => !given?.names.includes(name));
    throw new AppError("embeddings/missing", `the names of concepts: ${missing.join(", ")}`);
  }
  const width = given.vectors.length / given.names.length;
  if (width !== data.text.cols) {
    const detail = `names of concepts ${width}, captions ${data.text.cols}`;
    throw new AppError("embeddings/width", detail);
  }
  const { rows, vectors, mean } = centredTraining(data, "text");
  const asked = names.map((name) => given.names.indexOf(name));
  const raw = takeRows(matrix(given.names.length, width, given.vectors), asked);
  const prototypes = centred(raw, mean);
  const { components, scores } = scoreComponents(data.pairs, "text", { rows, vectors, prototypes });
  const conceptOf = Int32Array.from(components, (_, place) => {
    const own = names.map((_name, concept) => scores.data[concept * components.length + place]!);
    return own.reduce((best, score, concept) => (score > own[best]! ? concept : best), 0);
  });
  return { names, components, scores, conceptOf };
}

/** The items of training pairs, less their mean, unit length. */
function centredTraining(data: AlignmentData, side: AlignedModality) {
  const { pairs, [side]: all } = data;
  const rows = [...new Set(pairs[side].filter((_, p) => pairs.split[p] === "train"))].sort(
    (a, b) => a - b,
  );
  const own = takeRows(all, rows);
  const mean = columnMeans(own);
  return { rows, vectors: centred(own, mean), mean };
}

function centred(rows: Matrix, mean: Float64Array): Matrix {
  return normalizeRows(
    matrix(
      rows.rows,
      rows.cols,
      rows.data.map((value, at) => value - mean[at % rows.cols]!),
    ),
  );
}

function scoreComponents(
  pairs: PairTable,
  side: AlignedModality,
  { rows, vectors, prototypes }: { rows: readonly number[]; vectors: Matrix; prototypes: Matrix },
) {
  const components = trainingComponents(pairs);
  const placeOf = new Map(Array.from(components, (component, place) => [component, place]));
  const columnOf = new Map<number, number>();
  for (const [p, r] of pairs[side].entries()) {
    if (pairs.split[p] === "train") columnOf.set(r, placeOf.get(pairs.component[p]!)!);
  }
  const unit = normalizeRows(prototypes);
  const scores = matrix(unit.rows, components.length);
  scores.data.fill(-Infinity);
  for (const [i, r] of rows.entries()) {
    const place = columnOf.get(r)!;
    for (let concept = 0; concept < unit.rows; concept++) {
      const at = concept * components.length + place;
      scores.data[at] = Math.max(scores.data[at]!, dot(row(vectors, i), row(unit, concept)));
    }
  }
  return { components, scores, columnOf };
}

function add(sum: Float32Array, vector: Float32Array): void {
  for (let d = 0; d < sum.length; d++) sum[d]! += vector[d]!;
}
