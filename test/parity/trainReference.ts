import type { AlignmentData } from "../../src/core/domain/alignmentData";
import type { RetrievalPair } from "../../src/core/domain/evaluation";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { evaluateRetrieval } from "../../src/core/metrics/evaluateRetrieval";
import type { Backend } from "../../src/engine/align/backend";
import { projectRows } from "../../src/engine/align/project";
import { resolveTraining } from "../../src/engine/align/resolveTraining";
import { trainRun } from "../../src/engine/align/trainRun";
import { splitData } from "../../src/engine/align/validation";

const OPTIONS = { ks: [1, 5, 10], seed: 0 };

/** Held-out test retrieval of one training with the settings of a recipe's `align` section. */
export async function trainReference(
  data: AlignmentData,
  align: object,
  device: Backend["device"],
): Promise<RetrievalPair> {
  const recipe = resolveRecipe({ version: 1, data: { path: "reference-embeddings" }, align });
  const { projectors } = await trainRun({
    runId: "reference",
    data,
    recipe,
    training: resolveTraining(recipe.align, data),
    device,
    signal: new AbortController().signal,
    isFinishing: () => false,
    evaluate: (image, text, pairs) => evaluateRetrieval(image, text, pairs, "validation", OPTIONS),
    onPoint: () => undefined,
    onCheckpoint: () => Promise.resolve(),
    clock: () => performance.now(),
  });
  const test = splitData(data, "test");
  const image = await projectRows(projectors.image, test.image);
  const text = await projectRows(projectors.text, test.text);
  return evaluateRetrieval(image, text, test.pairs, "test", OPTIONS);
}
