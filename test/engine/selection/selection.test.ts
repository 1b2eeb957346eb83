import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Item, Pair } from "../../../src/core/domain/dataset";
import { DEFAULT_COMPARISON } from "../../../src/core/domain/comparison";
import type { EmbeddingChoice, EncoderSpec } from "../../../src/core/domain/encoder";
import { AppError } from "../../../src/core/errors";
import { matrix, takeRows, type Matrix } from "../../../src/core/math/matrix";
import { ckaSide, unbiasedCka } from "../../../src/core/metrics/cka";
import { mutualKnn, neighboursOf, takeNearest } from "../../../src/core/metrics/mutualKnn";
import type { EmbeddingStore } from "../../../src/core/ports";
import type { Progress } from "../../../src/core/progress";
import { openBackend } from "../../../src/engine/align/backend";
import * as tf from "../../../src/engine/align/tf";
import { encoderKey } from "../../../src/engine/encoding/encoderKey";
import { compareSets, type SetToCompare } from "../../../src/engine/selection/compareSets";
import { nearest } from "../../../src/engine/selection/nearest";
import { samplePairs } from "../../../src/engine/selection/samplePairs";
import { SelectService } from "../../../src/engine/selection/selectService";
import { latentData } from "../../support/alignmentFixture";
import { sampleProject } from "../../support/samples";

const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error;
beforeAll(() => openBackend("wasm"));

const N = 90;
const CHOICE: EmbeddingChoice = { id: "x", pooling: "mean", layer: null };
const { image: IMAGE, text: TEXT } = latentData({ train: N });
const set = (name: string, items: Matrix): SetToCompare => ({
  choice: CHOICE,
  name,
  load: async () => items,
});
const noise = (seed: number) => latentData({ train: N, seed, noise: 1e3 }).image;

function compare(images: SetToCompare[], texts: SetToCompare[], changes = {}) {
  const progress: Progress[] = [];
  const options = {
    ...DEFAULT_COMPARISON,
    permutations: 60,
    signal: new AbortController().signal,
    report: (event: Progress) => void progress.push(event),
    ...changes,
  };
  return { progress, result: compareSets({ image: images, text: texts }, options) };
}

describe("nearest", () => {
  it("finds what float64 finds, over more than one block", async () => {
    const { image } = latentData({ train: 600 });
    const found = await nearest(image, { k: 5 });
    const expected = neighboursOf(600, 5);
    takeNearest(expected, cosines(image), 0);
    expect(mutualKnn(found, expected)).toBeGreaterThan(0.999);
  });

  it("leaves no tensor behind, also after NaN", async () => {
    const before = tf.memory().numTensors;
    await nearest(IMAGE, { k: 5 });
    const broken = matrix(IMAGE.rows, IMAGE.cols, IMAGE.data.slice());
    broken.data[7] = NaN;
    await expect(nearest(broken, { k: 5 })).rejects.toThrow(code("data/non-finite"));
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("compareSets", () => {
  it("gives each pair of sets the metrics of core, and the true one the best", async () => {
    const images = [set("noise", noise(5)), set("image", IMAGE)];
    const texts = [set("text", TEXT), set("text noise", noise(6))];
    const { cells, sets } = await compare(images, texts).result;
    expect(sets.image.map(({ name }) => name)).toEqual(["noise", "image"]);
    const cell = cells[2]!; // row 1, column 0
    expect(cell.cka.value).toBeCloseTo(unbiasedCka(ckaSide(IMAGE), ckaSide(TEXT)), 12);
    expect(cell.mutualKnn.value).toBeCloseTo(
      mutualKnn(await nearest(IMAGE, { k: 10 }), await nearest(TEXT, { k: 10 })),
      12,
    );
    for (const measure of ["mutualKnn", "cka"] as const) {
      const best = Math.max(...cells.map((each) => each[measure].value));
      expect(best).toBe(cell[measure].value);
      expect(cell[measure]).toMatchObject({ p: 1 / 61, familyP: 1 / 61 });
      expect(cell[measure].calibrated).toBeGreaterThan(0.2);
      for (const other of [0, 1, 3]) expect(cells[other]![measure].calibrated).toBeLessThan(0.1);
    }
  });

  it("does not call the best of many unrelated sets significant", async () => {
    const images = [1, 2, 3, 4].map((seed) => set(`i${seed}`, noise(seed)));
    const texts = [11, 12, 13, 14].map((seed) => set(`t${seed}`, noise(seed)));
    const { cells } = await compare(images, texts).result;
    for (const measure of ["mutualKnn", "cka"] as const) {
      expect(Math.min(...cells.map((cell) => cell[measure].familyP))).toBeGreaterThan(0.02);
    }
  });

  it("has the null where it must be", async () => {
    const { cells } = await compare([set("image", IMAGE)], [set("text", TEXT)]).result;
    expect(Math.abs(cells[0]!.mutualKnn.nullMean - 10 / (N - 1))).toBeLessThan(0.01);
    expect(Math.abs(cells[0]!.cka.nullMean)).toBeLessThan(0.01);
  });

  it("gives n/a to a set whose vectors are all equal, and lets it spoil no other", async () => {
    const collapsed = matrix(N, 4, new Float32Array(N * 4).fill(0.25));
    const images = [set("image", IMAGE), set("collapsed", collapsed)];
    const { cells, sets, familyCutoff } = await compare(images, [set("text", TEXT)]).result;
    expect(sets.image[1]).toMatchObject({ distinct: 1, participationRatio: NaN });
    expect(cells[1]!.mutualKnn.value).toBeNaN();
    expect(cells[1]!.cka.value).toBeNaN();
    expect(cells[0]!.cka.p).toBe(1 / 61);
    expect(Number.isFinite(familyCutoff.mutualKnn)).toBe(true);
  });

  it("is the same for the same seed", async () => {
    const [a, b] = [1, 1].map(() => compare([set("i", IMAGE)], [set("t", TEXT)]).result);
    expect(await a).toEqual(await b);
  });

  it("reports every stage to its end, never falling back", async () => {
    const { progress, result } = compare([set("i", IMAGE)], [set("t", TEXT)]);
    await result;
    for (const stage of ["neighbours", "compare", "shuffle"] as const) {
      const own = progress.filter((event) => event.stage === stage);
      expect(own.at(-1)?.done).toBe(own.at(-1)?.total);
      own.reduce((last, { done, total }) => {
        expect(done).toBeGreaterThanOrEqual(last);
        expect(total).toBe(own[0]?.total);
        return done;
      }, 0);
    }
  });

  it("stops when asked to, and leaves no tensor behind", async () => {
    const before = tf.memory().numTensors;
    const abort = new AbortController();
    const { result } = compare([set("i", IMAGE)], [set("t", TEXT)], {
      signal: abort.signal,
      report: ({ stage }: Progress) => stage === "shuffle" && abort.abort(),
    });
    await expect(result).rejects.toThrow(code("cancelled"));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    ["too few pairs for k", { neighbours: N }, "data/too-few"],
    ["no shuffles", { permutations: 0 }, "data/too-few"],
  ])("refuses %s", async (_name, changes, wanted) => {
    const { result } = compare([set("i", IMAGE)], [set("t", TEXT)], changes);
    await expect(result).rejects.toThrow(code(wanted));
  });
});

/** 40 training pairs with two captions each, 10 test pairs, an excluded and an audio pair. */
function dataset() {
  const item = (modality: "image" | "text", i: number, label?: string): Item => ({
    modality,
    digest: `${modality}-${i}`,
    source: `${i}`,
    ...(label ? { labels: { kind: label } } : {}),
  });
  const pair = (image: number, text: number, changes: Partial<Pair> = {}): Pair => ({
    image,
    text,
    group: `g${image}`,
    split: "train",
    row: "r",
    ...changes,
  });
  const pairs = Array.from({ length: 40 }, (_, i) => [pair(i, 2 * i), pair(i, 2 * i + 1)]).flat();
  for (let i = 40; i < 50; i++) pairs.push(pair(i, 2 * i, { split: "test" }));
  pairs.push(pair(50, 100, { excluded: "blurred" }));
  pairs.push({ audio: 0, sensor: 0, text: 101, group: "a", split: "train", row: "r" });
  const items = {
    image: Array.from({ length: 51 }, (_, i) => item("image", i, i % 2 ? "odd" : "even")),
    text: Array.from({ length: 102 }, (_, i) => item("text", i)),
    audio: [],
    sensor: [],
  };
  return {
    items: async (_: string, modality: "image" | "text" | "audio") => items[modality],
    pairs: async () => pairs,
  };
}

describe("samplePairs", () => {
  it("takes one training pair of each component, and none of the test", async () => {
    const { pairs, available } = await samplePairs(dataset(), "p", { maxPairs: 1_000, seed: 0 });
    expect(available).toBe(40);
    expect(new Set(pairs.map(({ image }) => image)).size).toBe(40);
    const numbers = pairs.map(({ image }) => Number(image.slice(6)));
    expect(Math.max(...numbers)).toBeLessThan(40);
    expect(pairs[0]!.labels).toEqual({ kind: "even" });
  });

  it("draws alike for one seed, and a smaller sample from the larger", async () => {
    const draw = async (maxPairs: number, seed: number) =>
      (await samplePairs(dataset(), "p", { maxPairs, seed })).pairs.map(({ text }) => text);
    expect(await draw(20, 1)).toEqual(await draw(20, 1));
    expect(await draw(20, 1)).not.toEqual(await draw(20, 2));
    const larger = new Set(await draw(30, 1));
    expect((await draw(20, 1)).every((text) => larger.has(text))).toBe(true);
  });
});

const spec = (modality: "image" | "text"): EncoderSpec => ({
  id: modality,
  name: modality.toUpperCase(),
  modality,
  origin: "embedded",
  verified: true,
  summary: "",
  source: "",
  revision: "1",
  license: "",
  parameters: 0,
  width: 12,
  outputs: { mean: "pooled" },
  layers: [{ id: "early", name: "early", output: "early", width: 12 }],
  preprocessing: null,
  preprocessingVersion: 1,
  files: [],
  parityPath: null,
  wasmMsPerItem: 1,
});

describe("SelectService", () => {
  const stored = new Map<string, Map<string, Float32Array<ArrayBuffer>>>();
  const embeddings: EmbeddingStore = {
    encodedDigests: async (key) => new Set(stored.get(key)?.keys()),
    putChunk: () => Promise.reject(new AppError("internal", "not asked")),
    load: async (key, digests) => {
      const rows = digests.map((digest) => stored.get(key)!.get(digest)!);
      return matrix(rows.length, 12, Float32Array.from(rows.flatMap((row) => [...row])));
    },
  };
  const service = new SelectService({
    projects: { get: async () => sampleProject() },
    datasets: dataset(),
    embeddings,
    encoders: { get: async (id) => spec(id as "image" | "text") },
    openBackend: async () => {},
    clock: () => 0,
    now: () => 1,
  });
  const choice = (id: string, layer: string | null = null): EmbeddingChoice => ({
    id,
    pooling: "mean",
    layer,
  });
  const choices = {
    image: [choice("image"), choice("image", "early")],
    text: [choice("text")],
  };
  const context = { signal: new AbortController().signal, report() {} };
  const settings = { ...DEFAULT_COMPARISON, permutations: 20, neighbours: 5 };

  /** Vectors in which the two kinds lie apart and neighbours in number are near. */
  async function encode(modality: "image" | "text", layer: string | null, count: number) {
    const key = await encoderKey(spec(modality), choice(modality, layer));
    const of = (i: number) => (modality === "image" ? i : Math.floor(i / 2));
    const vector = (i: number) =>
      Float32Array.from(
        { length: 12 },
        (_, d) => Math.sin(of(i) * (d + 1)) + (of(i) % 2 ? 4 : -4) * Number(d === 3),
      );
    const rows = Array.from({ length: count }, (_, i) => [`${modality}-${i}`, vector(i)] as const);
    stored.set(key, new Map(rows));
  }

  beforeEach(() => stored.clear());

  it("names the items a comparison looks at", async () => {
    const sample = await service.sample({ projectId: "p", maxPairs: 25, seed: 0 });
    expect(sample).toMatchObject({ pairs: 25, available: 40 });
    expect(sample.digests.image.length).toBe(25);
  });

  it("compares what is encoded and says what is left out, and why", async () => {
    await encode("image", null, 50);
    await encode("image", "early", 20);
    await encode("text", null, 100);
    const found = await service.compare({ projectId: "p", choices, settings }, context);
    expect(found.pairs).toBe(40);
    expect(found.sets.image.map(({ name }) => name)).toEqual(["IMAGE"]);
    expect(found.leftOut).toEqual([
      { name: "IMAGE · early", reason: "20 of 40 images of the sample are not encoded" },
    ]);
    expect(found.cells[0]!.mutualKnn.value).toBeCloseTo(1, 6);
    expect(found.dataDigest).toBe(sampleProject().data?.digest ?? "");
  });

  it("drops a pair an encoder refused for all sets, so that all see the same pairs", async () => {
    await encode("image", null, 50);
    await encode("image", "early", 39);
    await encode("text", null, 100);
    const found = await service.compare({ projectId: "p", choices, settings }, context);
    expect(found.pairs).toBe(39);
    expect(found.sets.image.length).toBe(2);
    expect(found.leftOut).toEqual([]);
  });

  it("refuses a side without embeddings, and too few pairs", async () => {
    await encode("image", null, 50);
    const request = { projectId: "p", choices, settings };
    await expect(service.compare(request, context)).rejects.toThrow(code("embeddings/missing"));
    const few = { ...request, settings: { ...settings, maxPairs: 10 } };
    await expect(service.compare(few, context)).rejects.toThrow(code("data/too-few"));
  });

  it("probes every set, reads what is there and finds nothing in shuffled labels", async () => {
    await encode("image", null, 50);
    await encode("text", null, 100);
    const progress: Progress[] = [];
    const report = await service.probe(
      { projectId: "p", choices, label: "kind", maxPairs: 1_000, seed: 0 },
      { ...context, report: (event) => void progress.push(event) },
    );
    expect(report).toMatchObject({ items: 40, classes: 2, folds: 5, chance: 0.5, unlabelled: 0 });
    expect(report.sets.map(({ name }) => name)).toEqual(["IMAGE", "TEXT"]);
    for (const { scores, control } of report.sets) {
      expect(scores.linear.value).toBeGreaterThan(0.9);
      expect(scores.knn.value).toBeGreaterThan(0.8);
      expect(scores.linear.low).toBeLessThanOrEqual(scores.linear.value);
      expect(control.linear.value).toBeLessThan(0.8);
    }
    expect(progress.at(-1)).toMatchObject({ stage: "probe", done: 12, total: 12 });
  });

  it("refuses a column that labels nothing", async () => {
    await encode("image", null, 50);
    const request = { projectId: "p", choices, label: "colour", maxPairs: 100, seed: 0 };
    await expect(service.probe(request, context)).rejects.toThrow(code("data/too-few"));
  });
});

function cosines(m: Matrix): Float64Array {
  const out = new Float64Array(m.rows * m.rows);
  const norms = Array.from({ length: m.rows }, (_, i) => Math.hypot(...takeRows(m, [i]).data));
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.rows; j++) {
      let sum = 0;
      for (let d = 0; d < m.cols; d++) sum += m.data[i * m.cols + d]! * m.data[j * m.cols + d]!;
      out[i * m.rows + j] = sum / (norms[i]! * norms[j]!);
    }
  }
  return out;
}
