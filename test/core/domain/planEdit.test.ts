import { describe, expect, it } from "vitest";
import type { EditRequest } from "../../../src/core/domain/edit";
import { pairsBefore, planEdit } from "../../../src/core/domain/planEdit";
import { sampleImage, samplePair, sampleText } from "../../support/samples";

const pairs = [samplePair(0, 0), samplePair(1, 1), { ...samplePair(2, 2), tags: ["blurred"] }];
const data = {
  content: {
    image: ["a", "b", "c"].map((digest) => sampleImage(digest)),
    text: ["x", "y", "z"].map((digest) => sampleText(digest)),
    audio: [],
    sensor: [],
    pairs,
  },
  media: "image",
  split: { group: "auto", validation: 0.1, test: 0.1, seed: 0 },
  splitSource: "drawn",
} as const;
const plan = (request: EditRequest) => planEdit(request, data, async (text) => text);

/** Pairs after the edit, and after it was taken back. */
async function thereAndBack(request: EditRequest) {
  const planned = (await plan(request))!;
  const after = pairs.map((pair, i) => planned.change.pairs.get(i) ?? pair);
  const back = pairsBefore(planned.edit, after);
  return { after, back: after.map((pair, i) => back.get(i) ?? pair) };
}

describe("captions", () => {
  it("exchanges the captions of two pairs, and back", async () => {
    const { after, back } = await thereAndBack({ kind: "captions", pairs: [0, 1], texts: [1, 0] });
    expect(after.map(({ text }) => text)).toEqual([1, 0, 2]);
    expect(back).toEqual(pairs);
  });

  it("leaves out pairs that have the caption already, and is nothing when all do", async () => {
    const request = { kind: "captions", pairs: [0, 2], texts: [0, 1] } as const;
    expect((await plan(request))?.edit).toMatchObject({ pairs: [2], from: [2], to: [1] });
    expect(await plan({ kind: "captions", pairs: [1], texts: [1] })).toBeNull();
  });

  it("refuses captions there are not, and a pair named twice", async () => {
    const codes = { code: "data/edit" };
    await expect(plan({ kind: "captions", pairs: [0], texts: [9] })).rejects.toMatchObject(codes);
    const twice = { kind: "captions", pairs: [0, 0], texts: [1, 2] } as const;
    await expect(plan(twice)).rejects.toMatchObject(codes);
  });
});

describe("tags", () => {
  it("tags the pairs that have not the tag, and back", async () => {
    const request = { kind: "tag", pairs: [0, 2], tag: " blurred " } as const;
    expect((await plan(request))?.edit).toEqual({ kind: "tag", pairs: [0], tag: "blurred" });
    const { after, back } = await thereAndBack(request);
    expect(after.map(({ tags }) => tags)).toEqual([["blurred"], undefined, ["blurred"]]);
    expect(back).toEqual(pairs);
  });

  it("takes a tag away, and back, and keeps the others sorted", async () => {
    const { after, back } = await thereAndBack({ kind: "untag", pairs: [1, 2], tag: "blurred" });
    expect(after.map(({ tags }) => tags)).toEqual([undefined, undefined, undefined]);
    expect(back).toEqual(pairs);
    const more = await thereAndBack({ kind: "tag", pairs: [2], tag: "art" });
    expect(more.after[2]?.tags).toEqual(["art", "blurred"]);
  });

  it("refuses an empty tag", async () => {
    await expect(plan({ kind: "tag", pairs: [0], tag: " " })).rejects.toThrow(/tag is empty/);
  });
});
