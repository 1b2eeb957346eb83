import { beforeAll, describe, expect, it } from "vitest";
import type { AlignmentData } from "../../../../src/core/domain/alignmentData";
import type { Projector } from "../../../../src/core/domain/projector";
import { dot, matrix, row, takeRows, type Matrix } from "../../../../src/core/math/matrix";
import { openBackend } from "../../../../src/engine/align/backend";
import { projectRows } from "../../../../src/engine/align/project";
import { fitAsif } from "../../../../src/engine/align/solvers/asif";
import { TrainingMoments } from "../../../../src/engine/align/solvers/moments";
import { projectClosedForm } from "../../../../src/engine/align/solvers/projectClosedForm";
import { relativeRows } from "../../../../src/engine/align/solvers/relativeRows";
import { openSelection } from "../../../../src/engine/align/solvers/selection";
import { latentData } from "../../../support/alignmentFixture";
import { golden, goldenSides } from "../../../support/goldenData";

const { x, y } = goldenSides();
const images = matrix(16, 6, Float32Array.from(x.data));
const texts = matrix(16, 5, Float32Array.from(y.data));

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** An ASIF projector over rows 0 to 11. */
function anchored(items: Matrix, neighbours: number, power: number): Projector {
  const anchors = takeRows(items, range(0, 12));
  for (let i = 0; i < 12; i++) {
    const values = row(anchors, i);
    const norm = Math.sqrt(dot(values, values));
    values.forEach((value, d) => (values[d] = value / norm));
  }
  const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
  return {
    kind: "asif",
    modality: "image",
    inputWidth: items.cols,
    dimension: 12,
    tensors: {
      anchors: { shape: [12, items.cols], data: anchors.data },
      neighbours: scalar(neighbours),
      power: scalar(power),
    },
  };
}

const fit = (data: AlignmentData) => {
  const moments = new TrainingMoments(data);
  return fitAsif({ data, moments, selection: openSelection(data, moments) });
};

describe("relative coordinates", () => {
  it("have the golden scores for k = 4, p = 8", () => {
    const query = projectClosedForm(anchored(images, 4, 8), takeRows(images, [12]));
    const gallery = projectClosedForm(anchored(texts, 4, 8), takeRows(texts, range(12, 16)));
    golden.values.asifK4P8Query12VsTexts12to15.forEach((expected, i) => {
      expect(dot(row(query, 0), row(gallery, i))).toBeCloseTo(expected, 5);
    });
  });

  it("score an anchor's own partner highest with k = 1", () => {
    const query = projectClosedForm(anchored(images, 1, 8), takeRows(images, range(0, 12)));
    const gallery = projectClosedForm(anchored(texts, 1, 8), texts);
    for (let i = 0; i < 12; i++) {
      const own = dot(row(query, i), row(gallery, i));
      for (let j = 0; j < 16; j++) {
        expect(dot(row(query, i), row(gallery, j))).toBeLessThanOrEqual(own);
      }
    }
  });

  it("keep k anchors, equal ones together, and never a negative one", () => {
    const rows = Float64Array.of(0.9, 0.5, 0.5, 0.1, -0.95, -0.1, -0.2, -0.3, -0.4, 0.2);
    relativeRows(rows, 5, { neighbours: 2, power: 1 });
    const norm = Math.hypot(0.9, 0.5, 0.5);
    [0.9, 0.5, 0.5, 0, 0].forEach((value, a) => expect(rows[a]).toBeCloseTo(value / norm, 12));
    expect([...rows.subarray(5)]).toEqual([0, 0, 0, 0, 1]);
  });

  it("stay zero for an item unlike every anchor, and pass NaN on", () => {
    const rows = Float32Array.of(-0.5, -0.1, 0, NaN, 0.4, 0.2);
    relativeRows(rows, 3, { neighbours: 2, power: 8 });
    expect([...rows]).toEqual([0, 0, 0, NaN, NaN, NaN]);
  });

  it("do not lose faint likeness to a high power", () => {
    const rows = Float32Array.of(0.03, 0.015);
    relativeRows(rows, 2, { neighbours: 2, power: 12 });
    expect(rows[0]).toBeCloseTo(1, 6);
  });
});

describe("fitAsif", () => {
  const data = latentData({ train: 300, validation: 60 });

  it("finds the partner of unseen items, and says what validation chose", async () => {
    const { projectors, chosen } = await fit(data);
    expect(chosen["anchors"]).toBe(300);
    const u = projectClosedForm(projectors.image, data.image);
    const v = projectClosedForm(projectors.text, data.text);
    const held = range(300, 360);
    const best = held.map((i) => {
      const scores = held.map((j) => dot(row(u, i), row(v, j)));
      return scores.indexOf(Math.max(...scores));
    });
    expect(best.filter((j, i) => j === i).length).toBeGreaterThan(15);
  });

  it("gives both sides the same anchors in the same order", async () => {
    const { image, text } = (await fit(data)).projectors;
    expect([image.dimension, text.dimension]).toEqual([300, 300]);
    expect(image.tensors["neighbours"]).toEqual(text.tensors["neighbours"]);
    const u = projectClosedForm(
      { ...image, tensors: { ...image.tensors, neighbours: one } },
      data.image,
    );
    const v = projectClosedForm(
      { ...text, tensors: { ...text.tensors, neighbours: one } },
      data.text,
    );
    for (const i of [0, 150, 299]) expect([u, v].map((m) => row(m, i)[i])).toEqual([1, 1]);
  });

  it("never looks at validation items for its anchors and means", async () => {
    const train = { ...data, pairs: { ...data.pairs, split: data.pairs.split.map((s) => (s === "train" ? s : "test" as const)) } }; // prettier-ignore
    const spoiled = matrix(data.image.rows, data.image.cols, data.image.data.slice());
    spoiled.data.fill(7, 300 * data.image.cols);
    expect(await fit({ ...train, image: spoiled })).toEqual(await fit(train));
  });

  it("takes pairs named twice once, and stands on defaults without validation", async () => {
    const { pairs } = latentData({ train: 40 });
    const twice = (column: Uint32Array) => Uint32Array.from([...column, ...column]);
    const { chosen } = await fit({
      ...latentData({ train: 40 }),
      pairs: {
        length: 80,
        image: twice(pairs.image),
        text: twice(pairs.text),
        split: [...pairs.split, ...pairs.split],
        component: twice(pairs.component),
      },
    });
    expect(chosen).toEqual({ anchors: 40, neighbours: 10, power: 8, centred: 1 });
  });

  it("takes at most 4,096 anchors, evenly spaced", async () => {
    const { projectors, chosen } = await fit(latentData({ train: 9_000 }));
    expect(chosen["anchors"]).toBe(4_096);
    expect(projectors.image.tensors["anchors"]!.shape).toEqual([4_096, 12]);
  });

  it("fits two pairs", async () => {
    const { projectors } = await fit(latentData({ train: 2 }));
    const { data: values } = projectClosedForm(projectors.image, latentData({ train: 2 }).image);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it("stops when it is cancelled", async () => {
    const moments = new TrainingMoments(data);
    const inputs = { data, moments, selection: openSelection(data, moments) };
    await expect(fitAsif(inputs, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
  });
});

const one = { shape: [], data: Float32Array.of(1) };

describe.each(["cpu", "wasm"] as const)("on %s", (device) => {
  beforeAll(() => openBackend(device));

  it("the device gives the coordinates of plain JavaScript", async () => {
    const data = latentData({ train: 100, validation: 30 });
    const { image } = (await fit(data)).projectors;
    const found = await projectRows(image, data.image);
    const expected = projectClosedForm(image, data.image);
    found.data.forEach((value, i) => expect(value).toBeCloseTo(expected.data[i]!, 4));
  });
});

it("refuses rows of another width", () => {
  expect(() => projectClosedForm(anchored(images, 1, 1), texts)).toThrow(
    expect.objectContaining({ code: "data/shape" }),
  );
});
