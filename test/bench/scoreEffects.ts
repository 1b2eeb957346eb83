import type { Pair } from "../../src/core/domain/dataset";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { evaluateRetrieval } from "../../src/core/metrics/evaluateRetrieval";
import { openBackend } from "../../src/engine/align/backend";
import { resolveTraining } from "../../src/engine/align/resolveTraining";
import { trainRun } from "../../src/engine/align/trainRun";
import { itemSplits } from "../../src/engine/encoding/loadGallery";
import { measureEffects } from "../../src/engine/search/measureEffects";
import { Space } from "../../src/engine/search/space";
import { referenceData } from "./referenceData";

// What centring and CSLS do on the reference embeddings, after training freeze-align heads:
// npx tsx test/bench/scoreEffects.ts [seed]
const seed = Number(process.argv[2] ?? 0);
const data = referenceData();
const { device } = await openBackend("wasm");
const recipe = resolveRecipe({
  version: 1,
  data: { path: "reference-embeddings" },
  align: { method: "freeze-align", seed },
});
const { projectors } = await trainRun({
  runId: "reference",
  ...{ data, recipe, device },
  training: resolveTraining(recipe.align, data),
  signal: new AbortController().signal,
  isFinishing: () => false,
  evaluate: (image, text, pairs) =>
    evaluateRetrieval(image, text, pairs, "validation", { ks: [1, 5, 10], seed: 0 }),
  onPoint: () => undefined,
  onCheckpoint: () => Promise.resolve(),
  clock: () => performance.now(),
});
const pairs = Array.from(data.pairs.split, (split, p): Pair => {
  const [image, text] = [data.pairs.image[p]!, data.pairs.text[p]!];
  return { image, text, split, group: `${text}`, row: `${p}` };
});
const itemsOf = (rows: number) => Uint32Array.from({ length: rows }, (_, i) => i);
const gallery = {
  projectId: "reference",
  galleries: {
    image: { raw: data.image, items: itemsOf(data.image.rows) },
    text: { raw: data.text, items: itemsOf(data.text.rows) },
  },
  splits: {
    image: itemSplits(pairs, "image", data.image.rows),
    text: itemSplits(pairs, "text", data.text.rows),
  },
};
const space = await Space.project(gallery, projectors, () => {});
const start = performance.now();
const { effects } = await measureEffects(space, pairs, {
  signal: new AbortController().signal,
  report: () => {},
});
for (const { scores, retrieval, differences } of effects) {
  console.log(`centred ${scores.centred}, CSLS ${scores.csls}`);
  for (const direction of ["imageToText", "textToImage"] as const) {
    const recalls = Object.values(retrieval[direction].recall).map(({ value }) => percent(value));
    const changes = differences
      .filter((each) => each.direction === direction)
      .map((d) => `${percent(d.difference)} (${percent(d.low)} to ${percent(d.high)})`);
    console.log(`  ${direction} @1 @5 @10: ${recalls.join(" ")} | ${changes.join(", ")}`);
  }
}
console.log(`measured in ${((performance.now() - start) / 1_000).toFixed(1)} s`);

function percent(share: number): string {
  return (100 * share).toFixed(1);
}
