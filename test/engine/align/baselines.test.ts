import { describe, expect, it } from "vitest";
import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import {
  BASELINE_IDS,
  type BaselineId,
  type RetrievalPair,
} from "../../../src/core/domain/evaluation";
import { meanDiagonal } from "../../../src/core/math/linalg/matrix64";
import { dot, matrix, row } from "../../../src/core/math/matrix";
import {
  CLOSED_FORM_IDS,
  openBaselines,
  type BaselineOptions,
  type ClosedFormId,
} from "../../../src/engine/align/baselines";
import { canonicalText } from "../../../src/engine/align/solvers/csa";
import { TrainingMoments } from "../../../src/engine/align/solvers/moments";
import { projectClosedForm } from "../../../src/engine/align/solvers/projectClosedForm";
import { projectLinear } from "../../../src/engine/align/solvers/projectLinear";
import { RidgeSolutions } from "../../../src/engine/align/solvers/ridge";
import { latentData } from "../../support/alignmentFixture";

const computeBaseline = (id: BaselineId, data: AlignmentData, options: BaselineOptions) =>
  openBaselines(data).compute(id, options);
const fitClosedForm = (id: ClosedFormId, data: AlignmentData) => openBaselines(data).fit(id);

const CLOSED_FORMS = CLOSED_FORM_IDS;
const options = { ks: [1, 5], seed: 2 };

/** 200 training pairs, 40 validation and 60 test pairs of one latent. */
function threeSplits(change: Parameters<typeof latentData>[0] = { train: 200 }): AlignmentData {
  const data = latentData({ ...change, validation: 100 });
  const split = data.pairs.split.map((name, p) =>
    name === "validation" && p >= change.train + 40 ? "test" : name,
  );
  return { ...data, pairs: { ...data.pairs, split } };
}

const first = (result: RetrievalPair) =>
  [result.imageToText, result.textToImage].map(({ recall }) => recall["1"]!.value);

describe("on two views of one latent", () => {
  const data = threeSplits();
  const baselines = openBaselines(data);

  it.each(CLOSED_FORMS)("%s finds the partner of unseen items", async (id) => {
    const { test, validation, chosen, elapsedMs } = await baselines.compute(id, options);
    // Anchors are few for a latent that fills its space evenly: ASIF's worst case.
    expect(Math.min(...first(test))).toBeGreaterThan(id === "asif" ? 0.15 : 0.5);
    expect([test.imageToText.gallery, validation.imageToText.gallery]).toEqual([60, 40]);
    expect(Object.keys(chosen).length).toBeGreaterThan(0);
    expect(elapsedMs).toBeGreaterThan(0);
  });

  it("finds nothing with shuffled pairs, and says what chance is", async () => {
    const shuffled = await baselines.compute("shuffled", options);
    const chance = await baselines.compute("chance", options);
    expect(first(chance.test)[0]).toBeCloseTo(1 / 60, 12);
    // Three binomial deviations over the 120 queries of both directions.
    expect(Math.max(...first(shuffled.test))).toBeLessThan(1 / 60 + 3 * Math.sqrt(1 / 60 / 120));
  });

  it("gives the same numbers in any order, and one by one", async () => {
    const other = openBaselines(data);
    for (const id of [...BASELINE_IDS].reverse()) {
      const [a, b] = [await other.compute(id, options), await baselines.compute(id, options)];
      expect({ ...a, elapsedMs: 0 }).toEqual({ ...b, elapsedMs: 0 });
    }
    const alone = await computeBaseline("csa", data, options);
    const shared = await baselines.compute("csa", options);
    expect({ ...alone, elapsedMs: 0 }).toEqual({ ...shared, elapsedMs: 0 });
  });

  it("never looks at validation or test pairs for its means and maps", async () => {
    const { image, text, pairs } = data;
    const spoiled = matrix(image.rows, image.cols, image.data.slice());
    spoiled.data.fill(7, 240 * image.cols);
    const before = await fitClosedForm("ridge", { image, text, pairs });
    const after = await fitClosedForm("ridge", { image: spoiled, text, pairs });
    expect(after).toEqual(before);
  });

  it("folds the correlations of CSA into both outputs", async () => {
    const { projectors, chosen } = await baselines.fit("csa");
    const { outputScale } = projectors.image.tensors;
    const moments = new TrainingMoments(data);
    const solution = await new RidgeSolutions(moments, null).at(chosen["epsilon"]!);
    const covariance = await moments.textCovariance();
    const { correlations } = canonicalText(
      solution.map,
      await moments.crossCovariance(),
      covariance,
      chosen["epsilon"]! * meanDiagonal(covariance),
    );
    // Once in either output, so that a dot product holds each correlation once.
    outputScale!.data.forEach((scale, k) => expect(scale ** 2).toBeCloseTo(correlations[k]!, 6));
    expect(outputScale!.data.every((scale) => scale > 0 && scale <= 1)).toBe(true);
    expect(projectors.text.tensors["outputScale"]).toEqual(outputScale);
    const unscaled = { ...projectors.image, tensors: { ...projectors.image.tensors } };
    delete (unscaled.tensors as Record<string, unknown>)["outputScale"];
    const [scaled, plain] = [
      projectLinear(projectors.image, data.image),
      projectLinear(unscaled, data.image),
    ];
    expect(dot(row(plain, 3), row(plain, 3))).toBeCloseTo(1, 6);
    expect(dot(row(scaled, 3), row(scaled, 3))).toBeLessThan(1);
  });

  it.each(CLOSED_FORMS)("%s gives both sides one shared space", async (id) => {
    const { image, text } = (await baselines.fit(id)).projectors;
    expect(image.dimension).toBe(text.dimension);
    expect([image.inputWidth, text.inputWidth]).toEqual([12, 9]);
    expect([image.modality, text.modality]).toEqual(["image", "text"]);
  });
});

describe("at the edges", () => {
  it.each(CLOSED_FORMS)("%s fits fewer pairs than dimensions", async (id) => {
    const data = threeSplits({ train: 14, imageWidth: 40, textWidth: 30 });
    const { test } = await computeBaseline(id, data, options);
    expect(Math.max(...first(test))).toBeGreaterThan(3 / 60);
  });

  it.each(BASELINE_IDS)("%s works without validation and test pairs", async (id) => {
    const result = await computeBaseline(id, latentData({ train: 20 }), options);
    expect(result.test.imageToText).toMatchObject({ queries: 0, gallery: 0 });
    expect(result.validation.textToImage.queries).toBe(0);
  });

  it.each(CLOSED_FORMS)("%s fits two pairs, and refuses one", async (id) => {
    const { projectors } = await fitClosedForm(id, latentData({ train: 2 }));
    expect(
      projectClosedForm(projectors.image, latentData({ train: 2 }).image).data.every(
        Number.isFinite,
      ),
    ).toBe(true);
    await expect(fitClosedForm(id, latentData({ train: 1 }))).rejects.toMatchObject({
      code: "data/too-few",
    });
  });

  it.each(CLOSED_FORMS)("%s refuses images that are all alike, and NaN", async (id) => {
    const data = latentData({ train: 20, validation: 5 });
    const alike = { ...data, image: matrix(25, 12, new Float32Array(300).fill(0.3)) };
    await expect(fitClosedForm(id, alike)).rejects.toMatchObject({ code: "data/degenerate" });
    data.image.data[3] = NaN;
    await expect(fitClosedForm(id, data)).rejects.toMatchObject({ code: "data/non-finite" });
  });

  it("stops between two pieces of work when cancelled", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const pending = computeBaseline("csa", threeSplits(), { ...options, signal });
    controller.abort();
    await expect(pending).rejects.toMatchObject({ code: "cancelled" });
  });
});
