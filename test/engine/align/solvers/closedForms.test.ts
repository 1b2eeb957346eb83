import { describe, expect, it } from "vitest";
import {
  firstRows,
  identity64,
  matrix64,
  transpose,
  type Matrix64,
} from "../../../../src/core/math/linalg/matrix64";
import { gram } from "../../../../src/core/math/linalg/product";
import { thinSvd } from "../../../../src/core/math/linalg/thinSvd";
import { canonicalImage, canonicalText } from "../../../../src/engine/align/solvers/csa";
import { procrustesMaps } from "../../../../src/engine/align/solvers/procrustes";
import { ridgeMap } from "../../../../src/engine/align/solvers/ridge";
import { productOracle, scaleRows, worstDifference } from "../../../oracles/matrices";
import {
  centred,
  columnMeans,
  fill,
  golden,
  goldenSides,
  syntheticViews,
} from "../../../support/goldenData";

const { values } = golden;
const nonFinite = expect.objectContaining({ code: "data/non-finite" });
const degenerate = expect.objectContaining({ code: "data/degenerate" });

/** [cols of a, cols of b]: aᵀ b · factor. */
const times = (a: Matrix64, b: Matrix64, factor = 1) => {
  const product = productOracle(transpose(a), b);
  return matrix64(
    product.rows,
    product.cols,
    product.data.map((v) => v * factor),
  );
};

const squares = (m: Matrix64) => m.data.reduce((sum, value) => sum + value * value, 0);

/** CCA of centred sides: directions as rows, correlations. */
function cca(x: Matrix64, y: Matrix64, shift: number, textShift = shift) {
  const cross = times(y, x, 1 / x.rows);
  const ridge = ridgeMap(times(x, x, 1 / x.rows), cross, shift);
  const canonical = canonicalText(ridge, cross, times(y, y, 1 / y.rows), textShift);
  return { ...canonical, image: canonicalImage(canonical, ridge) };
}

/** Share of rows of `u` whose best cosine among rows of `v` is its own. */
function firstRecall(u: Matrix64, v: Matrix64, weights?: Float64Array): number {
  const unit = (m: Matrix64) =>
    scaleRows(
      m,
      Array.from({ length: m.rows }, (_, i) => {
        return 1 / Math.hypot(...m.data.subarray(i * m.cols, (i + 1) * m.cols));
      }),
    );
  const weighted = weights ? unit(u).data.map((s, at) => s * weights[at % u.cols]!) : unit(u).data;
  const scores = productOracle(matrix64(u.rows, u.cols, weighted), transpose(unit(v)));
  let hits = 0;
  for (let i = 0; i < u.rows; i++) {
    const row = scores.data.subarray(i * v.rows, (i + 1) * v.rows);
    hits += Number(row.indexOf(Math.max(...row)) === i);
  }
  return hits / u.rows;
}

const { x, y } = goldenSides();
const [xc, yc] = [centred(x), centred(y)];

describe("Procrustes", () => {
  it("has the golden singular values and residual", () => {
    const maps = procrustesMaps(times(yc, xc));
    const sum = maps.singular.reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(values.procrustesSingularValueSum, 9);
    const rotated = productOracle(productOracle(xc, transpose(maps.image)), maps.text);
    const kept = productOracle(xc, transpose(maps.image));
    // The sixth direction of X faces the zero column of the padded Y and stays as residual.
    const residual = matrix64(
      16,
      5,
      rotated.data.map((value, i) => value - yc.data[i]!),
    );
    const outside = squares(xc) - squares(kept);
    expect(squares(residual) + outside).toBeCloseTo(values.procrustesResidualSquared, 9);
    expect(squares(xc) + squares(yc) - 2 * sum).toBeCloseTo(values.procrustesResidualSquared, 9);
  });

  it("recovers a random rotation", () => {
    const n = 24;
    const rotation = productOracle(
      transpose(thinSvd(fill(11, n, n)).left),
      thinSvd(fill(12, n, n)).right,
    );
    const source = centred(fill(13, 80, n));
    const maps = procrustesMaps(times(productOracle(source, rotation), source));
    const found = productOracle(transpose(maps.image), maps.text);
    expect(worstDifference(found, rotation)).toBeLessThan(1e-10);
  });

  it("z-scores the image side: units of a dimension change nothing", () => {
    const units = Float64Array.of(1, 10, 0.1, 3, 7, 0.5);
    const deviations = (m: Matrix64) =>
      times(m, m, 1 / m.rows)
        .data.filter((_, i) => i % 7 === 0)
        .map(Math.sqrt);
    const scaled = transpose(scaleRows(transpose(xc), units));
    const own = procrustesMaps(times(yc, xc), deviations(xc));
    const other = procrustesMaps(times(yc, scaled), deviations(scaled));
    const [u, v] = [
      productOracle(xc, transpose(own.image)),
      productOracle(scaled, transpose(other.image)),
    ];
    expect(worstDifference(gram(u), gram(v))).toBeLessThan(1e-12);
  });

  it("refuses sides that do not vary together, and NaN", () => {
    expect(() => procrustesMaps(matrix64(3, 4))).toThrow(degenerate);
    expect(() => procrustesMaps(matrix64(1, 1, Float64Array.of(NaN)))).toThrow(nonFinite);
  });
});

describe("ridge", () => {
  it("has the golden first row", () => {
    const map = ridgeMap(times(xc, xc), times(yc, xc), 0.1); // Wᵀ [5, 6]
    values.ridgeLambda0p1WRow0.forEach((value, d) => {
      expect(map.data[d * 6]).toBeCloseTo(value, 9);
    });
  });

  it("leaves residuals perpendicular to the images as lambda goes to 0", () => {
    const map = ridgeMap(times(xc, xc), times(yc, xc), 1e-12);
    const predicted = productOracle(xc, transpose(map));
    const residual = matrix64(
      16,
      5,
      predicted.data.map((value, i) => value - yc.data[i]!),
    );
    expect(worstDifference(times(residual, xc), matrix64(5, 6))).toBeLessThan(1e-9);
  });

  it("solves fewer pairs than dimensions", () => {
    const [wide, narrow] = [centred(fill(1, 6, 90)), centred(fill(2, 6, 4))];
    const predicted = productOracle(
      wide,
      transpose(ridgeMap(times(wide, wide), times(narrow, wide), 1e-9)),
    );
    expect(worstDifference(predicted, narrow)).toBeLessThan(1e-6);
  });

  it("refuses images that do not vary", () => {
    expect(() => ridgeMap(matrix64(2, 2), matrix64(3, 2), 0)).toThrow(degenerate);
  });
});

describe("CCA and CSA", () => {
  it.each([
    [0, values.ccaRhoEps0],
    [0.01, values.ccaRhoEps0p01],
  ])("has the golden correlations at eps %f", (epsilon, expected) => {
    const { correlations } = cca(xc, yc, epsilon);
    expect(correlations.length).toBe(expected.length);
    expected.forEach((rho, k) => expect(correlations[k]).toBeCloseTo(rho, 9));
  });

  it("whitens both sides and correlates them by rho", () => {
    const { correlations, image, text } = cca(xc, yc, 0);
    const [u, v] = [productOracle(xc, transpose(image)), productOracle(yc, transpose(text))];
    expect(worstDifference(times(u, u, 1 / 16), identity64(5))).toBeLessThan(1e-10);
    expect(worstDifference(times(v, v, 1 / 16), identity64(5))).toBeLessThan(1e-10);
    const diagonal = scaleRows(identity64(5), correlations);
    expect(worstDifference(times(u, v, 1 / 16), diagonal)).toBeLessThan(1e-10);
  });

  it("has the golden CSA scores and recall at s = 3", () => {
    const { correlations, image, text } = cca(xc, yc, 0);
    const u = productOracle(xc, transpose(firstRows(image, 3)));
    const v = productOracle(yc, transpose(firstRows(text, 3)));
    const score = (i: number, j: number) => {
      const [a, b] = [u.data.subarray(i * 3, i * 3 + 3), v.data.subarray(j * 3, j * 3 + 3)];
      const weighted = a.reduce((sum, value, k) => sum + correlations[k]! * value * b[k]!, 0);
      return weighted / (Math.hypot(...a) * Math.hypot(...b));
    };
    expect(score(0, 0)).toBeCloseTo(values.csaS3ScoresRow0Cols0to1[0]!, 9);
    expect(score(0, 1)).toBeCloseTo(values.csaS3ScoresRow0Cols0to1[1]!, 9);
    expect(firstRecall(u, v, correlations)).toBe(values.csaS3I2tRecallAt1);
  });

  it("keeps its correlations under invertible maps of either side", () => {
    const before = cca(xc, yc, 0).correlations;
    const after = cca(productOracle(xc, fill(21, 6, 6)), productOracle(yc, fill(22, 5, 5)), 0);
    before.forEach((rho, k) => expect(after.correlations[k]).toBeCloseTo(rho, 9));
  });

  it("keeps only the directions that correlate", () => {
    const copied = matrix64(
      16,
      2,
      Float64Array.from({ length: 32 }, (_, at) => xc.data[(at >> 1) * 6]!),
    );
    const { correlations } = cca(xc, copied, 0, 1e-3);
    expect(correlations.length).toBe(1);
    expect(() => cca(xc, matrix64(16, 2), 0.1)).toThrow(degenerate);
  });
});

describe("the known-answer task", () => {
  const table = golden.syntheticRetrieval;
  const test = syntheticViews(500, 900);

  it.each([100, 500])("scores what numpy scores with %i training pairs", (count) => {
    const at = table.nTrain.indexOf(count);
    const train = syntheticViews(count, 200);
    const [tx, ty] = [centred(train.x), centred(train.y)];
    const [qx, qy] = [centred(test.x, columnMeans(train.x)), centred(test.y, columnMeans(train.y))];
    const recall = (image: Matrix64, text: Matrix64, weights?: Float64Array) =>
      firstRecall(productOracle(qx, transpose(image)), productOracle(qy, transpose(text)), weights);

    const maps = procrustesMaps(times(ty, tx));
    expect(recall(maps.image, maps.text)).toBeCloseTo(table.procrustes[at]!, 9);
    const cut = [firstRows(maps.image, 16), firstRows(maps.text, 16)] as const;
    expect(recall(...cut)).toBeCloseTo(table.svd16[at]!, 9);
    const ridge = ridgeMap(times(tx, tx), times(ty, tx), 1);
    expect(recall(ridge, identity64(48))).toBeCloseTo(table.ridge1[at]!, 9);
    for (const [epsilon, expected] of [
      [1e-6, table.csa16Eps1em6],
      [0.1, table.csa16Eps0p1],
    ] as const) {
      const { image, text, correlations } = cca(tx, ty, epsilon);
      const csa = recall(firstRows(image, 16), firstRows(text, 16), correlations.slice(0, 16));
      expect(csa).toBeCloseTo(expected[at]!, 9);
    }
  });
});
