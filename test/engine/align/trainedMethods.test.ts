import { beforeAll, describe, expect, it } from "vitest";
import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import type { ResolvedTraining } from "../../../src/core/domain/run";
import { openBackend } from "../../../src/engine/align/backend";
import { projectRows } from "../../../src/engine/align/project";
import { trainRun } from "../../../src/engine/align/trainRun";
import { latentData } from "../../support/alignmentFixture";
import { naiveRetrieval } from "../../support/naiveRetrieval";
import {
  COMBINATIONS,
  recipeOf,
  relatedPairs,
  trainingOf,
  trainRunOptions,
} from "../../support/trainingFixture";

const code = (expected: string, detail: RegExp) =>
  expect.objectContaining({
    code: expected,
    detail: expect.stringMatching(detail) as string,
  }) as Error;

function setUp(
  data: AlignmentData,
  align: Record<string, unknown>,
  change: Partial<ResolvedTraining> = {},
) {
  const training = trainingOf(align, data, change);
  return trainRunOptions(data, { recipe: recipeOf(align), training });
}

beforeAll(() => openBackend("wasm"));

describe("resumed is uninterrupted, bit for bit", () => {
  it.each(COMBINATIONS)("%s", async (_, align) => {
    const data = relatedPairs({ train: 60, validation: 12 });
    const whole = setUp(data, align).options;
    const uninterrupted = await trainRun({ ...whole, evaluateEvery: 4 });

    const abort = new AbortController();
    const first = setUp(data, align);
    const onPoint = ({ step }: { step: number }) => step === 11 && abort.abort();
    const interrupted = { ...first.options, evaluateEvery: 4, signal: abort.signal, onPoint };
    await expect(trainRun(interrupted)).rejects.toThrowError(code("cancelled", /11/));
    const start = structuredClone(first.checkpoints.at(-1)!);
    const resumed = await trainRun({ ...setUp(data, align).options, evaluateEvery: 4, start });

    expect(resumed.latest).toEqual(uninterrupted.latest);
    expect(resumed.projectors).toEqual(uninterrupted.projectors);
    const curve = ({ history }: typeof resumed) =>
      history.map(({ step, loss, selfProbability }) => [step, loss, selfProbability]);
    expect(curve(resumed)).toEqual(curve(uninterrupted));
  });
});

describe("64 pairs", () => {
  const data = latentData({ train: 64, imageWidth: 40, textWidth: 32, noise: 0.3 });

  it.each(["freeze-align", "linear", "sail", "low-rank"])("%s learns by heart", async (method) => {
    const align = { method, dimension: 32, learningRate: 0.01 };
    const long = { steps: 150, batchSize: 64, dimension: 32 };
    const { projectors } = await trainRun(setUp(data, align, long).options);
    const image = await projectRows(projectors.image, data.image);
    const text = await projectRows(projectors.text, data.text);
    const { imageToText, textToImage } = naiveRetrieval(image, text, data.pairs);
    expect(imageToText.recall["1"]!.value).toBe(1);
    expect(textToImage.recall["1"]!.value).toBe(1);
  });
});

describe("held-out pairs", () => {
  const heldOut = async (align: Record<string, unknown>, shuffled: boolean) => {
    const data = latentData({ train: 200, validation: 100, shuffled });
    const long = { steps: 60, batchSize: 200 };
    const { history } = await trainRun(setUp(data, align, long).options);
    return history.at(-1)!.validation!.imageToText.recall["10"]!.value;
  };
  const chance = 0.1 + 3 * Math.sqrt((0.1 * 0.9) / 100);

  it.each([
    ["sail, sigmoid, STRUCTURE", { method: "sail", structure: {} }],
    ["low-rank, masked", { method: "low-rank", positives: "masked" }],
    ["linear, soft", { method: "linear", positives: "soft" }],
    ["one side locked, corpus", { projectors: { image: "identity" }, negatives: "corpus" }],
  ])("%s: found, and at chance when the pairs are shuffled", async (_, align) => {
    expect(await heldOut({ learningRate: 0.01, ...align }, false)).toBeGreaterThan(0.4);
    expect(await heldOut({ learningRate: 0.01, ...align }, true)).toBeLessThan(chance);
  });
});

describe("patience", () => {
  const align = { learningRate: 0.01 };
  const run = (patience: number | null) =>
    setUp(latentData({ train: 60, validation: 12 }), align, { steps: 200, patience });

  it("ends a training that no longer improves as done, with the best weights restored", async () => {
    const patient = await trainRun(run(null).options);
    const { status, best, latest, projectors } = await trainRun(run(30).options);
    expect(status).toBe("done");
    expect(latest.step).toBeLessThan(200);
    expect(latest.step).toBe(best!.step + 30);
    expect(projectors.step).toBe(best!.step);
    expect(best!.score).toBeLessThanOrEqual(patient.best!.score);
  });

  it("that is spent stays spent when the run is opened again", async () => {
    const first = run(30);
    const ended = await trainRun(first.options);
    const start = first.checkpoints.at(-1)!;
    const again = await trainRun({ ...run(30).options, start });
    expect(again.latest).toEqual(ended.latest);
    expect(again.status).toBe("done");
  });
});

describe("a diverging training", () => {
  /** A checkpoint whose projectors are sure of pairs that the data contradict. */
  const confidentlyWrong = async () => {
    const learned = setUp(latentData({ train: 60 }), { learningRate: 0.01 }, { steps: 60 });
    await trainRun(learned.options);
    const { weights, ...state } = learned.checkpoints.at(-1)!;
    const logScale = { shape: [], data: Float32Array.of(Math.log(100)) };
    return { ...state, weights: { ...weights, logScale } };
  };

  it("stops, names the step and a third of the rate, and stores nothing of it", async () => {
    const shuffled = latentData({ train: 60, shuffled: true });
    const run = setUp(shuffled, { learningRate: 0.00001 }, { steps: 400 });
    const start = await confidentlyWrong();
    await expect(trainRun({ ...run.options, start })).rejects.toThrowError(
      code(
        "align/diverged",
        /^step 110: the loss stays at \d.*; the learning rate was 0\.00001, try 0\.000003$/,
      ),
    );
    expect(run.points.every(({ loss }) => loss > Math.log(16) + 5)).toBe(true);
    expect(run.checkpoints).toEqual([]);
  });

  it("goes on when the loss comes down again before fifty steps", async () => {
    const shuffled = latentData({ train: 60, shuffled: true });
    const run = setUp(shuffled, { learningRate: 0.05 }, { steps: 120 });
    const { status } = await trainRun({ ...run.options, start: await confidentlyWrong() });
    expect(run.points[0]!.loss).toBeGreaterThan(Math.log(16) + 5);
    expect(status).toBe("done");
    expect(run.checkpoints[0]!.step).toBeGreaterThan(60); // none while the loss was high
  });
});
