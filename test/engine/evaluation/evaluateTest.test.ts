import { describe, expect, it } from "vitest";
import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import type { Projector, ProjectorPair } from "../../../src/core/domain/projector";
import { normalizeRows } from "../../../src/core/math/matrix";
import { evaluateRetrieval } from "../../../src/core/metrics/evaluateRetrieval";
import { medianRank, recallAtK } from "../../../src/core/metrics/retrieval";
import { evaluateTest, rankSplit } from "../../../src/engine/evaluation/evaluateTest";
import { latentData } from "../../support/alignmentFixture";

const options = { split: "validation", ks: [1, 5, 10], seed: 3, csls: false } as const;
const width = 9;
const data = latentData({ train: 20, validation: 40, imageWidth: width, noise: 0.3 });

/** The inputs as they are, centred by nothing. */
function identity(modality: Projector["modality"]): Projector {
  const weight = new Float32Array(width * width);
  for (let d = 0; d < width; d++) weight[d * width + d] = 1;
  return {
    kind: "linear",
    modality,
    inputWidth: width,
    dimension: width,
    tensors: {
      mean: { shape: [width], data: new Float32Array(width) },
      weight: { shape: [width, width], data: weight },
    },
  };
}

const pair: ProjectorPair = {
  runId: "run",
  step: 1,
  image: identity("image"),
  text: identity("text"),
  logitScale: 10,
};

describe("the evaluation of a held-out split", () => {
  it("gives the retrieval of the projected rows", async () => {
    const { test } = await evaluateTest(pair, data, options);
    const [images, texts] = [normalizeRows(data.image), normalizeRows(data.text)];
    const plain = evaluateRetrieval(images, texts, data.pairs, "validation", options);
    expect(test).toEqual(plain);
  });

  it("keeps the ranks its recalls are made of", async () => {
    const { test, report } = await evaluateTest(pair, data, options);
    for (const way of ["imageToText", "textToImage"] as const) {
      expect(report.ranks[way]).toHaveLength(40);
      expect(recallAtK(report.ranks[way], 5)).toBe(test[way].recall["5"]?.value);
      expect(medianRank(report.ranks[way])).toBe(test[way].medianRank);
    }
  });

  it("ranks alone as it does with everything else", async () => {
    const { retrieval, ranks } = await rankSplit(pair, data, options);
    const { test, report } = await evaluateTest(pair, data, options);
    expect({ retrieval, ranks }).toEqual({ retrieval: test, ranks: report.ranks });
  });

  it("corrects for hubs only when asked", async () => {
    expect((await evaluateTest(pair, data, options)).report.csls).toBeNull();
    const { report } = await evaluateTest(pair, data, { ...options, csls: true });
    expect(report.csls?.imageToText.gallery).toBe(40);
  });

  it("measures the geometry of the split alone", async () => {
    const { report } = await evaluateTest(pair, data, options);
    expect(report.geometry.pairs).toBe(40);
    expect(report.geometry.effectiveRank.image).toBeLessThanOrEqual(width);
  });

  it("refuses a split without pairs, NaN and a cancelled job", async () => {
    const none = evaluateTest(pair, data, { ...options, split: "test" });
    await expect(none).rejects.toMatchObject({ code: "data/too-few" });
    const image = { ...data.image, data: data.image.data.slice().fill(NaN, 50 * width) };
    const broken = evaluateTest(pair, { ...data, image }, options);
    await expect(broken).rejects.toMatchObject({ code: "data/non-finite" });
    const cancelled = evaluateTest(pair, data, { ...options, signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("the digest of the questions", () => {
  const digestOf = async (asked: AlignmentData) =>
    (await evaluateTest(pair, asked, options)).report.queries;
  const names = (side: string) => Array.from({ length: 60 }, (_, i) => `${side}${i}`);
  const named = { ...data, digests: { image: names("image"), text: names("text") } };

  it("does not depend on the projectors or on the training pairs", async () => {
    const other = latentData({ train: 20, validation: 40, imageWidth: width, seed: 9 });
    expect(await digestOf({ ...other, digests: named.digests })).toBe(await digestOf(named));
    const digests = { ...named.digests, image: named.digests.image.with(0, "another") };
    expect(await digestOf({ ...named, digests })).toBe(await digestOf(named));
  });

  it("changes with an item of the test, with its answers and with the gallery", async () => {
    const before = await digestOf(named);
    const digests = { ...named.digests, text: named.digests.text.with(59, "another") };
    expect(await digestOf({ ...named, digests })).not.toBe(before);
    const text = data.pairs.text.with(58, 59).with(59, 58);
    expect(await digestOf({ ...named, pairs: { ...data.pairs, text } })).not.toBe(before);
    const split = data.pairs.split.with(59, "train");
    expect(await digestOf({ ...named, pairs: { ...data.pairs, split } })).not.toBe(before);
  });
});
