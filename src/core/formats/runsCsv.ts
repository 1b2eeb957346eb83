import type { RetrievalPair, RetrievalResult } from "../domain/evaluation";
import type { Run } from "../domain/run";
import { spreadOf } from "../math/spread";
import { toCsv, type CsvCell } from "./csv";

interface Column {
  readonly name: string;
  readonly of: (run: Run) => CsvCell;
}

const DIRECTIONS = ["imageToText", "textToImage"] as const;

/**
 * Runs as a table, one row each, in the order given: settings, test results with the bounds of
 * their 95 % intervals, mean and sample standard deviation over seeds, baselines, geometry and
 * timings. `created_ms` counts from 1970. Shares lie in [0, 1], ranks begin at 1, what is not known is empty. RFC 4180.
 */
export function runsCsv(runs: readonly Run[]): string {
  const ks = numbersIn(runs.flatMap(({ test }) => recallKeys(test)));
  const baselines = distinct(runs.flatMap((run) => run.baselines.map(({ id }) => id)));
  const columns: readonly Column[] = [
    ...SETTINGS,
    ...DIRECTIONS.flatMap((direction) => [
      ...resultColumns(direction, ks),
      ...seedColumns(direction, ks),
      ...baselines.flatMap((id) => baselineColumns(id, direction, ks)),
      ...cslsColumns(direction, runs, ks),
    ]),
    ...ZERO_SHOT,
    ...GEOMETRY,
    ...REST,
  ];
  return toCsv([
    columns.map(({ name }) => name),
    ...runs.map((run) => columns.map((column) => column.of(run))),
  ]);
}

/** `learningRate` as tables name it: `learning_rate`. */
const snake = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const column = (name: string, of: Column["of"]): Column => ({ name, of });

const SETTINGS: readonly Column[] = [
  column("name", (run) => run.name),
  column("created_ms", (run) => run.createdAt),
  column("status", (run) => run.status),
  column("sweep", ({ sweep }) => sweep?.name),
  column("method", ({ method, recipe }) => method ?? recipe.align.method),
  column("method_asked_for", ({ recipe }) => recipe.align.method),
  column("data_digest", (run) => run.dataDigest),
  column("train_pairs", ({ splits }) => splits.train),
  column("trained_on_pairs", ({ coverage, splits }) => coverage?.pairs ?? splits.train),
  column("validation_pairs", ({ splits }) => splits.validation),
  column("test_pairs", ({ splits }) => splits.test),
  column("left_out_pairs", (run) => run.leftOut),
  column("test_queries_digest", ({ report }) => report?.queries),
  ...(["image", "text"] as const).flatMap((side) => [
    column(`${side}_encoder`, ({ recipe }) => recipe.encoders[side].id),
    column(`${side}_pooling`, ({ recipe }) => recipe.encoders[side].pooling),
    column(`${side}_layer`, ({ recipe }) => recipe.encoders[side].layer),
    column(`${side}_projector`, ({ recipe }) => recipe.align.projectors[side]),
  ]),
  column("seed", ({ recipe }) => recipe.align.seed),
  column("seeds", ({ recipe }) => recipe.align.seeds),
  ...(["loss", "positives", "negatives", "learningRate", "weightDecay"] as const).map((key) =>
    column(snake(key), ({ recipe }) => recipe.align[key]),
  ),
  column("gradient_clip", ({ recipe }) => recipe.align.gradientClip),
  column("structure_weight", ({ recipe }) => recipe.align.structure?.weight ?? 0),
  column("train_on", ({ recipe: { align } }) =>
    typeof align.trainOn === "object" ? JSON.stringify(align.trainOn) : align.trainOn,
  ),
  column("dimension", ({ training, recipe }) => training?.dimension ?? recipe.align.dimension),
  column("steps", ({ history, training }) => history.at(-1)?.step ?? training?.steps),
  column("batch_size", ({ training }) => training?.batchSize),
  column("fuse_mix", ({ training }) => training?.fuseMix),
  column("dropout", ({ training }) => training?.dropout),
  column("chosen", ({ chosen }) =>
    Object.entries(chosen)
      .map(([name, value]) => `${name}=${value}`)
      .join(" "),
  ),
  column("best_step", ({ best }) => best?.step),
  column("validation_score", ({ best }) => best?.score),
];

type Direction = (typeof DIRECTIONS)[number];

function resultColumns(direction: Direction, ks: readonly string[]): Column[] {
  const at = (name: string, of: (result: RetrievalResult) => CsvCell) =>
    column(`${direction}_${name}`, ({ test }) => test && of(test[direction]));
  return [
    at("queries", (result) => result.queries),
    at("gallery", (result) => result.gallery),
    ...ks.flatMap((k) => [
      at(`recall_at_${k}`, ({ recall }) => recall[k]?.value),
      at(`recall_at_${k}_low`, ({ recall }) => recall[k]?.low),
      at(`recall_at_${k}_high`, ({ recall }) => recall[k]?.high),
    ]),
    at("median_rank", (result) => result.medianRank),
    at("mean_rank", (result) => result.meanRank),
    at("mean_reciprocal_rank", (result) => result.meanReciprocalRank),
  ];
}

function seedColumns(direction: Direction, ks: readonly string[]): Column[] {
  return ks.flatMap((k) => {
    const spread = ({ seedResults }: Run) =>
      spreadOf(seedResults.flatMap(({ test }) => test?.[direction].recall[k]?.value ?? []));
    const name = `${direction}_recall_at_${k}_over_seeds`;
    return [
      column(`${name}_mean`, (run) => spread(run).mean),
      column(`${name}_deviation`, (run) => spread(run).deviation),
      column(`${name}_n`, (run) => (run.seedResults.length > 0 ? spread(run).n : null)),
    ];
  });
}

function baselineColumns(id: string, direction: Direction, ks: readonly string[]): Column[] {
  return ks.map((k) =>
    column(`${direction}_${id}_recall_at_${k}`, ({ baselines }) => {
      const baseline = baselines.find((each) => each.id === id);
      return baseline?.test[direction].recall[k]?.value;
    }),
  );
}

/** Only where a run of the table has them. */
function cslsColumns(direction: Direction, runs: readonly Run[], ks: readonly string[]): Column[] {
  if (!runs.some(({ report }) => report?.csls)) return [];
  return ks.map((k) =>
    column(
      `${direction}_csls_recall_at_${k}`,
      ({ report }) => report?.csls?.[direction].recall[k]?.value,
    ),
  );
}

const ZERO_SHOT: readonly Column[] = [
  column("zero_shot_label", ({ zeroShot }) => zeroShot?.label),
  column("zero_shot_classes", ({ zeroShot }) => zeroShot?.classes),
  column("zero_shot_queries", ({ zeroShot }) => zeroShot?.queries),
  column("zero_shot_templates", ({ zeroShot }) => zeroShot?.templates.length),
  ...(["top1", "top5"] as const).flatMap((key) => [
    column(`zero_shot_${key}`, ({ zeroShot }) => zeroShot?.[key].value),
    column(`zero_shot_${key}_low`, ({ zeroShot }) => zeroShot?.[key].low),
    column(`zero_shot_${key}_high`, ({ zeroShot }) => zeroShot?.[key].high),
  ]),
  column("zero_shot_macro", ({ zeroShot }) => zeroShot?.macro),
  column("zero_shot_ceiling", ({ zeroShot }) => zeroShot?.ceiling),
  column("zero_shot_knn_ceiling", ({ zeroShot }) => zeroShot?.knnCeiling),
];

const GEOMETRY: readonly Column[] = [
  ...(["modalityGap", "alignment", "positiveCosine", "negativeCosine", "separation"] as const).map(
    (key) => column(snake(key), ({ report }) => report?.geometry[key]),
  ),
  ...(["image", "text"] as const).flatMap((side) => [
    column(`${side}_uniformity`, ({ report }) => report?.geometry.uniformity[side]),
    column(`${side}_effective_rank`, ({ report }) => report?.geometry.effectiveRank[side]),
  ]),
  ...DIRECTIONS.map((direction) =>
    column(`${direction}_hubness`, ({ report }) => report?.geometry.hubness[direction]),
  ),
];

const REST: readonly Column[] = [
  column("device", (run) => run.device),
  column("align_ms", ({ timings }) => timings.alignMs),
  column("step_ms", ({ timings }) => timings.stepMs),
  column("warnings", ({ warnings }) => warnings.map(({ code }) => code).join(" ")),
  column("error", ({ error }) => error && `${error.code} ${error.detail}`.trim()),
  column("notes", (run) => run.notes),
];

const recallKeys = (test: RetrievalPair | null) =>
  DIRECTIONS.flatMap((direction) => Object.keys(test?.[direction].recall ?? {}));

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

const numbersIn = (keys: readonly string[]) => distinct(keys).sort((a, b) => Number(a) - Number(b));
