import { parseArgs } from "node:util";
import type { BaselineId, RetrievalPair, RetrievalResult } from "../../src/core/domain/evaluation";
import { openBackend } from "../../src/engine/align/backend";
import { openBaselines } from "../../src/engine/align/baselines";
import { referenceData } from "../bench/referenceData";
import { trainReference } from "./trainReference";

// npm run parity [-- --only freeze-align --seeds 0,1,2]
//
// Trains every method of the reference table on the reference embeddings (fixed split by family,
// held out: 321 images, 164 captions) and prints ours beside what numpy and PyTorch reach.
const { values } = parseArgs({
  options: { only: { type: "string", default: "" }, seeds: { type: "string", default: "0,1,2" } },
});

/** Mean of the six recalls, percent, of the table, and how far below it ours may be. */
interface Row {
  readonly name: string;
  readonly theirs: number;
  readonly margin: number;
  /** A closed form, or the `align` settings of a training. */
  readonly ours: BaselineId | object;
}

// "200 steps, batch of 1,024 concepts" are the hyper-parameters the table was made with.
const TRAINED = { steps: 200, batchSize: 1_024, fuseMix: false };
const RESIDUAL = { ...TRAINED, method: "low-rank" };
const ROWS: readonly Row[] = [
  { name: "ridge", theirs: 49.8, margin: 1, ours: "ridge" },
  { name: "Procrustes (validated, z-scored)", theirs: 49.2, margin: 1, ours: "procrustes" },
  { name: "CCA with CSA score", theirs: 50.1, margin: 1, ours: "csa" },
  {
    name: "linear heads with LayerNorm",
    theirs: 50.8,
    margin: 2,
    ours: { ...TRAINED, method: "linear" },
  },
  {
    name: "residual head (image), linear (text)",
    theirs: 51.2,
    margin: 2,
    ours: { ...RESIDUAL, projectors: { image: "low-rank", text: "linear" } },
  },
  {
    name: "residual heads, dropout 0.4, decay 1",
    theirs: 50.1,
    margin: 2,
    ours: { ...RESIDUAL, dropout: 0.4, weightDecay: 1 },
  },
  {
    name: "freeze-align heads",
    theirs: 54.2,
    margin: 2,
    ours: { ...TRAINED, method: "freeze-align" },
  },
  {
    name: "freeze-align heads, FuseMix",
    theirs: 54.2,
    margin: 2,
    ours: { ...TRAINED, method: "freeze-align", fuseMix: true },
  },
];

const data = referenceData();
const baselines = openBaselines(data);
const { device } = await openBackend("wasm");
const seeds = values.seeds.split(",").map(Number);
let below = 0;
console.log(
  "method".padEnd(38) +
    "mean of six (SD)   table   bar  i2t 1 / 5 / 10       t2i 1 / 5 / 10      seconds",
);
for (const row of ROWS.filter(({ name }) => name.includes(values.only))) {
  const started = performance.now();
  const results = await resultsOf(row);
  const sixes = results.map((result) => mean(percentages(result)));
  const value = mean(sixes);
  const bar = row.theirs - row.margin;
  if (value < bar) below++;
  const spread = sixes.length > 1 ? `(${deviation(sixes).toFixed(1)})` : "";
  const directions = (["imageToText", "textToImage"] as const).map((side) =>
    [1, 5, 10].map((k) => mean(results.map((each) => recall(each[side], k))).toFixed(1)).join(" "),
  );
  console.log(
    row.name.padEnd(38) +
      `${value.toFixed(1)} ${spread}`.padEnd(19) +
      row.theirs.toFixed(1).padEnd(8) +
      (value < bar ? "below" : "ok").padEnd(7) +
      directions.map((text) => text.padEnd(21)).join("") +
      ((performance.now() - started) / 1000).toFixed(0),
  );
}
console.log(below === 0 ? "Every method meets its bar." : `${below} below their bar.`);
process.exitCode = below === 0 ? 0 : 1;

async function resultsOf({ ours }: Row): Promise<RetrievalPair[]> {
  if (typeof ours === "string") {
    return [(await baselines.compute(ours, { ks: [1, 5, 10], seed: 0 })).test];
  }
  const results: RetrievalPair[] = [];
  for (const seed of seeds) results.push(await trainReference(data, { ...ours, seed }, device));
  return results;
}

function recall({ recall: recalls }: RetrievalResult, k: number): number {
  return 100 * (recalls[String(k)]?.value ?? NaN);
}

function percentages({ imageToText, textToImage }: RetrievalPair): number[] {
  return [imageToText, textToImage].flatMap((side) => [1, 5, 10].map((k) => recall(side, k)));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function deviation(numbers: readonly number[]): number {
  const centre = mean(numbers);
  const squares = numbers.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (numbers.length - 1));
}
