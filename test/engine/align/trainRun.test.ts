import { beforeAll, describe, expect, it } from "vitest";
import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import type { ResolvedTraining } from "../../../src/core/domain/run";
import { openBackend } from "../../../src/engine/align/backend";
import { projectRows } from "../../../src/engine/align/project";
import { trainRun, type TrainRunOptions } from "../../../src/engine/align/trainRun";
import { learningRateAt } from "../../../src/engine/align/schedule";
import { openTrainer } from "../../../src/engine/align/trainer";
import * as tf from "../../../src/engine/align/tf";
import { latentData } from "../../support/alignmentFixture";
import { naiveRetrieval } from "../../support/naiveRetrieval";
import { recipeOf, trainingOf, trainRunOptions } from "../../support/trainingFixture";

const recipe = (align: object = {}) => recipeOf({ dimension: 16, ...align });
const training = (change: Partial<ResolvedTraining> = {}): ResolvedTraining => ({
  ...trainingOf({}, latentData({ train: 1 })),
  steps: 30,
  batchSize: 32,
  dimension: 16,
  ...change,
});
const setUp = (data: AlignmentData, change: Partial<TrainRunOptions> = {}) =>
  trainRunOptions(data, { recipe: recipe(), training: training(), ...change });

const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;

beforeAll(() => openBackend("wasm"));

describe("trainRun", () => {
  it("resumed gives the bits of uninterrupted, FuseMix and dropout included", async () => {
    const data = latentData({ train: 80, validation: 20 });
    const mixing = training({ steps: 24, fuseMix: true });
    const whole = await trainRun(setUp(data, { training: mixing }).options);

    const abort = new AbortController();
    const first = setUp(data, {
      training: mixing,
      signal: abort.signal,
      onPoint: ({ step }) => step === 11 && abort.abort(),
    });
    await expect(trainRun(first.options)).rejects.toThrowError(code("cancelled"));
    const start = structuredClone(first.checkpoints.at(-1)!);
    expect(start.step).toBe(11);
    const resumed = await trainRun(setUp(data, { training: mixing, start }).options);

    expect(resumed.latest).toEqual(whole.latest);
    expect(resumed.projectors).toEqual(whole.projectors);
    expect(resumed.history.map(({ step, loss }) => [step, loss])).toEqual(
      whole.history.map(({ step, loss }) => [step, loss]),
    );
  });

  it("repeats itself with the same seed and differs with another", async () => {
    const data = latentData({ train: 64 });
    const losses = async (seed: number) => {
      const run = setUp(data, { recipe: recipe({ seed }), training: training({ steps: 5 }) });
      return (await trainRun(run.options)).history.map(({ loss }) => loss);
    };
    expect(await losses(1)).toEqual(await losses(1));
    expect(await losses(2)).not.toEqual(await losses(1));
  });

  it.each(["freeze-align", "linear"])("%s learns 64 pairs by heart", async (method) => {
    const data = latentData({ train: 64, imageWidth: 40, textWidth: 32, noise: 0.3 });
    const options = { recipe: recipe({ method, learningRate: 0.01 }) };
    const long = training({ steps: 100, batchSize: 64 });
    const { projectors } = await trainRun(setUp(data, { ...options, training: long }).options);
    const image = await projectRows(projectors.image, data.image);
    const text = await projectRows(projectors.text, data.text);
    const { imageToText, textToImage } = naiveRetrieval(image, text, data.pairs);
    expect(imageToText.recall["1"]!.value).toBe(1);
    expect(textToImage.recall["1"]!.value).toBe(1);
  });

  it("finds held-out pairs, and stays at chance when the pairs are shuffled", async () => {
    const heldOut = async (shuffled: boolean) => {
      const data = latentData({ train: 200, validation: 100, shuffled });
      const run = setUp(data, { training: training({ steps: 60, batchSize: 200 }) });
      const { history } = await trainRun(run.options);
      return history.at(-1)!.validation!.imageToText.recall["10"]!.value;
    };
    expect(await heldOut(false)).toBeGreaterThan(0.6);
    expect(await heldOut(true)).toBeLessThan(0.1 + 3 * Math.sqrt((0.1 * 0.9) / 100));
  });

  it("keeps the step with the best mean validation recall, the earlier of equals", async () => {
    const scores = [0.1, 0.4, 0.2, 0.4];
    const run = setUp(latentData({ train: 40, validation: 10 }), {
      training: training({ steps: 20 }),
      evaluateEvery: 5,
      evaluate: (...inputs) => {
        const { imageToText: result } = naiveRetrieval(...inputs);
        const value = scores.shift()!;
        const recall = { low: 0, high: 1 };
        const fixed = {
          ...result,
          recall: { "1": { ...recall, value: value / 2 }, "5": { ...recall, value: 1.5 * value } },
        };
        return { imageToText: fixed, textToImage: fixed };
      },
    });
    const { best, projectors, latest } = await trainRun(run.options);
    expect(best).toEqual({ step: 10, score: 0.4 });
    expect(projectors.step).toBe(10);
    expect(latest.step).toBe(20);
    expect(projectors.image.tensors).not.toEqual(latest.image.tensors);
  });

  it("ends early with its best when told to finish", async () => {
    let asked = 0;
    const run = setUp(latentData({ train: 40 }), { isFinishing: () => asked++ >= 7 });
    const { status, latest } = await trainRun(run.options);
    expect([status, latest.step]).toEqual(["stopped", 7]);
    expect(run.checkpoints.at(-1)!.step).toBe(7);
  });

  it("lets a message arrive between two steps", async () => {
    const abort = new AbortController();
    const run = setUp(latentData({ train: 40 }), {
      training: training({ steps: 5_000 }),
      signal: abort.signal,
    });
    const ended = trainRun(run.options);
    setTimeout(() => abort.abort(), 20);
    await expect(ended).rejects.toThrowError(code("cancelled"));
  });

  it("stops at a loss that is no number, with the best stored", async () => {
    const run = setUp(latentData({ train: 40, validation: 10 }), { evaluateEvery: 2 });
    const good = await trainRun({ ...run.options, training: training({ steps: 4 }) });
    const spoilt = setUp(latentData({ train: 40, validation: 10 }), { evaluateEvery: 2 });
    spoilt.options.data.image.data.fill(NaN, 0, 40 * 12);
    const last = run.checkpoints.at(-1)!;
    const start = { ...last, step: 5 };
    await expect(trainRun({ ...spoilt.options, start })).rejects.toThrowError(
      code("align/diverged"),
    );
    const stored = spoilt.checkpoints.at(-1)!;
    expect(stored.bestWeights).toEqual(last.bestWeights);
    expect(stored.weights).toEqual(last.weights);
    expect(good.best).toEqual(stored.best);
  });

  it("turns the errors of a lost graphics processor into webgpu/lost", async () => {
    const run = setUp(latentData({ train: 40, validation: 10 }), {
      device: "webgpu", // the tensors are wasm's: only the label is under test
      evaluate: () => {
        throw new RangeError("createBuffer failed, size (16) is too large");
      },
    });
    await expect(trainRun(run.options)).rejects.toThrowError(code("webgpu/lost"));
  });

  it("checkpoints at most every 10 s, and at the end", async () => {
    const run = setUp(latentData({ train: 40 }));
    await trainRun(run.options);
    const steps = run.checkpoints.map(({ step }) => step);
    expect(steps.at(-1)).toBe(30);
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.length).toBeLessThan(20);
  });
});

describe("openTrainer", () => {
  const open = (data: AlignmentData, learningRate = 0.001) =>
    openTrainer({
      data,
      settings: recipe({ learningRate }).align,
      training: training({ steps: 200 }),
      device: "wasm",
    });

  it("moves every parameter tensor within ten steps", async () => {
    const trainer = open(latentData({ train: 64 }));
    const { weights } = await trainer.snapshot();
    for (let step = 0; step < 10; step++) (await trainer.step(step)).dispose();
    const { firstMoments, weights: moved } = await trainer.snapshot();
    trainer.dispose();
    for (const name of Object.keys(weights)) {
      expect(Math.max(...firstMoments[name]!.data.map(Math.abs)), name).toBeGreaterThan(0);
      expect(moved[name]!.data, name).not.toEqual(weights[name]!.data);
    }
  });

  it("hands AdamW the step's number, its learning rate and the decay of matrices", async () => {
    const trainer = open(latentData({ train: 64 }));
    for (let step = 0; step < 14; step++) (await trainer.step(step)).dispose();
    const before = await trainer.snapshot();
    (await trainer.step(14)).dispose();
    const after = await trainer.snapshot();
    trainer.dispose();
    const rate = learningRateAt(14, 200, 0.001);
    for (const [name, decay] of [
      ["text.hidden.bias", 0],
      ["image.hidden.weight", 0.02],
    ] as const) {
      const [m, v] = [after.firstMoments[name]!.data, after.secondMoments[name]!.data];
      before.weights[name]!.data.forEach((w, i) => {
        const size = Math.sqrt(v[i]! / (1 - 0.95 ** 15)) + 1e-8;
        const expected = w - rate * (m[i]! / (1 - 0.9 ** 15) / size + decay * w);
        expect(after.weights[name]!.data[i]).toBeCloseTo(expected, 6);
      });
    }
  });

  it("keeps the logit scale within [2, 100] under absurd steps", async () => {
    const trainer = open(latentData({ train: 64, shuffled: true }), 1);
    const scales: number[] = [];
    for (let step = 0; step < 60; step++) {
      (await trainer.step(step)).dispose();
      scales.push(await trainer.logitScale());
    }
    trainer.dispose();
    expect(Math.max(...scales)).toBeLessThanOrEqual(100.001);
    expect(Math.min(...scales)).toBeGreaterThanOrEqual(1.999);
    expect(scales.some((scale) => scale < 2.001)).toBe(true);
  });

  it("holds the number of tensors constant, and returns them all", async () => {
    const before = tf.memory().numTensors;
    const trainer = open(latentData({ train: 64 }));
    const counts = new Set<number>();
    for (let step = 0; step < 6; step++) {
      (await trainer.step(step)).dispose();
      counts.add(tf.memory().numTensors);
    }
    trainer.dispose();
    expect(counts.size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });
});
