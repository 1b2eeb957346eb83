import { describe, expect, it } from "vitest";
import type { SensorPreprocessing } from "../../../src/core/domain/encoder";
import { writeWindow } from "../../../src/core/formats/sensorWindow";
import { matrix, type Matrix } from "../../../src/core/math/matrix";
import { channelScales } from "../../../src/engine/encoders/channelScales";
import { createSensorEncoder } from "../../../src/engine/encoders/createSensorEncoder";
import { standardise, windowFeeds, windowIn } from "../../../src/engine/encoders/sensorEncoder";
import { memoryCaches } from "../../support/memoryCaches";
import { files, importBench } from "../../support/importing";
import { gestureFiles, gestureWindow } from "../../support/sensors";

const windows = Array.from({ length: 6 }, (_, i) => gestureWindow(i, 1));
const preprocessingOf = (of: readonly Matrix[]): SensorPreprocessing => ({
  kind: "sensor",
  channels: ["ax", "ay", "az"],
  ...channelScales(of, 3),
  input: "features",
  lengths: "lengths",
});
const scaled = (window: Matrix, factor: number) =>
  matrix(
    window.rows,
    window.cols,
    window.data.map((value) => value * factor),
  );

describe("a window that is asked with", () => {
  const channels = ["ax", "ay", "az"];
  const lines = Array.from({ length: 16 }, (_, t) => [2 * t, t, -t]);
  const csv = (header: string, rows: readonly (readonly (number | string)[])[] = lines) =>
    new File([[header, ...rows.map((row) => row.join())].join("\n")], "walk.csv");

  it("is read from a CSV, its channels by name, whatever their order and units", async () => {
    const window = await windowIn(csv("ay [m/s²],ax,az"), channels);
    expect([window.rows, window.cols]).toEqual([3, 16]);
    expect([...window.data.subarray(0, 3)]).toEqual([0, 1, 2]); // ax is the second column
    expect([...window.data.subarray(16, 19)]).toEqual([0, 2, 4]);
  });

  it("is read from an npy either way round, and from what is stored as it is", async () => {
    const stored = writeWindow(matrix(3, 20, new Float32Array(60).fill(2)));
    const turned = writeWindow(matrix(20, 3, new Float32Array(60).fill(2)));
    for (const file of [
      new File([stored], "a.npy"),
      new File([turned], "b.npy"),
      new Blob([stored]),
    ]) {
      const { rows, cols } = await windowIn(file, channels);
      expect([rows, cols]).toEqual([3, 20]);
    }
  });

  it.each([
    ["other channels", csv("gx,gy,gz")],
    ["too few readings", csv("ax,ay,az", lines.slice(0, 3))],
    ["a word among the readings", csv("ax,ay,az", [...lines, ["a", "b", "c"]])],
    ["nothing", new File([], "walk.csv")],
    ["no table", new File([Uint8Array.of(0x93, 1, 2)], "walk.csv")],
  ])("with %s is refused by its name", async (_, file) => {
    const error: unknown = await windowIn(file, channels).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "encoder/input" });
    expect(String(error)).toContain("walk.csv");
  });
});

describe("standardised windows", () => {
  it("have mean 0 and deviation 1 in every channel over the training windows", () => {
    const standard = windows.map((window) => standardise(window, preprocessingOf(windows)));
    const { mean, std } = channelScales(standard, 3);
    for (const value of mean) expect(value).toBeCloseTo(0, 5);
    for (const value of std) expect(value).toBeCloseTo(1, 5);
  });

  it("are the same in g as in m/s²", () => {
    const inG = windows.map((window) => scaled(window, 1 / 9.80665));
    const one = standardise(windows[2] ?? matrix(3, 0), preprocessingOf(windows));
    const other = standardise(inG[2] ?? matrix(3, 0), preprocessingOf(inG));
    expect(
      Math.max(...one.data.map((value, i) => Math.abs(value - (other.data[i] ?? NaN)))),
    ).toBeLessThan(1e-4);
  });

  it("are zeros, not NaN, where a channel never changes", () => {
    const still = matrix(3, 20, new Float32Array(60).fill(9.81));
    expect(
      [...standardise(still, preprocessingOf([still, still])).data].every(
        (value) => Math.abs(value) < 1e-5,
      ),
    ).toBe(true);
  });

  it("refuse other channels and readings that are no numbers, each by its place", () => {
    const preprocessing = preprocessingOf(windows);
    expect(() => standardise(matrix(2, 20), preprocessing)).toThrow(
      /2 channels, not 3 \(ax, ay, az\)/,
    );
    const holed = matrix(3, 20);
    holed.data[25] = NaN;
    expect(() => standardise(holed, preprocessing)).toThrow(/channel ay, reading 6 is NaN/);
  });

  it("are padded to the longest of a batch, with the readings of each beside", () => {
    const feeds = windowFeeds([matrix(3, 20), matrix(3, 30)], preprocessingOf(windows));
    expect(feeds.features?.dims).toEqual([2, 3, 30]);
    expect([...(feeds.lengths?.data ?? [])]).toEqual([20n, 30n]);
  });
});

describe("the encoder of a project's windows", () => {
  async function project() {
    const bench = await importBench();
    await bench.run(files(gestureFiles(4)));
    const { caches } = memoryCaches();
    const built: number[] = [];
    const make = (seed = 1) =>
      createSensorEncoder(
        { projectId: "p1", seed },
        {
          ...{ projects: bench.projects, datasets: bench.store, encoders: bench.encoders, caches },
          base: "http://localhost/",
          build: async ({ calibration, seed: random }) => {
            built.push(calibration.length);
            return { bytes: Uint8Array.of(random, calibration.length), width: 8 };
          },
        },
        { signal: new AbortController().signal, report: () => {} },
      );
    return { bench, make, built };
  }

  it("is the same for the same windows, another for another seed, and is kept", async () => {
    const { bench, make } = await project();
    const spec = await make();
    expect(await make()).toEqual(spec);
    expect((await make(2)).id).not.toBe(spec.id);
    expect(await bench.encoders.get(spec.id)).toEqual(spec);
    expect(spec.preprocessing).toMatchObject({ kind: "sensor", channels: ["ax", "ay", "az"] });
    expect(spec).toMatchObject({ modality: "sensor", origin: "file", width: 8 });
  });

  it("looks at training windows only", async () => {
    const { bench, make, built } = await project();
    const spec = await make();
    const pairs = await bench.store.pairs("p1");
    const training = pairs.filter(({ split }) => split === "train");
    expect(built).toEqual([training.length]);
    expect(training.length).toBeLessThan(pairs.length);
    const items = await bench.store.items("p1", "sensor");
    const held = pairs.find(({ split }) => split === "test");
    // A held-out window that is put in place of another changes nothing.
    const digest = items[held?.sensor ?? -1]?.digest ?? "";
    await bench.store.putOriginals("p1", [
      {
        digest,
        blob: { bytes: writeWindow(matrix(3, 64, new Float32Array(192).fill(1e6))), type: "" },
      },
    ]);
    expect((await make()).id).toBe(spec.id);
  });

  it("needs windows to train on", async () => {
    const bench = await importBench();
    const failure = createSensorEncoder(
      { projectId: "p1", seed: 1 },
      {
        projects: bench.projects,
        datasets: bench.store,
        encoders: bench.encoders,
        caches: memoryCaches().caches,
        base: "http://localhost/",
      },
      { signal: new AbortController().signal, report: () => {} },
    );
    await expect(failure).rejects.toMatchObject({ code: "encoder/no-windows" });
  });
});
