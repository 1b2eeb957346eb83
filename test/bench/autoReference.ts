import { parseArgs } from "node:util";
import { resolveRecipe } from "../../src/core/domain/recipe";
import type { Candidate } from "../../src/core/domain/run";
import type { RunStore } from "../../src/core/ports";
import type { AlignSession } from "../../src/engine/align/alignSession";
import { candidatesFor, isClearlyBetter, tryMethod } from "../../src/engine/align/autoMethod";
import { openBackend } from "../../src/engine/align/backend";
import { openBaselines } from "../../src/engine/align/baselines";
import { chooseTraining } from "../../src/engine/align/trainOn";
import type { TrainingUnit } from "../../src/engine/align/training";
import { evaluateTest } from "../../src/engine/evaluation/evaluateTest";
import { sampleRun } from "../support/samples";
import { referenceData } from "./referenceData";

// Every method beside what `auto` chooses, at several numbers of unrelated training pairs:
// npx tsx test/bench/autoReference.ts --sizes 100,300,1320 --seeds 0,1,2 [--methods ridge,sail]
const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "100,300,1320" },
    seeds: { type: "string", default: "0,1,2" },
    methods: { type: "string", default: "" },
    device: { type: "string", default: "wasm" },
  },
});
const listed = (text: string) => text.split(",").filter(Boolean);
const whole = referenceData();

/** Results of one size, one entry per seed, in points. */
interface Column {
  readonly test: number[];
  readonly score: number[];
}

for (const size of listed(values.sizes).map(Number)) {
  const table = new Map<string, Column>();
  for (const seed of listed(values.seeds).map(Number)) await measure(size, seed, table);
  summarize(size, table);
}

async function measure(size: number, seed: number, table: Map<string, Column>): Promise<void> {
  const session = await openSession(size, seed);
  const auto = candidatesFor(session.data.pairs);
  const asked = listed(values.methods) as TrainingUnit["method"][];
  let kept: Candidate | undefined;
  let keptTest = 0;
  for (const method of asked.length > 0 ? asked : auto) {
    const { training, candidate } = await tryMethod(session, method);
    if (!training) throw new Error(`${method}: ${candidate.error?.detail}`);
    const { test } = await evaluateTest(training.projectors, session.data, {
      split: "test",
      ks: [10],
      seed,
      csls: false,
    });
    const { imageToText, textToImage } = test;
    const tenth = 50 * (imageToText.recall["10"]!.value + textToImage.recall["10"]!.value);
    note(table, method, { test: tenth, score: 100 * candidate.score });
    const seconds = Math.round(candidate.elapsedMs / 1_000);
    console.log(
      `${size} seed ${seed} ${method}: validation ${(100 * candidate.score).toFixed(2)}, ` +
        `test recall@10 ${tenth.toFixed(2)}, ${seconds} s, ${JSON.stringify(candidate.chosen)}`,
    );
    if (!auto.includes(method)) continue;
    if (!isClearlyBetter(candidate, kept)) continue;
    [kept, keptTest] = [candidate, tenth];
  }
  if (kept) note(table, "auto", { test: keptTest, score: 100 * kept.score });
}

function note(table: Map<string, Column>, name: string, at: { test: number; score: number }): void {
  const column = table.get(name) ?? { test: [], score: [] };
  table.set(name, column);
  column.test.push(at.test);
  column.score.push(at.score);
}

function summarize(size: number, table: Map<string, Column>): void {
  const means = [...table].map(([name, column]) => ({ name, test: mean(column.test) }));
  const auto = means.find(({ name }) => name === "auto")?.test ?? 0;
  const best = Math.max(...means.filter(({ name }) => name !== "auto").map(({ test }) => test));
  const all = means.map(({ name, test }) => `${name} ${test.toFixed(2)}`).join(", ");
  console.log(`== ${size}: mean test recall@10: ${all}; auto − best ${(auto - best).toFixed(2)}`);
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

async function openSession(size: number, seed: number): Promise<AlignSession> {
  const recipe = resolveRecipe({
    version: 1,
    data: { path: "reference-embeddings" },
    align: { method: "auto", trainOn: size, seed },
  });
  const items = { image: [], text: [] };
  const { data } = chooseTraining(whole, { trainOn: size, seed, items });
  const backend = await openBackend(values.device === "cpu" ? "cpu" : "wasm");
  const nothing: Partial<RunStore> = {
    put: () => Promise.resolve(),
    checkpoint: () => Promise.resolve(undefined),
    putCheckpoint: () => Promise.resolve(),
  };
  return {
    run: sampleRun("r1", "p1", { recipe }),
    data,
    baselines: openBaselines(data),
    backend: () => Promise.resolve(backend),
    deps: {
      runs: nothing as RunStore,
      clock: () => performance.now(),
      now: () => Date.now(),
    } as AlignSession["deps"],
    signal: new AbortController().signal,
    report: () => undefined,
    isFinishing: () => false,
    onStep: () => Promise.resolve(),
  };
}
