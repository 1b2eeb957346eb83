import * as ort from "onnxruntime-web";
import { beforeAll, expect, it } from "vitest";
import { defaultChoice } from "../../../src/core/domain/encoder";
import { matrix64, meanDiagonal, type Matrix64 } from "../../../src/core/math/linalg/matrix64";
import { timesTransposed } from "../../../src/core/math/linalg/product";
import { matrix, row, type Matrix } from "../../../src/core/math/matrix";
import { normal } from "../../../src/core/math/normal";
import { permutation, rng } from "../../../src/core/math/rng";
import { ridgeMap } from "../../../src/engine/align/solvers/ridge";
import { buildEncoder } from "../../../src/engine/encoders/buildEncoder";
import { createSensorEncoder } from "../../../src/engine/encoders/createSensorEncoder";
import { Mutex } from "../../../src/engine/encoders/mutex";
import { describeSession } from "../../../src/engine/encoders/ortSession";
import { randomKernelModel } from "../../../src/engine/encoders/randomKernelModel";
import { Session } from "../../../src/engine/encoders/session";
import { files, importBench } from "../../support/importing";
import { memoryCaches } from "../../support/memoryCaches";
import { GESTURES, gestureFiles } from "../../support/sensors";

beforeAll(() => {
  ort.env.wasm.numThreads = 1;
});

const LONGEST_MS = 60_000; // the runtime compiles, and 120 windows are imported and encoded
const TEXT_WIDTH = 16;

interface Rows {
  readonly features: readonly Float32Array[];
  /** Which caption each window has. */
  readonly captions: readonly number[];
}

/** Import, encoder from training windows, embeddings: the way the app goes, in one process. */
async function encoded(): Promise<{ train: Rows; heldOut: Rows }> {
  const bench = await importBench();
  await bench.run(files(gestureFiles(20)));
  let model = new Uint8Array();
  const { caches } = memoryCaches();
  const deps = {
    projects: bench.projects,
    datasets: bench.store,
    encoders: bench.encoders,
    caches,
  };
  const spec = await createSensorEncoder(
    { projectId: "p1", seed: 1 },
    {
      ...deps,
      base: "http://localhost/",
      build: async (options) => {
        const built = await randomKernelModel({ ...options, kernels: 100 });
        model = built.bytes;
        return built;
      },
    },
    { signal: new AbortController().signal, report: () => {} },
  );
  const create = async () => describeSession(await ort.InferenceSession.create(model), ort.Tensor);
  const session = await Session.open("wasm", create, new Mutex());
  const built = buildEncoder(session, { spec, choice: defaultChoice(spec), files: new Map() });
  if (built.modality !== "sensor") throw new Error("not an encoder of windows");
  const items = await bench.store.items("p1", "sensor");
  const blobs = await Promise.all(items.map(({ digest }) => bench.store.blob("p1", digest)));
  const vectors = await built.encoder.encode(blobs);
  await built.encoder.release();
  const pairs = await bench.store.pairs("p1");
  const rowsOf = (isWanted: (split: string) => boolean): Rows => {
    const wanted = pairs.filter(({ split }) => isWanted(split));
    return {
      features: wanted.map(({ sensor }) => row(vectors, sensor ?? 0)),
      captions: wanted.map(({ text }) => text ?? 0),
    };
  };
  return {
    train: rowsOf((split) => split === "train"),
    heldOut: rowsOf((split) => split !== "train"),
  };
}

/** Embeddings of captions: any will do, as long as they differ. */
function textVectors(): Matrix {
  const random = rng(11);
  const data = Float32Array.from({ length: GESTURES.length * TEXT_WIDTH }, () => normal(random));
  return matrix(GESTURES.length, TEXT_WIDTH, data);
}

/** Share of held-out windows whose own caption is nearest after ridge, of six. */
function recall({ features, captions }: Rows, heldOut: Rows, texts: Matrix): number {
  const width = features[0]?.length ?? 0;
  const x = matrix64(width, features.length); // one window per column, as products take rows
  const y = matrix64(TEXT_WIDTH, features.length);
  features.forEach((vector, i) => {
    vector.forEach((value, d) => (x.data[d * features.length + i] = value));
    row(texts, captions[i] ?? 0).forEach((value, d) => (y.data[d * features.length + i] = value));
  });
  const covariance = timesTransposed(x, x);
  const map: Matrix64 = ridgeMap(covariance, timesTransposed(y, x), 0.3 * meanDiagonal(covariance));
  const hits = heldOut.features.filter((vector, i) => {
    const predicted = Array.from({ length: TEXT_WIDTH }, (_, d) =>
      vector.reduce((sum, value, k) => sum + value * (map.data[d * width + k] ?? 0), 0),
    );
    const scores = GESTURES.map((_, text) => {
      const words = row(texts, text);
      const length = Math.hypot(...words);
      return predicted.reduce((sum, value, d) => sum + value * (words[d] ?? 0), 0) / length;
    });
    return scores.indexOf(Math.max(...scores)) === heldOut.captions[i];
  });
  return hits.length / heldOut.features.length;
}

it(
  "finds the captions of windows of people it never saw; with shuffled captions only by chance",
  async () => {
    const { train, heldOut } = await encoded();
    const texts = textVectors();
    expect(heldOut.features.length).toBeGreaterThanOrEqual(20);
    const order = permutation(train.captions.length, rng(3));
    const shuffled = { ...train, captions: Array.from(order, (i) => train.captions[i] ?? 0) };
    const [found, byChance] = [train, shuffled].map((rows) => recall(rows, heldOut, texts));
    expect(found).toBeGreaterThan(0.8);
    expect(byChance).toBeLessThan(0.42); // 1 in 6, and three standard errors of 24 windows
  },
  LONGEST_MS,
);
