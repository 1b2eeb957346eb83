import { beforeAll, describe, expect, it } from "vitest";
import type { TensorData } from "../../../../src/core/domain/projector";
import { rng } from "../../../../src/core/math/rng";
import { openBackend } from "../../../../src/engine/align/backend";
import { projectRows } from "../../../../src/engine/align/project";
import { freezeAlign } from "../../../../src/engine/align/projectors/freezeAlign";
import { initialize, type Head } from "../../../../src/engine/align/projectors/head";
import { layerNormLinear } from "../../../../src/engine/align/projectors/layerNormLinear";
import { standardizeRows } from "../../../../src/engine/align/standardizeRows";
import * as tf from "../../../../src/engine/align/tf";
import { matrix } from "../../../../src/core/math/matrix";
import golden from "../../../fixtures/golden.json";
import { freezeAlignOracle } from "../../../oracles/freezeAlign";
import { unitRows } from "../../../oracles/infoNce";

const [D, P, B] = [5, 3, 4];
const random = rng(11);
const noise = (length: number) => Array.from({ length }, () => 2 * random() - 1);
const rows = Array.from({ length: B }, () => noise(D).map((v) => 3 * v + 1));
const direction = Array.from({ length: B }, () => noise(P));

describe("initialize", () => {
  it("gives one 384 to 512 token projector 657,664 parameters", () => {
    const count = freezeAlign
      .parameters(384, 512)
      .reduce((n, { shape }) => n + shape.reduce((m, size) => m * size, 1), 0);
    expect(count).toBe(golden.parameterCounts.oneTokenProjector384to512);
  });

  it("starts as nn.Linear does: uniform within ±1/√fanIn, norms at identity", () => {
    const weights = initialize(freezeAlign.parameters(64, 32), 3);
    const input = weights["input.weight"]!.data;
    expect(Math.max(...input.map(Math.abs))).toBeLessThanOrEqual(1 / 8);
    const variance = input.reduce((n, v) => n + v * v, 0) / input.length;
    expect(variance * 3 * 64).toBeCloseTo(1, 1); // of a uniform: bound² / 3
    expect(new Set(weights["norm.gain"]!.data)).toEqual(new Set([1]));
    expect(new Set(weights["norm.shift"]!.data)).toEqual(new Set([0]));
  });

  it("depends on the seed, and on nothing else", () => {
    const parameters = freezeAlign.parameters(D, P);
    expect(initialize(parameters, 7)).toEqual(initialize(parameters, 7));
    expect(initialize(parameters, 8)).not.toEqual(initialize(parameters, 7));
  });

  it("decays matrices only", () => {
    for (const { shape, decayed } of freezeAlign.parameters(D, P)) {
      expect(decayed).toBe(shape.length === 2);
    }
  });
});

describe.each(["cpu", "wasm"] as const)("heads on %s", (device) => {
  beforeAll(() => openBackend(device));

  it("freeze-align equals its definition, rows L2-normalised", async () => {
    const weights = perturbed(freezeAlign);
    const projected = await projectRows(
      { kind: "freeze-align", modality: "image", inputWidth: D, dimension: P, tensors: weights },
      matrix(B, D, Float32Array.from(rows.flat())),
    );
    const expected = unitRows(rows.map((x) => freezeAlignOracle(x, named(weights)))).flat();
    expected.forEach((value, i) => expect(projected.data[i]).toBeCloseTo(value, 5));
  });

  it.each([freezeAlign, layerNormLinear])(
    "$kind has the gradient of its forward pass in every parameter (central differences)",
    async (head) => {
      const weights = perturbed(head);
      const analytic = await gradients(head, weights);
      const h = 1e-2;
      for (const [name, { shape, data }] of Object.entries(weights)) {
        for (let i = 0; i < data.length; i++) {
          const at = (by: number) => {
            const moved = data.slice();
            moved[i] = moved[i]! + by;
            return objective(head, { ...weights, [name]: { shape, data: moved } });
          };
          const numeric = ((await at(h)) - (await at(-h))) / (2 * h);
          expect(Math.abs(analytic[name]![i]! - numeric), `${name}[${i}]`).toBeLessThan(3e-3);
        }
      }
    },
  );
});

/** Initial weights moved off their symmetric start, so that no gradient vanishes by accident. */
function perturbed(head: Head): Record<string, TensorData> {
  const weights = initialize(head.parameters(D, P), 5);
  for (const { data } of Object.values(weights)) {
    const step = noise(data.length);
    data.forEach((value, i) => (data[i] = value + 0.3 * step[i]!));
  }
  return weights;
}

function standardized(): tf.Tensor2D {
  const data = Float32Array.from(rows.flat());
  standardizeRows(data, D);
  return tf.tensor2d(data, [B, D]);
}

const upload = (weights: Record<string, TensorData>) =>
  Object.entries(weights).map(([, { shape, data }]) => tf.tensor(data, [...shape]));

/** Σ output ∘ direction: linear in the output, so that its gradient is the head's. */
function weighted(head: Head, names: string[], tensors: tf.Tensor[]): tf.Scalar {
  const parameters = Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
  const out = head.apply(parameters, standardized());
  return tf.sum(tf.mul(out, tf.tensor2d(direction)));
}

async function objective(head: Head, weights: Record<string, TensorData>): Promise<number> {
  const value = tf.tidy(() => weighted(head, Object.keys(weights), upload(weights)));
  const [number] = await value.data();
  value.dispose();
  return number!;
}

async function gradients(head: Head, weights: Record<string, TensorData>) {
  const names = Object.keys(weights);
  const tensors = tf.tidy(() =>
    tf.grads((...parameters: tf.Tensor[]) => weighted(head, names, parameters))(upload(weights)),
  );
  const read = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  return Object.fromEntries(names.map((name, i) => [name, read[i]!]));
}

/** Our packed tensors under the names of the definition. */
function named(weights: Record<string, TensorData>) {
  const list = (name: string) => Array.from(weights[name]!.data);
  const table = (name: string, cols: number) =>
    Array.from({ length: list(name).length / cols }, (_, i) =>
      list(name).slice(i * cols, (i + 1) * cols),
    );
  const input = table("input.weight", 2 * P);
  return {
    gain: list("norm.gain"),
    shift: list("norm.shift"),
    linear: input.map((r) => r.slice(0, P)),
    linearBias: list("input.bias").slice(0, P),
    up: input.map((r) => r.slice(P)),
    upBias: list("input.bias").slice(P),
    down: table("hidden.weight", P),
    downBias: list("hidden.bias"),
  };
}
