import { describe, expect, it } from "vitest";
import type { Encoding } from "../../src/app/encoding";
import { Jobs } from "../../src/app/jobs";
import { Labelling, type LabelledFiles } from "../../src/app/labelling";
import type { Querying } from "../../src/app/querying";
import type { WorkerCalls } from "../../src/app/workerSlot";
import { AppError } from "../../src/core/errors";
import type { SearchContract } from "../../src/rpc/searchContract";
import { classificationCsv, folderCsv } from "../../src/ui/features/query/labelCsv";
import { sampleImage, sampleProject } from "../support/samples";

const file = (path: string, type = "image/png") => ({
  path,
  file: new File(["x"], path, { type }),
});

/** Pictures are their own number in the name; a name with “broken” cannot be decoded. */
function fakeLabelling(onBatch: () => void = () => {}) {
  const batches: string[][] = [];
  const encoding = {
    assertEncodes: async () => {},
    encodeQuery: async (
      _: unknown,
      __: unknown,
      inputs: { image: File }[],
      signal: AbortSignal,
    ) => {
      signal.throwIfAborted();
      const names = inputs.map(({ image }) => image.name);
      batches.push(names);
      onBatch();
      const broken = names.find((name) => name.includes("broken"));
      if (broken) throw new AppError("encoder/input", broken);
      return { vectors: Float32Array.from(names, (name) => Number(/\d+/.exec(name)?.[0])) };
    },
  };
  const searcher = {
    call: async (_: string, { images, labels }: { images: Float32Array; labels: number }) => ({
      probabilities: Float64Array.from(
        [...images].flatMap((n) =>
          Array.from({ length: labels }, (_, l) => (l === n % labels ? 0.7 : 0.3)),
        ),
      ),
    }),
  };
  const jobs = new Jobs();
  const labelling = new Labelling({
    jobs,
    encoding: encoding as unknown as Encoding,
    querying: { encodePrompts: async () => new Float32Array(4) } as unknown as Querying,
    searcher: searcher as unknown as WorkerCalls<SearchContract>,
  });
  return { labelling, batches, jobs };
}

const request = (files: readonly ReturnType<typeof file>[]) => ({
  ...{ runId: "r1", labels: ["cat", "dog"], templates: ["{}"], files },
});

describe("Labelling", () => {
  it("labels the pictures of a folder in batches and leaves other files out by name", async () => {
    const { labelling, batches } = fakeLabelling();
    const pictures = Array.from({ length: 11 }, (_, i) => file(`dir/${i}.png`));
    const files = [...pictures, file("dir/notes.txt", "text/plain")];
    const result = await labelling.label(sampleProject(), request(files));
    expect(batches.map(({ length }) => length)).toEqual([8, 3]);
    expect(result?.others).toEqual(["dir/notes.txt"]);
    expect(result?.files[3]).toEqual({ path: "dir/3.png", probabilities: [0.3, 0.7] });
    expect(result?.files).toHaveLength(11);
  });

  it("names a picture that cannot be decoded, and labels the rest of its batch", async () => {
    const { labelling } = fakeLabelling();
    const files = [file("1.png"), file("2 broken.png"), file("3.png")];
    const result = (await labelling.label(sampleProject(), request(files)))!;
    expect(result.files.map((each) => "error" in each)).toEqual([false, true, false]);
    expect(result.files[1]).toMatchObject({
      error: expect.stringContaining("2 broken.png") as string,
    });
  });

  it("stops between two batches when asked to", async () => {
    const { labelling, jobs, batches } = fakeLabelling(() => jobs.cancel(Labelling.job("p1")));
    const files = Array.from({ length: 30 }, (_, i) => file(`${i}.png`));
    expect(await labelling.label(sampleProject(), request(files))).toBeUndefined();
    expect(jobs.get(Labelling.job("p1")).status).toBe("cancelled");
    expect(batches).toHaveLength(1);
  });

  it("refuses a folder without pictures", async () => {
    const { labelling, jobs } = fakeLabelling();
    await labelling.label(sampleProject(), request([file("a.txt", "")]));
    expect(jobs.get(Labelling.job("p1"))).toMatchObject({
      status: "failed",
      error: { code: "data/too-few", detail: "no picture among 1 files" },
    });
  });
});

describe("labels as CSV", () => {
  it("has a row per file, a column per label, and the cause where there is none", () => {
    const result: LabelledFiles = {
      ...{ runId: "r1", labels: ["=cat", "dog"], templates: ["{}"], others: ["n.txt"] },
      files: [
        { path: "a.png", probabilities: [0.25, 0.75] },
        { path: "b.png", error: "cannot be decoded" },
      ],
    };
    expect(folderCsv(result).split("\r\n")).toEqual([
      "file,label,probability,p(=cat),p(dog),error",
      "a.png,dog,0.75,0.25,0.75,",
      "b.png,,,,,cannot be decoded",
      "n.txt,,,,,not a picture",
      "",
    ]);
  });

  it("guards a label that a spreadsheet would run", () => {
    const result: LabelledFiles = {
      ...{ runId: "r1", labels: ["=cat", "dog"], templates: ["{}"], others: [] },
      files: [{ path: "a.png", probabilities: [0.75, 0.25] }],
    };
    expect(folderCsv(result)).toContain("a.png,'=cat,0.75");
  });

  it("names truth and the labels that came next", () => {
    const classified = {
      ...{
        labels: ["cat", "dog"],
        runId: "r1",
        step: 1,
        counts: [1, 0],
        score: null,
        chance: null,
      },
      ...{ asked: { labels: [], templates: [], truth: null, splits: [] } },
      items: [
        {
          ...({ item: 1, split: "test", label: 0, probability: 0.75, truth: 1 } as const),
          next: [{ label: 1, probability: 0.25 }],
        },
      ],
    };
    const csv = classificationCsv(classified, [sampleImage("a"), sampleImage("b")]);
    expect(csv.split("\r\n")).toEqual([
      "image,split,truth,label,probability,label_2,probability_2",
      `${sampleImage("b").source},test,dog,cat,0.75,dog,0.25`,
      "",
    ]);
  });
});
