import { parseArgs } from "node:util";
import type { AlignmentData } from "../../src/core/domain/alignmentData";
import type { RetrievalResult } from "../../src/core/domain/evaluation";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { drawComponents, keepComponents } from "../../src/core/domain/trainingSubset";
import { evaluateRetrieval } from "../../src/core/metrics/evaluateRetrieval";
import { openBackend } from "../../src/engine/align/backend";
import { projectRows } from "../../src/engine/align/project";
import { resolveTraining } from "../../src/engine/align/resolveTraining";
import { trainRun } from "../../src/engine/align/trainRun";
import { splitData } from "../../src/engine/align/validation";
import { referenceData } from "./referenceData";

// Trains on the reference embeddings and prints held-out retrieval, to compare with PyTorch:
// npx tsx test/bench/alignReference.ts --steps 200,300 --fuse-mix true,false --seeds 0,1,2
// Any other setting of a recipe's align section: --align '{"dropout": 0.3, "trainOn": 300}'
const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "auto" },
    "fuse-mix": { type: "string", default: "auto" },
    seeds: { type: "string", default: "0" },
    batch: { type: "string", default: "auto" },
    method: { type: "string", default: "freeze-align" },
    align: { type: "string", default: "{}" },
  },
});

const given = JSON.parse(values.align) as Record<string, unknown>;
const whole = referenceData();
const options = { ks: [1, 5, 10], seed: 0 };
const test = splitData(whole, "test");
const { device } = await openBackend("wasm");
console.log(
  "method batch steps fuseMix seed | six  R@10 | i2t 1/5/10 | t2i 1/5/10 | best | ms/step",
);
for (const steps of values.steps.split(",")) {
  for (const fuseMix of values["fuse-mix"].split(",")) {
    for (const seed of values.seeds.split(",")) await measure(steps, fuseMix, Number(seed));
  }
}

async function measure(steps: string, fuseMix: string, seed: number): Promise<void> {
  const recipe = resolveRecipe({
    version: 1,
    data: { path: "reference-embeddings" },
    align: {
      method: values.method,
      steps: steps === "auto" ? steps : Number(steps),
      batchSize: values.batch === "auto" ? values.batch : Number(values.batch),
      fuseMix: fuseMix === "auto" ? fuseMix : fuseMix === "true",
      seed,
      ...given,
    },
  });
  const { trainOn } = recipe.align;
  const data = typeof trainOn === "number" ? subset(trainOn, seed) : whole;
  const training = resolveTraining(recipe.align, data);
  const { projectors, best, latest, stepMs } = await trainRun({
    runId: "reference",
    data,
    recipe,
    training,
    device,
    signal: new AbortController().signal,
    isFinishing: () => false,
    evaluate: (image, text, pairs) => evaluateRetrieval(image, text, pairs, "validation", options),
    onPoint: () => undefined,
    onCheckpoint: () => Promise.resolve(),
    clock: () => performance.now(),
  });
  const image = await projectRows(projectors.image, test.image);
  const text = await projectRows(projectors.text, test.text);
  const { imageToText, textToImage } = evaluateRetrieval(image, text, test.pairs, "test", options);
  const six = [imageToText, textToImage].flatMap(percentages);
  const tenth = (percentages(imageToText)[2]! + percentages(textToImage)[2]!) / 2;
  const show = (r: RetrievalResult) =>
    percentages(r)
      .map((p) => p.toFixed(1))
      .join(" ");
  const setting = `${recipe.align.method} ${training.batchSize} ${training.steps} ${training.fuseMix}`;
  console.log(
    `${setting} ${seed} | ${mean(six).toFixed(1)} ${tenth.toFixed(1)} | ${show(imageToText)} | ` +
      `${show(textToImage)} | ${best?.step} of ${latest.step} | ${stepMs.toFixed(0)} ${values.align}`,
  );
}

/** So many unrelated training pairs; validation and test whole. */
function subset(components: number, seed: number): AlignmentData {
  const kept = drawComponents(whole.pairs, components, seed);
  return { ...whole, pairs: keepComponents(whole.pairs, kept) };
}

function percentages({ recall }: RetrievalResult): number[] {
  return [1, 5, 10].map((k) => 100 * recall[String(k)]!.value);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}
