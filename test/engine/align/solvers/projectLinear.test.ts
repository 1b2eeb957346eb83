import { expect, it } from "vitest";
import { matrix } from "../../../../src/core/math/matrix";
import { linearProjector } from "../../../../src/engine/align/solvers/linearProjector";
import { projectLinear } from "../../../../src/engine/align/solvers/projectLinear";
import { fill } from "../../../support/goldenData";

const mean = Float64Array.of(1, -2, 0.5);
const maps = fill(3, 2, 3); // [P, D]

it("subtracts the mean, multiplies, normalises, then scales", () => {
  const scale = Float64Array.of(0.9, 0.25);
  const projector = linearProjector("image", mean, maps, scale);
  const inputs = fill(4, 260, 3); // more than one batch
  const out = projectLinear(projector, matrix(260, 3, Float32Array.from(inputs.data)));
  for (let i = 0; i < 260; i++) {
    const y = [0, 1].map((p) =>
      [0, 1, 2].reduce(
        (sum, d) => sum + (inputs.data[i * 3 + d]! - mean[d]!) * maps.data[p * 3 + d]!,
        0,
      ),
    );
    y.forEach((value, p) => {
      expect(out.data[i * 2 + p]).toBeCloseTo((value / Math.hypot(...y)) * scale[p]!, 6);
    });
  }
});

it("stores weights as [D, P]", () => {
  const { tensors, inputWidth, dimension } = linearProjector("text", mean, maps);
  expect([inputWidth, dimension, tensors["weight"]!.shape]).toEqual([3, 2, [3, 2]]);
  expect(tensors["weight"]!.data[1]).toBe(Math.fround(maps.data[3]!));
  expect(tensors["outputScale"]).toBeUndefined();
});

it("keeps a row that equals the mean at zero", () => {
  const projector = linearProjector("image", mean, maps);
  expect([...projectLinear(projector, matrix(1, 3, Float32Array.from(mean))).data]).toEqual([0, 0]);
});

it("refuses rows of another width and projectors of another kind", () => {
  const projector = linearProjector("image", mean, maps);
  expect(() => projectLinear(projector, matrix(1, 4))).toThrow(
    expect.objectContaining({ code: "data/shape" }),
  );
  expect(() => projectLinear({ ...projector, kind: "freeze-align" }, matrix(1, 3))).toThrow(
    expect.objectContaining({ code: "align/unsupported" }),
  );
});
