import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../src/engine/align/backend";
import { openTrainer, type TrainerOptions } from "../../../src/engine/align/trainer";
import { normalizeRows } from "../../../src/core/math/matrix";
import * as tf from "../../../src/engine/align/tf";
import { latentData } from "../../support/alignmentFixture";
import { COMBINATIONS, relatedPairs, trainerOptions } from "../../support/trainingFixture";

/** Losses of the first steps, and the state they lead to. */
async function firstSteps(options: TrainerOptions, steps: number) {
  const trainer = openTrainer(options);
  const losses: number[] = [];
  const counts = new Set<number>();
  for (let step = 0; step < steps; step++) {
    const loss = await trainer.step(step);
    losses.push((await loss.data())[0]!);
    loss.dispose();
    counts.add(tf.memory().numTensors);
  }
  const state = await trainer.snapshot();
  const selfProbability = await trainer.selfProbability(0);
  trainer.dispose();
  return { losses, counts, state, selfProbability };
}

describe("every combination of heads and losses", () => {
  beforeAll(() => openBackend("wasm"));

  it.each(COMBINATIONS)("%s: gradient reaches every tensor, none is leaked", async (_, align) => {
    const before = tf.memory().numTensors;
    const { losses, counts, state } = await firstSteps(trainerOptions(align), 10);
    expect(losses.every(Number.isFinite), losses.join(" ")).toBe(true);
    expect(counts.size).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
    for (const [name, { data }] of Object.entries(state.firstMoments)) {
      expect(Math.max(...data.map(Math.abs)), name).toBeGreaterThan(0);
      expect(data.every(Number.isFinite), name).toBe(true);
    }
  });

  it("freeze-align takes its token form where a side is [CLS ; mean of patches]", async () => {
    const poolings = { image: "cls+mean", text: "mean" } as const;
    const { state } = await firstSteps(trainerOptions({}, { poolings }), 10);
    const { weights } = (await firstSteps(trainerOptions({}), 1)).state;
    const names = Object.keys(state.weights);
    expect(names.filter((name) => name.startsWith("image.")).length).toBeGreaterThan(
      Object.keys(weights).filter((name) => name.startsWith("image.")).length,
    );
    for (const [name, { data }] of Object.entries(state.firstMoments)) {
      expect(Math.max(...data.map(Math.abs)), name).toBeGreaterThan(0);
    }
  });

  it("give the same losses on the cpu backend as on wasm", async () => {
    const onWasm: number[][] = [];
    for (const [, align] of COMBINATIONS) {
      onWasm.push((await firstSteps(trainerOptions(align), 4)).losses);
    }
    await openBackend("cpu");
    for (const [i, [name, align]] of COMBINATIONS.entries()) {
      const { losses } = await firstSteps(trainerOptions(align, { device: "cpu" }), 4);
      losses.forEach((loss, step) => expect(loss, name).toBeCloseTo(onWasm[i]![step]!, 4));
    }
    await openBackend("wasm");
  });
});

describe("STRUCTURE", () => {
  beforeAll(() => openBackend("wasm"));

  it("of weight 0 is plain InfoNCE, bit for bit", async () => {
    const plain = await firstSteps(trainerOptions({}), 6);
    const zero = await firstSteps(trainerOptions({ structure: { weight: 0 } }), 6);
    expect(zero.losses).toEqual(plain.losses);
    expect(zero.state).toEqual(plain.state);
  });

  it("is trained on, not counted in the loss, and grows over the ramp", async () => {
    const at = async (structure: object | null) =>
      firstSteps(trainerOptions({ structure, gradientClip: null }), 1);
    const plain = await at(null);
    const [ramped, whole] = [await at({ ramp: 1 }), await at({ ramp: 0 })];
    expect(ramped.losses).toEqual(plain.losses);
    expect(whole.losses).toEqual(plain.losses);
    const gradient = ({ state }: typeof plain) => state.firstMoments["image.hidden.weight"]!.data;
    const pull = (by: typeof plain) =>
      Math.hypot(...gradient(by).map((v, i) => v - gradient(plain)[i]!));
    expect(pull(ramped)).toBeGreaterThan(0);
    expect(pull(whole) / pull(ramped)).toBeCloseTo(21, 2); // λ against λ / 21 of the first step
  });

  it("tells the mean self-probability, a share; without it there is none", async () => {
    const { selfProbability } = await firstSteps(trainerOptions({ structure: {} }), 1);
    expect(selfProbability).toBeGreaterThan(1 / 16);
    expect(selfProbability).toBeLessThanOrEqual(1);
    expect((await firstSteps(trainerOptions({}), 1)).selfProbability).toBeNull();
  });
});

describe("a locked side", () => {
  beforeAll(() => openBackend("wasm"));
  const align = { projectors: { text: "identity" }, negatives: "corpus" };

  it("keeps its embeddings to the bit, has no tensors and is compared as it is", async () => {
    const options = trainerOptions(align);
    const before = structuredClone(options.data);
    const trainer = openTrainer(options);
    for (let step = 0; step < 5; step++) (await trainer.step(step)).dispose();
    const projected = await trainer.project("text", options.data.text);
    const names = Object.keys((await trainer.snapshot()).weights);
    trainer.dispose();
    expect(options.data).toEqual(before);
    expect(names.filter((name) => name.startsWith("text."))).toEqual([]);
    normalizeRows(options.data.text).data.forEach((value, i) =>
      expect(projected.data[i]).toBeCloseTo(value, 6),
    );
  });

  it("loses the same to the corpus as to the batch when the batch is the corpus", async () => {
    const data = latentData({ train: 16 });
    const locked = { projectors: align.projectors };
    const corpus = await firstSteps(trainerOptions(align, { data }), 3);
    const batch = await firstSteps(trainerOptions(locked, { data }), 3);
    corpus.losses.forEach((loss, step) => expect(loss).toBeCloseTo(batch.losses[step]!, 5));
  });

  it("has more to tell apart in a corpus larger than the batch", async () => {
    const locked = { projectors: align.projectors };
    const data = latentData({ train: 200 });
    const corpus = await firstSteps(trainerOptions(align, { data }), 1);
    const batch = await firstSteps(trainerOptions(locked, { data }), 1);
    expect(corpus.losses[0]).toBeGreaterThan(batch.losses[0]! + 0.3);
  });
});

describe("positives", () => {
  beforeAll(() => openBackend("wasm"));
  const first = async (positives: string, data = latentData({ train: 16 })) =>
    (await firstSteps(trainerOptions({ positives }, { data }), 1)).losses[0]!;

  it("masked and soft are plain InfoNCE where nothing is related", async () => {
    const plain = await first("sampled");
    expect(await first("masked")).toBeCloseTo(plain, 5);
    expect(await first("soft")).toBeCloseTo(plain, 5);
  });

  it("masked asks less than plain where pairs are related", async () => {
    const unrelated = latentData({ train: 16 });
    const related = relatedPairs({ train: 16 });
    expect(await first("masked", related)).toBeLessThan(await first("masked", unrelated));
  });

  it("several is the mean of two losses: with one pair per component, and no dropout, the one", async () => {
    const data = latentData({ train: 16 });
    const options = trainerOptions({ positives: "several" }, { data });
    const training = { ...options.training, dropout: 0 };
    const two = await firstSteps({ ...options, training }, 1);
    const { settings } = trainerOptions({});
    const one = await firstSteps({ ...options, settings, training }, 1);
    expect(two.losses[0]).toBeCloseTo(one.losses[0]!, 6);
  });
});

describe("the start of the scalars", () => {
  beforeAll(() => openBackend("wasm"));
  const start = async (align: Record<string, unknown>, batchSize: number, dimension = 8) => {
    const options = trainerOptions(align);
    const training = { ...options.training, batchSize, dimension };
    const trainer = openTrainer({ ...options, training });
    const weights = await trainer.snapshotWeights();
    trainer.dispose();
    return { scale: Math.exp(weights["logScale"]!.data[0]!), bias: weights["bias"]?.data[0] };
  };

  it("is temperature 0.07, softer in narrow spaces, and scale 10 and bias −ln(B − 1) for the sigmoid", async () => {
    expect((await start({}, 16, 65)).scale).toBeCloseTo(1 / 0.07, 4);
    expect((await start({}, 16, 64)).scale).toBeCloseTo(5, 4);
    expect(await start({}, 16)).not.toHaveProperty("bias", expect.anything());
    const sigmoid = await start({ loss: "sigmoid" }, 16);
    expect(sigmoid.scale).toBeCloseTo(10, 4);
    expect(sigmoid.bias).toBeCloseTo(-Math.log(15), 5);
    expect((await start({ loss: "sigmoid" }, 2)).bias).toBeCloseTo(0, 12);
  });
});
