import { describe, expect, it } from "vitest";
import { readWindow } from "../../../../src/core/formats/sensorWindow";
import { writeNpy } from "../../../../src/core/formats/npy";
import { matrix } from "../../../../src/core/math/matrix";
import { AppError } from "../../../../src/core/errors";
import { files, importBench, inspect } from "../../../support/importing";
import { gestureFiles, gestureWindow, windowCsv } from "../../../support/sensors";
import { plan } from "../../../support/planning";

const meta = (rows: readonly string[]) => ["file_name,text", ...rows, ""].join("\n");
const csv = windowCsv(gestureWindow(0, 1));

/** Imports, and reads back what was stored. */
async function imported(contents: Parameters<typeof files>[0], settings = {}) {
  const bench = await importBench();
  const source = files(contents);
  const done = await bench.run(source, {
    settings: { format: "auto", classTemplate: "{class}", thumbnails: "auto", ...settings },
  });
  const items = await bench.store.items("p1", "sensor");
  const window = async (i: number) => {
    const blob = await bench.store.blob("p1", items[i]?.digest ?? "");
    return readWindow(new Uint8Array(await blob.arrayBuffer()), "stored");
  };
  return {
    ...done,
    items,
    window,
    skipped: done.report.issues.filter(({ kind }) => kind === "skipped"),
  };
}

describe("a table and files of windows", () => {
  it("keeps each as npy of channels by readings, with units, rate and duration", async () => {
    const { items, window, project, report } = await imported(gestureFiles(10));
    expect(report.used).toBe(60);
    expect(project.data).toMatchObject({ media: "sensor", format: "sensor-files" });
    expect(project.data?.sensor).toEqual({
      channels: ["ax", "ay", "az"].map((name) => ({ name, unit: "m/s²" })),
      rateHz: 50,
    });
    expect(items[0]).toMatchObject({
      modality: "sensor",
      source: "windows/0-0.csv",
      durationMs: 1280,
    });
    const stored = await window(0);
    expect([stored.rows, stored.cols]).toEqual([3, 64]);
    expect(stored.data[0]).toBeCloseTo(gestureWindow(0, 0).data[0] ?? NaN, 4);
  });

  it("keeps the windows of one person on one side of a split, and says that captions are on both", async () => {
    const { pairs, texts, report } = await imported(gestureFiles(10));
    const splitsOf = new Map<string, Set<string>>();
    for (const { group, split } of pairs)
      splitsOf.set(group, (splitsOf.get(group) ?? new Set()).add(split));
    expect([...splitsOf.values()].every(({ size }) => size === 1)).toBe(true);
    expect(report.splits.test).toBeGreaterThan(0);
    expect(texts).toHaveLength(6);
    expect(report.issues.map(({ where }) => where)).toContain("splits");
  });

  it.each([
    ["semicolons and decimal commas", csv.replaceAll(",", ";").replaceAll(".", ",")],
    ["tabs", csv.replaceAll(",", "\t")],
    ["Windows line ends", csv.replaceAll("\n", "\r\n")],
    ["line ends of old Macs", csv.replaceAll("\n", "\r")],
    ["a comment before the header", `# phone in the left pocket\n${csv}`],
    [
      "fields in quotation marks",
      csv.replace("\n0.000,", '\n"0.000",').replace("ax [m/s²]", '"ax [m/s²]"'),
    ],
    ["channels in another order", reordered()],
  ])("reads %s as the same numbers", async (_name, text) => {
    const { window, items, skipped } = await imported({
      "metadata.csv": meta(["a.csv,one", "b.csv,two", "c.csv,three"]),
      "a.csv": csv,
      "b.csv": text,
      "c.csv": csv,
    });
    expect(skipped).toEqual([]);
    expect(await window(items.findIndex(({ source }) => source === "b.csv"))).toEqual(
      await window(0),
    );
  });

  it.each([
    [
      "an empty cell",
      csv.replace(/\n([^\n]*),[^,\n]*\n/, "\n$1,\n"),
      /line 2: az is empty or no finite number/,
    ],
    ["NaN", csv.replace(/,[^,\n]*\n$/, ",nan\n"), /line 65: az is empty or no finite number/],
    ["a ragged row", csv.replace(/,[^,\n]*\n$/, "\n"), /line 65: 3 fields where there should be 4/],
    [
      "another number of channels",
      windowCsv(matrix(2, 64), { header: ["time", "ax", "ay"] }),
      /2 channels \(ax, ay\) where most windows have 3/,
    ],
    ["one row", csv.split("\n").slice(0, 2).join("\n"), /1 reading, fewer than the 16/],
    ["words only", "a,b\nx,y\nz,w\n", /no column of numbers/],
    ["a header and nothing else", csv.split("\n")[0] ?? "", /no column of numbers/],
    [
      "an npy of another shape",
      writeNpy(new Float32Array(8), [2, 2, 2]),
      /shape \[2, 2, 2\] is not/,
    ],
  ])("skips a window with %s, by row, and takes the others", async (_name, bad, reason) => {
    const { report, skipped } = await imported({
      "metadata.csv": meta(["a.csv,one", "b.csv,two", "c.csv,three", "d.csv,four"]),
      ...{ "a.csv": csv, "b.csv": csv, "c.csv": bad, "d.csv": csv.replace("0.000", "0.0001") },
    });
    expect(report).toMatchObject({ rows: 4, used: 3, skipped: 1 });
    expect(skipped).toMatchObject([
      { where: "metadata.csv:4", reason: expect.stringMatching(reason) },
    ]);
    expect(skipped[0]?.remedy).not.toBe("");
  });

  it("reads arrays either way round, whole numbers too, and numbers the channels", async () => {
    const { data } = gestureWindow(1, 1);
    const turned = Float32Array.from(
      { length: 192 },
      (_, i) => data[(i % 3) * 64 + Math.floor(i / 3)] ?? 0,
    );
    const { window, project } = await imported({
      "metadata.csv": meta(["a.npy,one", "b.npy,two"]),
      "a.npy": writeNpy(data, [3, 64]),
      "b.npy": writeNpy(turned, [64, 3]),
    });
    expect(project.data?.sensor?.channels.map(({ name }) => name)).toEqual([
      "channel 1",
      "channel 2",
      "channel 3",
    ]);
    expect(await window(1)).toEqual(await window(0));
  });

  it("takes the side for channels that it is told", async () => {
    const contents = {
      "metadata.csv": meta(["a.npy,one"]),
      "a.npy": writeNpy(new Float32Array(40 * 20), [40, 20]),
    };
    const first = await imported(contents, { sensor: { axis: "channels-first" } });
    expect(first.project.data?.sensor?.channels).toHaveLength(40);
    const auto = await imported(contents);
    expect(auto.project.data?.sensor?.channels).toHaveLength(20);
  });

  it.each([1, 64])("takes windows of %i channels", async (channels) => {
    const array = writeNpy(
      new Float32Array(channels * 80).map((_, i) => i),
      [channels, 80],
    );
    const { report } = await imported({ "metadata.csv": meta(["a.npy,one"]), "a.npy": array });
    expect(report.items.sensor).toBe(1);
  });

  it("refuses more channels than an encoder can take", async () => {
    const array = writeNpy(new Float32Array(65 * 80), [65, 80]);
    const failure = imported({ "metadata.csv": meta(["a.npy,one"]), "a.npy": array });
    await expect(failure).rejects.toThrow(AppError);
  });
});

function reordered(): string {
  return csv
    .split("\n")
    .map((line) => {
      const [time, x, y, z] = line.split(",");
      return line === "" ? "" : [time, z, x, y].join(",");
    })
    .join("\n");
}

describe("windows in one array", () => {
  const three = writeNpy(
    Float32Array.from({ length: 4 * 2 * 20 }, (_, i) => i),
    [4, 2, 20],
  );

  it("pairs window i with row i of a table of as many rows", async () => {
    const { items, texts, window } = await imported({
      "X.npy": three,
      "captions.csv": "text,subject\none,a\ntwo,b\nthree,c\nfour,d\n",
    });
    expect(texts.map(({ text }) => text)).toEqual(["one", "two", "three", "four"]);
    expect(items.map(({ source }) => source)).toEqual([1, 2, 3, 4].map((i) => `X.npy/${i}`));
    expect((await window(2)).data[0]).toBe(80);
  });

  it("still pairs right after a broken row", async () => {
    const { texts, window, report } = await imported({
      "X.npy": three,
      "captions.csv": "text,subject\none,a\ntwo\nthree,c\nfour,d\n",
    });
    expect(report).toMatchObject({ rows: 4, used: 3, skipped: 1 });
    expect(texts.map(({ text }) => text)).toEqual(["one", "three", "four"]);
    expect((await window(1)).data[0]).toBe(80);
  });

  it("names both numbers of rows where they differ", async () => {
    const source = files({ "X.npy": three, "captions.csv": "text\none\ntwo\n" });
    await expect(inspect(source)).rejects.toThrow(/X.npy has 4 windows, but captions.csv has 2/);
  });
});

describe("long recordings", () => {
  const rows = (labels: readonly string[], size: number) =>
    labels.map(
      (label, i) =>
        `${(i / 50).toFixed(2)},${Math.sin(i / 3 + size).toFixed(4)},${Math.cos(i / 5).toFixed(4)},${label}`,
    );
  const recording = (labels: readonly string[], size = labels.join().length) =>
    ["time (s),gx (rad/s),gy (rad/s),activity", ...rows(labels, size), ""].join("\n");
  const labels = (...parts: [string, number][]) =>
    parts.flatMap(([label, count]) => Array<string>(count).fill(label));

  it("cuts windows of the label most of each has, and reports those over two", async () => {
    const walk = recording(labels(["walking", 130], ["sitting", 70]));
    const run = recording(labels(["running", 200]), 2);
    const { texts, items, report, project, pairs } = await imported({
      "a.csv": walk,
      "b.csv": run,
    });
    expect(project.data?.sensor).toEqual({
      channels: [
        { name: "gx", unit: "rad/s" },
        { name: "gy", unit: "rad/s" },
      ],
      rateHz: 50,
    });
    expect(texts.map(({ text }) => text).sort()).toEqual(["running", "sitting", "walking"]);
    expect(items[0]?.source).toBe("a.csv:2-101");
    expect(items[0]?.durationMs).toBe(2000);
    expect(report.rows).toBe(6);
    expect(
      report.issues.some(
        ({ where, reason }) => where === "a.csv:52-151" && /80 % of it/.test(reason),
      ),
    ).toBe(true);
    expect(new Set(pairs.map(({ group }) => group))).toEqual(new Set(["a.csv", "b.csv"]));
  });

  it("splits a lone recording by stretches of one label, and skips windows over a change", async () => {
    const { report, pairs } = await imported({
      "a.csv": recording(labels(["walking", 130], ["sitting", 170])),
    });
    expect(report.skipped).toBe(2);
    expect(new Set(pairs.map(({ group }) => group))).toEqual(
      new Set(["a.csv:2-131", "a.csv:132-301"]),
    );
  });

  it("never cuts across a change of subject", async () => {
    const text = recording(labels(["walking", 200]))
      .split("\n")
      .map((line, i) =>
        line === "" ? line : i === 0 ? `${line},subject` : `${line},${i <= 120 ? "ann" : "bo"}`,
      )
      .join("\n");
    const { items, pairs } = await imported(
      { "a.csv": text },
      { sensor: { readings: 50, hop: 50 } },
    );
    expect(items.map(({ source }) => source)).toEqual([
      "a.csv:2-51",
      "a.csv:52-101",
      "a.csv:122-171",
    ]);
    expect(new Set(pairs.map(({ group }) => group))).toEqual(new Set(["ann", "bo"]));
  });

  it("takes one window per event, by time, and reports events that lie outside", async () => {
    const { items, texts, skipped, report } = await imported({
      "walk.csv": recording(labels(["", 300])),
      "events.csv":
        "start,end,text\n0.5,1.5,wave the hand\n2,4,nod\n5,9,too late\n3,2,backwards\nsoon,4,no time\n",
    });
    expect(items.map(({ source }) => source)).toEqual(["walk.csv:27-76", "walk.csv:102-201"]);
    expect(texts.map(({ text }) => text)).toEqual(["wave the hand", "nod"]);
    expect(report).toMatchObject({ rows: 5, used: 2, skipped: 3 });
    expect(skipped.map(({ where }) => where)).toEqual([
      "events.csv:4",
      "events.csv:5",
      "events.csv:6",
    ]);
  });

  it("finds the recording an event names", async () => {
    const found = await plan({
      "a.csv": recording(labels(["", 200])),
      "b.csv": recording(labels(["", 200])),
      "events.csv": "recording,start,end,text\na,0,1,one\nb.csv,1,2,two\nc,0,1,three\n",
    });
    expect(found.pairs).toEqual(["a.csv:2-51: one", "b.csv:52-101: two"]);
    expect(found.issues).toEqual([
      expect.stringMatching(/events.csv:4: no recording “c” among a.csv, b.csv/),
    ]);
  });

  it("skips a window with a gap in its readings, by line", async () => {
    const text = recording(labels(["walking", 200])).replace("0.20,", "0.20,oops");
    const { skipped } = await imported({
      "a.csv": text,
      "b.csv": recording(labels(["sitting", 200])),
    });
    expect(skipped).toMatchObject([
      { where: "a.csv:2-101", reason: "line 12: gx is empty or no finite number" },
    ]);
  });

  it("reports uneven steps of time by line", async () => {
    const text = recording(labels(["walking", 200])).replace("\n3.00,", "\n3.50,");
    const { report } = await imported({
      "a.csv": text,
      "b.csv": recording(labels(["sitting", 200])),
    });
    expect(report.issues).toContainEqual(
      expect.objectContaining({
        where: "a.csv",
        reason: expect.stringMatching(/2 steps.*line 152/),
      }),
    );
  });

  it("says what is missing where nothing says what happens", async () => {
    const bare = recording(labels(["", 200])).replaceAll(/,(activity)?\n/g, "\n");
    await expect(inspect(files({ "a.csv": bare }))).rejects.toThrow(
      /nothing says what happens in a.csv.*events/,
    );
  });
});

describe("what is recognised as what", () => {
  const numbers = [
    "t,x,y,label",
    ...Array.from({ length: 40 }, (_, i) => `${i},${i % 3},${i % 5},up`),
    "",
  ].join("\n");

  it("offers every layout that fits, windows named by a table first", async () => {
    const found = await inspect(files(gestureFiles(2)));
    expect(found.format).toBe("sensor-files");
    expect(found.media).toBe("sensor");
    expect(found.candidates.map(({ id }) => id)).toContain("table");
  });

  it("does not take a table of captions with numbers for a recording", async () => {
    const text = meta(Array.from({ length: 30 }, (_, i) => `${i}.png,picture ${i}`));
    const pictures = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.png`, "x"]));
    expect((await inspect(files({ "metadata.csv": text, ...pictures }))).media).toBe("image");
    const rated = [
      "name,comment,stars,year",
      ...Array.from({ length: 30 }, (_, i) => `${i}.png,picture ${i},${i % 5},${1990 + i}`),
      "",
    ].join("\n");
    expect((await inspect(files({ "ratings.csv": rated, ...pictures }))).format).toBe("table");
  });

  it("takes a recording alone for a recording", async () => {
    expect((await inspect(files({ "a.csv": numbers }))).format).toBe("sensor-recording");
  });
});
