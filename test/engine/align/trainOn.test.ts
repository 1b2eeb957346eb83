import { describe, expect, it } from "vitest";
import type { AlignmentData } from "../../../src/core/domain/alignmentData";
import { balanceConcepts } from "../../../src/core/domain/balanceConcepts";
import { matrix } from "../../../src/core/math/matrix";
import { chooseTraining } from "../../../src/engine/align/trainOn";
import { latentData } from "../../support/alignmentFixture";
import { sampleImage, sampleText } from "../../support/samples";

const data = latentData({ train: 30, validation: 10 });
const labelOf = (i: number) => (i % 10 === 0 ? "rare" : "common");
const items = {
  image: Array.from({ length: 40 }, (_, i) => ({
    ...sampleImage(`i${i}`),
    labels: { kind: labelOf(i) },
  })),
  text: Array.from({ length: 40 }, (_, i) => sampleText(`t${i}`)),
};
const trained = ({ pairs }: AlignmentData) =>
  Array.from(pairs.image).filter((_, p) => pairs.split[p] === "train");

/** Centred and normalised rows, as plain arrays. */
function unit(rows: readonly number[][], mean: readonly number[]) {
  return rows.map((row) => {
    const moved = row.map((v, d) => v - mean[d]!);
    const norm = Math.hypot(...moved);
    return moved.map((v) => v / norm);
  });
}
const rowsOf = ({ data: values, cols }: AlignmentData["image"], count: number) =>
  Array.from({ length: count }, (_, r) => [...values.subarray(r * cols, (r + 1) * cols)]);
const meanOf = (rows: readonly number[][]) =>
  rows[0]!.map((_, d) => rows.reduce((sum, row) => sum + row[d]!, 0) / rows.length);
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, v, d) => sum + v * b[d]!, 0);

describe("chooseTraining", () => {
  it("leaves everything alone where all pairs train", () => {
    const chosen = chooseTraining(data, { trainOn: "all", seed: 0, items });
    expect(chosen).toEqual({ data, coverage: null });
  });

  it("compares images with the mean image of each label", () => {
    const trainOn = { concepts: "kind", perConcept: 4 };
    const chosen = chooseTraining(data, { trainOn, seed: 0, items });
    const raw = rowsOf(data.image, 30);
    const images = unit(raw, meanOf(raw));
    const prototypes = ["common", "rare"].map((label) => {
      const mean = meanOf(images.filter((_, i) => labelOf(i) === label));
      return mean.map((v) => v / Math.hypot(...mean));
    });
    const scores = prototypes.flatMap((p) => images.map((image) => dot(image, p)));
    const { taken } = balanceConcepts(matrix(2, 30, Float32Array.from(scores)), 4);
    expect(trained(chosen.data).sort((a, b) => a - b)).toEqual(taken.flat().sort((a, b) => a - b));
    expect(chosen.coverage).toMatchObject({ pairs: 8, of: 30 });
    const before = chosen.coverage!.concepts.map(({ name, before }) => [name, before]);
    expect(Object.fromEntries(before)).toEqual({ rare: 3, common: 27 });
    expect(chosen.data.pairs.split.filter((name) => name === "validation")).toHaveLength(10);
  });

  it("compares captions with the names of concepts", () => {
    const concepts = {
      names: ["unused", "first", "second"],
      vectors: Float32Array.from([5, 0, 17].flatMap((r) => rowsOf(data.text, 30)[r]!)),
    };
    const trainOn = { concepts: ["first", "second"], perConcept: 1 };
    const { data: chosen, coverage } = chooseTraining(data, { trainOn, seed: 0, items, concepts });
    expect(trained(chosen)).toEqual([0, 17]); // each name is the caption it was copied from
    expect(coverage!.concepts.reduce((sum, { before }) => sum + before, 0)).toBe(30);
    expect(coverage!.concepts.map(({ after }) => after)).toEqual([1, 1]);
  });

  it("refuses names without vectors, and vectors of another width", () => {
    const trainOn = { concepts: ["a"], perConcept: 1 };
    const choose = (concepts?: { names: string[]; vectors: Float32Array<ArrayBuffer> }) => () =>
      chooseTraining(data, { trainOn, seed: 0, items, concepts });
    const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;
    expect(choose()).toThrowError(code("embeddings/missing"));
    expect(choose({ names: ["b"], vectors: new Float32Array(9) })).toThrowError(
      code("embeddings/missing"),
    );
    expect(choose({ names: ["a"], vectors: new Float32Array(4) })).toThrowError(
      code("embeddings/width"),
    );
  });
});
