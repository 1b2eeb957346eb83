import { beforeAll, describe, expect, it } from "vitest";
import type { Projector } from "../../src/core/domain/projector";
import {
  firstRows,
  identity64,
  matrix64,
  transpose,
  type Matrix64,
} from "../../src/core/math/linalg/matrix64";
import { timesTransposed } from "../../src/core/math/linalg/product";
import { matrix, normalizeRows, type Matrix } from "../../src/core/math/matrix";
import { permutation, rng, seedFrom } from "../../src/core/math/rng";
import { openBackend } from "../../src/engine/align/backend";
import { infoNce } from "../../src/engine/align/losses/infoNce";
import { l2Normalize } from "../../src/engine/align/ops/l2Normalize";
import { matMul } from "../../src/engine/align/ops/matMul";
import { projectAsif } from "../../src/engine/align/solvers/asif";
import { canonicalImage, canonicalText } from "../../src/engine/align/solvers/csa";
import { procrustesMaps } from "../../src/engine/align/solvers/procrustes";
import { ridgeMap } from "../../src/engine/align/solvers/ridge";
import * as tf from "../../src/engine/align/tf";
import { centred, columnMeans, golden, syntheticViews } from "../support/goldenData";

// The known-answer task: two noisy tanh views of one latent, 500 test pairs, chance 0.002. The table
// is numpy's. It tests code; which method is best on real data it does not say.

const table = golden.syntheticRetrieval;
const test = syntheticViews(500, 900);

/** Aᵀ B. */
const cross = (a: Matrix64, b: Matrix64) => timesTransposed(transpose(a), transpose(b));
const scaled = (m: Matrix64, by: number) =>
  matrix64(
    m.rows,
    m.cols,
    m.data.map((value) => value * by),
  );
const single = (m: Matrix64): Matrix => matrix(m.rows, m.cols, Float32Array.from(m.data));

/** Share of rows of `u` whose best cosine, weighted by dimension, is with their own row of `v`. */
function firstRecall(u: Matrix64, v: Matrix64, weights?: ArrayLike<number>): number {
  const unit = (m: Matrix64) => {
    const norms = Array.from({ length: m.rows }, (_, i) =>
      Math.hypot(...m.data.subarray(i * m.cols, (i + 1) * m.cols)),
    );
    const data = m.data.map((value, at) => value / (norms[Math.floor(at / m.cols)]! || 1));
    return matrix64(m.rows, m.cols, data);
  };
  const left = unit(u);
  if (weights) left.data.forEach((value, at) => (left.data[at] = value * weights[at % u.cols]!));
  const scores = timesTransposed(left, unit(v));
  const own = Array.from({ length: u.rows }, (_, i) => {
    const row = scores.data.subarray(i * v.rows, (i + 1) * v.rows);
    return row.every((score, j) => j === i || score < row[i]!);
  });
  return own.filter(Boolean).length / u.rows;
}

describe.each(table.nTrain.map((count, at) => ({ count, at })))("$count pairs", ({ count, at }) => {
  const train = syntheticViews(count, 200);
  const [tx, ty] = [centred(train.x), centred(train.y)];
  const [qx, qy] = [centred(test.x, columnMeans(train.x)), centred(test.y, columnMeans(train.y))];
  const mapped = (image: Matrix64, text: Matrix64, weights?: ArrayLike<number>) =>
    firstRecall(timesTransposed(qx, image), timesTransposed(qy, text), weights);
  const near = (found: number, expected: number) =>
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(0.01);

  it("Procrustes, whole and cut to 16 directions", () => {
    const { image, text } = procrustesMaps(cross(ty, tx));
    near(mapped(image, text), table.procrustes[at]!);
    near(mapped(firstRows(image, 16), firstRows(text, 16)), table.svd16[at]!);
  });

  it("ridge, and nothing when the captions are moved on by 7", () => {
    const covariance = cross(tx, tx);
    near(mapped(ridgeMap(covariance, cross(ty, tx), 1), identity64(48)), table.ridge1[at]!);
    const rolled = matrix64(
      ty.rows,
      48,
      ty.data.map((_, i) => ty.data[(i - 7 * 48 + ty.data.length) % ty.data.length]!),
    );
    near(
      mapped(ridgeMap(covariance, cross(rolled, tx), 1), identity64(48)),
      table.ridge1Shuffled[at]!,
    );
  });

  it.each([
    [0.1, table.csa16Eps0p1, table.ccaCosineFullEps0p1],
    [1e-6, table.csa16Eps1em6, table.ccaCosineFullEps1em6],
  ])("CCA with ε = %f: CSA on 16 directions, plain cosine on all", (epsilon, csa, cosine) => {
    const both = scaled(cross(ty, tx), 1 / count);
    const ridge = ridgeMap(scaled(cross(tx, tx), 1 / count), both, epsilon);
    const canonical = canonicalText(ridge, both, scaled(cross(ty, ty), 1 / count), epsilon);
    const image = canonicalImage(canonical, ridge);
    const { text, correlations } = canonical;
    near(mapped(firstRows(image, 16), firstRows(text, 16), correlations), csa[at]!);
    near(mapped(image, text), cosine[at]!);
  });

  it("ASIF with 50 neighbours and power 8, on raw vectors", () => {
    const project = (anchors: Matrix64, rows: Matrix64) => {
      const { data } = normalizeRows(single(anchors));
      const scalar = (value: number) => ({ shape: [], data: Float32Array.of(value) });
      const projector: Projector = {
        kind: "asif",
        modality: "image",
        inputWidth: anchors.cols,
        dimension: count,
        tensors: {
          anchors: { shape: [count, anchors.cols], data },
          neighbours: scalar(Math.min(50, count)),
          power: scalar(8),
        },
      };
      const found = projectAsif(projector, single(rows));
      return matrix64(found.rows, found.cols, Float64Array.from(found.data));
    };
    near(firstRecall(project(train.x, test.x), project(train.y, test.y)), table.asifK50P8[at]!);
  }, 60_000);
});

describe("linear heads under InfoNCE", () => {
  beforeAll(() => openBackend("wasm"));

  // Without bias, temperature 0.07, Adam at 3e-3: the table's 1,500 steps, its own random start.
  it.each([100, 500, 1_000])(
    "reach the table's recall within 0.05 from %i pairs",
    async (count) => {
      const at = table.nTrain.indexOf(count);
      const train = syntheticViews(count, 200);
      const [tx, ty] = [single(centred(train.x)), single(centred(train.y))];
      const heads = await trainLinear(tx, ty, 1_500);
      const project = (rows: Matrix64, head: Matrix64) => timesTransposed(rows, transpose(head));
      const recall = firstRecall(
        project(centred(test.x, columnMeans(train.x)), heads.image),
        project(centred(test.y, columnMeans(train.y)), heads.text),
      );
      expect(Math.abs(recall - table.linearInfoNce1500[at]!)).toBeLessThanOrEqual(0.05);
    },
    300_000,
  );
});

async function trainLinear(x: Matrix, y: Matrix, steps: number) {
  const random = rng(5);
  const start = (width: number) => {
    const bound = 1 / Math.sqrt(width);
    const data = Float32Array.from({ length: width * 32 }, () => (2 * random() - 1) * bound);
    return tf.variable(tf.tensor2d(data, [width, 32]));
  };
  const [image, text] = [start(64), start(48)];
  const [images, texts] = [x, y].map(({ data, rows, cols }) => tf.tensor2d(data, [rows, cols]));
  const optimizer = tf.train.adam(3e-3, 0.9, 0.999);
  const batch = Math.min(x.rows, 256);
  for (let step = 0; step < steps; step++) {
    const order = permutation(x.rows, rng(seedFrom(7, step))).slice(0, batch);
    const [a, b] = tf.tidy(() => {
      const rows = tf.tensor1d(Int32Array.from(order), "int32");
      return [tf.gather(images as tf.Tensor2D, rows), tf.gather(texts as tf.Tensor2D, rows)];
    }) as [tf.Tensor2D, tf.Tensor2D];
    optimizer.minimize(() => {
      const [u, v] = [l2Normalize(matMul(a, image)), l2Normalize(matMul(b, text))];
      return infoNce(u, v, tf.scalar(Math.log(1 / 0.07)));
    });
    tf.dispose([a, b]);
  }
  const read = async (head: tf.Variable, width: number) =>
    matrix64(width, 32, Float64Array.from(await head.data()));
  const heads = {
    image: await read(image as tf.Variable, 64),
    text: await read(text as tf.Variable, 48),
  };
  tf.dispose([image, text, images!, texts!]);
  optimizer.dispose();
  return heads;
}
