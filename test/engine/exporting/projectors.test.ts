import * as ort from "onnxruntime-web";
import { beforeAll, describe, expect, it } from "vitest";
import type { Projector } from "../../../src/core/domain/projector";
import { readOnnxOutline } from "../../../src/core/formats/onnxOutline";
import type { Pieces } from "../../../src/core/formats/protobuf";
import { writeSafetensors } from "../../../src/core/formats/safetensors";
import { matrix, row, type Matrix } from "../../../src/core/math/matrix";
import { openBackend } from "../../../src/engine/align/backend";
import { projectRows } from "../../../src/engine/align/project";
import { architectureOf } from "../../../src/engine/exporting/architecture";
import { readExportedProjector } from "../../../src/engine/exporting/exportedProjector";
import { onnxProjector } from "../../../src/engine/exporting/onnxProjector";
import { torchTensors } from "../../../src/engine/exporting/torchTensors";
import { INPUT_WIDTH, irregularRows, projectorsOfEveryForm } from "../../support/exportedHeads";

const LARGEST_DIFFERENCE = 1e-5; // the promise of the Take away screen
const FACTS = { producer: "test", version: "1", notes: "“ü”" };

const forms = Object.entries(projectorsOfEveryForm());
const inputs = irregularRows(11, INPUT_WIDTH);

beforeAll(async () => {
  await openBackend("wasm");
  ort.env.wasm.numThreads = 1;
});

describe.each(forms)("%s", (_, projector) => {
  it("gives the browser's vectors as ONNX", async () => {
    const projected = await runOnnx(onnxProjector(projector, FACTS), inputs);
    expect(largestDifference(projected, await projectRows(projector, inputs))).toBeLessThan(
      LARGEST_DIFFERENCE,
    );
  });

  it("gives the browser's vectors as safetensors, by another path in float64", async () => {
    const project = readExportedProjector(safetensorsOf(projector), architectureOf(projector));
    const projected = matrix(inputs.rows, projector.dimension);
    for (let i = 0; i < inputs.rows; i++) row(projected, i).set(project(row(inputs, i)));
    expect(largestDifference(projected, await projectRows(projector, inputs))).toBeLessThan(
      LARGEST_DIFFERENCE,
    );
  });

  it("writes dense weights [out, in], each layer taking what the one before gives", () => {
    const { layers, input_dim, output_dim, head } = architectureOf(projector);
    const shapes = new Map(torchTensors(projector).map(({ name, shape }) => [name, shape]));
    if (layers === 0 || head === "freeze-align-tokens") return;
    expect(shapes.get("layers.0.weight")![1]).toBe(input_dim);
    expect(shapes.get(`layers.${layers - 1}.weight`)![0]).toBe(output_dim);
    for (let i = 1; i < layers; i++) {
      expect(shapes.get(`layers.${i}.weight`)![1]).toBe(shapes.get(`layers.${i - 1}.weight`)![0]);
    }
  });

  it("is an ONNX file of opset 17 with nothing outside", () => {
    const outline = readOnnxOutline(joined(onnxProjector(projector, FACTS)));
    expect(outline).toMatchObject({ opset: 17, producer: "test", externalFiles: [] });
  });
});

it("refuses a file of another architecture", () => {
  const { sail, identity } = projectorsOfEveryForm() as Record<string, Projector>;
  const project = readExportedProjector(safetensorsOf(identity!), architectureOf(sail!));
  expect(() => project(row(inputs, 0))).toThrow(expect.objectContaining({ code: "internal" }));
});

it("keeps all equal anchors or none, however many neighbours were asked for", async () => {
  const { asif } = projectorsOfEveryForm() as Record<string, Projector>;
  const many = {
    ...asif!,
    tensors: { ...asif!.tensors, neighbours: { shape: [], data: Float32Array.of(1_600) } },
  };
  const projected = await runOnnx(onnxProjector(many, FACTS), inputs);
  expect(largestDifference(projected, await projectRows(many, inputs))).toBeLessThan(1e-5);
});

it("leaves a zero vector at zero instead of NaN", async () => {
  const { identity } = projectorsOfEveryForm() as Record<string, Projector>;
  const zeros = matrix(1, INPUT_WIDTH);
  const { data } = await runOnnx(onnxProjector(identity!, FACTS), zeros);
  expect(new Set(data)).toEqual(new Set([0]));
});

async function runOnnx(model: Pieces, rows: Matrix): Promise<Matrix> {
  const session = await ort.InferenceSession.create(joined(model), { logSeverityLevel: 3 });
  try {
    const embedding = new ort.Tensor("float32", rows.data, [rows.rows, rows.cols]);
    const { projected } = await session.run({ embedding });
    const [count = 0, width = 0] = projected!.dims;
    return matrix(count, width, Float32Array.from(projected!.data as Float32Array));
  } finally {
    await session.release();
  }
}

const safetensorsOf = (projector: Projector) => writeSafetensors(torchTensors(projector));

function joined(pieces: Pieces): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** Largest |Δ| of two matrices of one shape; a NaN is infinitely far. */
function largestDifference(a: Matrix, b: Matrix): number {
  expect([a.rows, a.cols]).toEqual([b.rows, b.cols]);
  return a.data.reduce((largest, value, i) => {
    const difference = Math.abs(value - b.data[i]!);
    return Number.isNaN(difference) ? Infinity : Math.max(largest, difference);
  }, 0);
}
