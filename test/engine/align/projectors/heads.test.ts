import { beforeAll, describe, expect, it } from "vitest";
import { METHOD_IDS } from "../../../../src/core/domain/alignSettings";
import { HEAD_KINDS, type TensorData } from "../../../../src/core/domain/projector";
import { matrix } from "../../../../src/core/math/matrix";
import { rng, seedFrom } from "../../../../src/core/math/rng";
import { openBackend } from "../../../../src/engine/align/backend";
import { infoNce } from "../../../../src/engine/align/losses/infoNce";
import { l2Normalize } from "../../../../src/engine/align/ops/l2Normalize";
import { projectRows } from "../../../../src/engine/align/project";
import { freezeAlign } from "../../../../src/engine/align/projectors/freezeAlign";
import { freezeAlignTokens } from "../../../../src/engine/align/projectors/freezeAlignTokens";
import { initialize, type Head } from "../../../../src/engine/align/projectors/head";
import { headOf, headOfKind } from "../../../../src/engine/align/projectors/heads";
import { identity } from "../../../../src/engine/align/projectors/identity";
import { layerNormLinear } from "../../../../src/engine/align/projectors/layerNormLinear";
import { lowRank } from "../../../../src/engine/align/projectors/lowRank";
import { sail } from "../../../../src/engine/align/projectors/sail";
import * as tf from "../../../../src/engine/align/tf";
import { golden } from "../../../support/goldenData";
import { freezeAlignOracle, type FreezeAlignWeights } from "../../../oracles/freezeAlign";
import { freezeAlignTokensOracle, lowRankOracle, sailOracle } from "../../../oracles/heads";
import { unitRows } from "../../../oracles/infoNce";

const [D, P, B] = [6, 3, 4];
const TRAINED = [freezeAlign, freezeAlignTokens, layerNormLinear, sail, lowRank];
const random = rng(11);
const noise = (length: number) => Array.from({ length }, () => 2 * random() - 1);
const rows = Array.from({ length: B }, () => noise(D).map((v) => 3 * v + 1));
const direction = Array.from({ length: B }, () => noise(P));

describe("parameters", () => {
  const { parameterCounts } = golden;
  const count = (head: Head, expansion = 2) =>
    head
      .parameters(384, 512, { expansion })
      .reduce((n, { shape }) => n + shape.reduce((m, size) => m * size, 1), 0);

  it("are as many as the golden counts say", () => {
    expect(count(freezeAlign)).toBe(parameterCounts.oneTokenProjector384to512);
    expect(count(sail, 8)).toBe(parameterCounts.sailGated384to512Width8);
    expect(count(sail, 2)).toBe(parameterCounts.sailGated384to512Width2);
    expect(count(lowRank)).toBe(384 * 512 + 64 * (384 + 512) + 1);
    expect(count(identity)).toBe(0);
    const each = freezeAlign.parameters(192, 512).reduce((n, s) => n + size(s.shape), 0);
    expect(count(freezeAlignTokens)).toBe(2 * each);
  });

  it("decay in matrices only", () => {
    for (const head of TRAINED) {
      for (const { shape, decayed } of head.parameters(D, P)) {
        expect(decayed).toBe(shape.length === 2);
      }
    }
  });

  it("have names of their own", () => {
    for (const head of TRAINED) {
      const names = head.parameters(D, P).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe("headOf", () => {
  it("gives a method its own head, and a choice the one named", () => {
    expect(headOf("auto", "linear", "mean")).toBe(layerNormLinear);
    expect(headOf("auto", "sail", "cls")).toBe(sail);
    expect(headOf("auto", "low-rank", "last")).toBe(lowRank);
    expect(headOf("identity", "sail", "mean")).toBe(identity);
    expect(headOf("linear", "csa", "mean")).toBe(layerNormLinear);
  });

  it("takes freeze-align's token form where the embedding is CLS and patch mean", () => {
    expect(headOf("auto", "freeze-align", "cls+mean")).toBe(freezeAlignTokens);
    expect(headOf("freeze-align", "linear", "cls+mean")).toBe(freezeAlignTokens);
    expect(headOf("auto", "freeze-align", "cls")).toBe(freezeAlign);
    expect(headOf("auto", "linear", "cls+mean")).toBe(layerNormLinear);
  });

  it("refuses the methods that train no head", () => {
    const trained = ["freeze-align", "linear", "sail", "low-rank"];
    for (const method of METHOD_IDS.filter((id) => !trained.includes(id))) {
      expect(() => headOf("auto", method, "mean")).toThrow(
        expect.objectContaining({ code: "align/unsupported" }),
      );
    }
  });

  it("finds every stored kind again", () => {
    expect(HEAD_KINDS.map((kind) => headOfKind(kind).kind)).toEqual(HEAD_KINDS);
  });
});

describe("initialize", () => {
  it("starts as nn.Linear does: uniform within ±1/√fanIn, norms at identity", () => {
    const weights = initialize(freezeAlign.parameters(64, 32), 3);
    const input = weights["input.weight"]!.data;
    expect(Math.max(...input.map(Math.abs))).toBeLessThanOrEqual(1 / 8);
    expect(meanSquare(input) * 3 * 64).toBeCloseTo(1, 1); // of a uniform: bound² / 3
    expect(new Set(weights["norm.gain"]!.data)).toEqual(new Set([1]));
    expect(new Set(weights["norm.shift"]!.data)).toEqual(new Set([0]));
  });

  it("starts SAIL Xavier-uniform, each of its two input layers by its own width", () => {
    const weights = initialize(sail.parameters(64, 32, { expansion: 4 }), 3);
    for (const [name, ends] of [
      ["input.weight", 64 + 256],
      ["output.weight", 256 + 32],
    ] as const) {
      const { data } = weights[name]!;
      expect(Math.max(...data.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / ends));
      expect((meanSquare(data) * ends) / 2).toBeCloseTo(1, 1);
    }
    for (const name of ["input.bias", "output.bias"]) {
      expect(new Set(weights[name]!.data)).toEqual(new Set([0]));
    }
  });

  it.each([
    [40, 24],
    [24, 40],
    [64, 64],
  ])("starts the low-rank head's matrix orthogonal (%i to %i)", (inputs, outputs) => {
    const { data } = initialize(lowRank.parameters(inputs, outputs), 3)["linear.weight"]!;
    const vectors =
      inputs >= outputs
        ? Array.from({ length: outputs }, (_, p) => data.filter((_, i) => i % outputs === p))
        : Array.from({ length: inputs }, (_, d) => data.subarray(d * outputs, (d + 1) * outputs));
    vectors.forEach((u, i) =>
      vectors.forEach((w, j) => {
        const product = u.reduce((n, value, at) => n + value * w[at]!, 0);
        expect(product).toBeCloseTo(i === j ? 1 : 0, 5);
      }),
    );
  });

  it("leaves the low-rank head's gate a tenth open", () => {
    const { data } = initialize(lowRank.parameters(D, P), 3)["gate"]!;
    expect(1 / (1 + Math.exp(-data[0]!))).toBeCloseTo(0.1, 6);
  });

  it("depends on the seed, and on nothing else", () => {
    for (const head of TRAINED) {
      const parameters = head.parameters(D, P);
      expect(initialize(parameters, 7)).toEqual(initialize(parameters, 7));
      expect(initialize(parameters, 8)).not.toEqual(initialize(parameters, 7));
    }
  });
});

describe.each(["cpu", "wasm"] as const)("heads on %s", (device) => {
  beforeAll(() => openBackend(device));

  it.each([
    [freezeAlign, (x: number[], w: Weights) => freezeAlignOracle(x, tokenProjector(w))],
    [
      freezeAlignTokens,
      (x: number[], w: Weights) =>
        freezeAlignTokensOracle(
          x,
          tokenProjector(part(w, "cls")),
          tokenProjector(part(w, "patches")),
        ),
    ],
    [sail, (x: number[], w: Weights) => sailOracle(x, gated(w))],
    [lowRank, (x: number[], w: Weights) => lowRankOracle(x, residual(w))],
    [identity, (x: number[]) => x],
  ] as const)("$kind equals its definition, rows L2-normalised", async (head, oracle) => {
    const weights = perturbed(head);
    const dimension = head === identity ? D : P;
    const projected = await projectRows(
      { kind: head.kind, modality: "image", inputWidth: D, dimension, tensors: weights },
      matrix(B, D, Float32Array.from(rows.flat())),
    );
    const expected = unitRows(rows.map((x) => oracle(x, weights))).flat();
    expect(projected.data.length).toBe(expected.length);
    expected.forEach((value, i) => expect(projected.data[i]).toBeCloseTo(value, 5));
  });

  it.each(TRAINED)(
    "$kind has the gradient of its forward pass in every parameter (central differences)",
    async (head) => {
      const weights = perturbed(head);
      const analytic = await gradients(head, weights, weighted);
      const h = 2e-3; // small, so that few moves cross a kink of ReLU6
      for (const [name, { shape, data }] of Object.entries(weights)) {
        for (let i = 0; i < data.length; i += stride(data.length)) {
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

  it.each(TRAINED)("$kind: every tensor learns from the first step", async (head) => {
    const weights = initialize(head.parameters(D, P), 5);
    for (const [name, gradient] of Object.entries(await gradients(head, weights, contrasted))) {
      expect(gradient.every(Number.isFinite), name).toBe(true);
      expect(Math.sqrt(meanSquare(gradient)), name).toBeGreaterThan(1e-6);
    }
  });

  it.each(TRAINED)("$kind passes NaN in a weight on, instead of hiding it", async (head) => {
    const weights = perturbed(head);
    for (const [name, { shape, data }] of Object.entries(weights)) {
      const broken = { ...weights, [name]: { shape, data: data.map(() => NaN) } };
      expect(await objective(head, broken), name).toBeNaN();
    }
  });

  it("projects the mean of tokens to the mean of projections without the GELU branch", async () => {
    const tokens = [[1, 2, 4], [3, -1, 0], [2, 2, -5]]; // prettier-ignore
    const weights = perturbed(freezeAlignTokens);
    for (const name of ["patches.hidden.weight", "patches.hidden.bias"]) {
      weights[name]!.data.fill(0);
    }
    const w = tokenProjector(part(weights, "patches"));
    // Past the LayerNorm, where the paper's projector is affine once W_2 and c_2 are zero.
    const apply = async (token: number[]) => {
      const out = tf.tidy(() =>
        freezeAlign.apply(upload(part(weights, "patches")), tf.tensor2d([token])),
      );
      return [...(await out.data())];
    };
    const mean = (all: number[][]) => all[0]!.map((_, d) => all.reduce((n, r) => n + r[d]! / 3, 0));
    const expected = mean(await Promise.all(tokens.map(apply)));
    (await apply(mean(tokens))).forEach((value, p) => expect(value).toBeCloseTo(expected[p]!, 5));
    expect(w.down.flat().every((value) => value === 0)).toBe(true);
  });

  it("leaves no tensor behind", async () => {
    for (const head of TRAINED) {
      const weights = perturbed(head);
      await gradients(head, weights, contrasted);
      const before = tf.memory().numTensors;
      await gradients(head, weights, contrasted);
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});

type Weights = Record<string, TensorData>;

const size = (shape: readonly number[]) => shape.reduce((n, each) => n * each, 1);
const stride = (length: number) => Math.max(1, Math.floor(length / 40));
const meanSquare = (data: ArrayLike<number>) =>
  Array.from(data).reduce((n, v) => n + v * v, 0) / data.length;

/** Initial weights moved off their symmetric start, so that no gradient vanishes by accident. */
function perturbed(head: Head): Weights {
  const weights = initialize(head.parameters(D, P), 5);
  const draw = rng(seedFrom(5, head.kind));
  for (const { data } of Object.values(weights)) {
    data.forEach((value, i) => (data[i] = value + 0.6 * draw() - 0.3));
  }
  return weights;
}

function standardized(head: Head): tf.Tensor2D {
  const data = Float32Array.from(rows.flat());
  head.standardize(data, D);
  return tf.tensor2d(data, [B, D]);
}

const upload = (weights: Weights) =>
  Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );

type Objective = (out: tf.Tensor2D) => tf.Scalar;

/** Σ output ∘ direction: linear in the output, so that its gradient is the head's. */
const weighted: Objective = (out) => tf.sum(tf.mul(out, tf.tensor2d(direction)));

/** InfoNCE against fixed directions. */
const contrasted: Objective = (out) =>
  infoNce(l2Normalize(out), l2Normalize(tf.tensor2d(direction)), tf.scalar(1));

async function objective(head: Head, weights: Weights): Promise<number> {
  const value = tf.tidy(() => weighted(head.apply(upload(weights), standardized(head))));
  const [number] = await value.data();
  value.dispose();
  return number!;
}

async function gradients(head: Head, weights: Weights, of: Objective) {
  const names = Object.keys(weights);
  const tensors = tf.tidy(() => {
    const loss = (...parameters: tf.Tensor[]) => {
      const named = Object.fromEntries(names.map((name, i) => [name, parameters[i]!]));
      return of(head.apply(named, standardized(head)));
    };
    return tf.grads(loss)(Object.values(upload(weights)));
  });
  const read = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  return Object.fromEntries(names.map((name, i) => [name, read[i]!]));
}

// Our packed tensors under the names of the definitions.

const list = (weights: Weights, name: string) => Array.from(weights[name]!.data);

function table(weights: Weights, name: string): number[][] {
  const { shape, data } = weights[name]!;
  const cols = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, i) => [...data.subarray(i * cols, (i + 1) * cols)]);
}

const left = (m: number[][]) => m.map((r) => r.slice(0, r.length / 2));
const right = (m: number[][]) => m.map((r) => r.slice(r.length / 2));

function part(weights: Weights, name: string): Weights {
  const own = Object.entries(weights).filter(([key]) => key.startsWith(`${name}.`));
  return Object.fromEntries(own.map(([key, tensor]) => [key.slice(name.length + 1), tensor]));
}

function tokenProjector(weights: Weights): FreezeAlignWeights {
  const input = table(weights, "input.weight");
  const bias = [list(weights, "input.bias")];
  return {
    gain: list(weights, "norm.gain"),
    shift: list(weights, "norm.shift"),
    linear: left(input),
    linearBias: left(bias)[0]!,
    up: right(input),
    upBias: right(bias)[0]!,
    down: table(weights, "hidden.weight"),
    downBias: list(weights, "hidden.bias"),
  };
}

function gated(weights: Weights) {
  const input = table(weights, "input.weight");
  const bias = [list(weights, "input.bias")];
  return {
    gain: list(weights, "norm.gain"),
    shift: list(weights, "norm.shift"),
    gate: left(input),
    gateBias: left(bias)[0]!,
    value: right(input),
    valueBias: right(bias)[0]!,
    out: table(weights, "output.weight"),
    outBias: list(weights, "output.bias"),
  };
}

const residual = (weights: Weights) => ({
  linear: table(weights, "linear.weight"),
  down: table(weights, "down.weight"),
  up: table(weights, "up.weight"),
  gate: list(weights, "gate")[0]!,
});
