import { describe, expect, it } from "vitest";
import type { Item, Pair, Split } from "../../../src/core/domain/dataset";
import { checkLongCaptions, checkSharedCaptions } from "../../../src/engine/checking/captions";
import { checkedData } from "../../../src/engine/checking/checkedData";
import { checkLeak } from "../../../src/engine/checking/leak";
import {
  lookDistance,
  nearLooks,
  pixelDifference,
} from "../../../src/engine/checking/nearDuplicates";
import {
  checkEqualFiles,
  checkNearPictures,
  equalFiles,
  nearPictures,
  type ReadPixels,
} from "../../../src/engine/checking/pictures";
import { rng } from "../../../src/core/math/rng";
import { sampleImage, samplePair, sampleText } from "../../support/samples";

const tick = async () => {};
const out = (pair: Pair): Pair => ({ ...pair, excluded: "by hand" });

function dataOf(
  media: readonly Item[],
  pairs: readonly Pair[],
  texts = pairs.map((_, i) => sampleText(`t${i}`)),
) {
  return checkedData("image", media, texts, pairs);
}

describe("exact copies", () => {
  const media = ["a", "b", "a", "c", "a"].map(sampleImage);

  it("lists copies with all their pairs and keeps the first of each", () => {
    const pairs = [0, 1, 2, 3, 4, 0].map((image, i) => samplePair(image, i));
    const check = checkEqualFiles(dataOf(media, pairs));
    expect(check.count).toBe(4);
    expect(check.groups).toEqual([[0, 5, 2, 4]]);
    expect(check.action?.request).toMatchObject({ kind: "exclude", pairs: [2, 4] });
  });

  it("finds nothing once the copies are excluded", () => {
    const pairs = [
      samplePair(0, 0),
      samplePair(1, 1),
      out(samplePair(2, 2)),
      out(samplePair(4, 3)),
    ];
    expect(checkEqualFiles(dataOf(media, pairs))).toMatchObject({ count: 0, action: null });
  });

  it("finds nothing in no data", () => {
    expect(checkEqualFiles(dataOf([], []))).toMatchObject({ count: 0, groups: [] });
  });
});

describe("near-duplicates", () => {
  const hex = (bits: bigint) => bits.toString(16).padStart(16, "0");

  it("finds exactly the hashes at most six bits apart, as comparing all of them does", async () => {
    const random = rng(1);
    const word = () => BigInt(Math.floor(random() * 2 ** 32));
    const looks: string[] = [];
    for (let i = 0; i < 60; i++) {
      const base = (word() << 32n) | word();
      looks.push(hex(base));
      let near = base;
      for (let k = 0; k < 8; k++)
        looks.push(hex((near ^= 1n << BigInt(Math.floor(random() * 64)))));
    }
    const distinct = [...new Set(looks)];
    const wanted = new Set<string>();
    distinct.forEach((a, i) =>
      distinct.forEach((b, j) => i < j && lookDistance(a, b) <= 6 && wanted.add(`${i}/${j}`)),
    );
    const found = (await nearLooks(distinct)).map(([a, b]) => `${a}/${b}`);
    expect(new Set(found)).toEqual(wanted);
    expect(found).toHaveLength(wanted.size);
    expect(wanted.size).toBeGreaterThan(200);
  });

  it("counts differing bits over all 64", () => {
    expect(lookDistance("0000000000000000", "ffffffffffffffff")).toBe(64);
    expect(lookDistance("8000000000000001", "0000000000000000")).toBe(2);
  });

  it("means the difference of two pictures", () => {
    expect(pixelDifference(Uint8Array.of(0, 10), Uint8Array.of(4, 4))).toBe(5);
  });

  const looking = (digest: string, look?: string): Item => ({
    ...sampleImage(digest),
    ...(look !== undefined && { look }),
  });
  const media = [
    looking("a", "0000000000000000"),
    looking("b", "0000000000000003"), // near a
    looking("c", "000000000000000c"), // near both, but of other colours
    looking("d", "00000000ffffffff"), // far
    looking("e", "0000000000000000"), // as a
    looking("f"), // not decoded
  ];
  const pixels: ReadPixels = async (digest) => new Uint8Array(4).fill(digest === "c" ? 200 : 100);
  const pairs = media.map((_, i) => samplePair(i, i));

  it("joins look-alikes only when their pixels agree", async () => {
    const data = dataOf(media, pairs);
    const check = checkNearPictures(data, await nearPictures(data, pixels, tick));
    expect(check.groups).toEqual([[0, 1, 4]]);
    expect(check.action?.request).toEqual({ kind: "resplit", together: [[0, 1, 4]] });
  });

  it("says which look-alikes it could not compare", async () => {
    const data = dataOf(media, pairs);
    const check = checkNearPictures(data, await nearPictures(data, async () => null, tick));
    expect(check.count).toBe(0);
    expect(check.detail).toContain("4 more look-alikes were not compared");
  });

  it("says so when pictures were not decoded at import", async () => {
    const data = dataOf([looking("a")], [samplePair(0, 0)]);
    const near = await nearPictures(data, pixels, tick);
    expect(near).toBeNull();
    expect(checkNearPictures(data, near)).toMatchObject({
      count: null,
      detail: expect.stringContaining("thumbnails were off"),
    });
  });
});

describe("shared captions", () => {
  it("lists a caption from six pictures on, not from five", () => {
    const media = Array.from({ length: 11 }, (_, i) => sampleImage(`i${i}`));
    const pairs = media.map((_, i) => samplePair(i, i < 6 ? 0 : 1));
    const check = checkSharedCaptions(dataOf(media, pairs, [sampleText("a"), sampleText("b")]));
    expect(check.groups).toEqual([[0, 1, 2, 3, 4, 5]]);
    expect(check.count).toBe(6);
  });
});

describe("long captions", () => {
  const counter = {
    name: "MiniLM",
    maxTokens: 8,
    count: (text: string) => text.split(" ").length + 2,
  };
  const texts = ["one two three four five six seven", "short", "a b c d e f"].map((text, i) =>
    sampleText(`t${i}`, text),
  );
  const media = texts.map((_, i) => sampleImage(`i${i}`));
  const pairs = texts.map((_, i) => samplePair(i, i));

  it("counts captions longer than the encoder reads, special tokens included", () => {
    const check = checkLongCaptions(dataOf(media, pairs, texts), counter);
    expect(check.groups).toEqual([[0]]);
    expect(check.detail).toContain("truncated at 8 tokens by MiniLM");
    expect(check.action?.request).toMatchObject({ kind: "exclude", pairs: [0] });
  });

  it("never tokenises a caption that cannot be too long", () => {
    const count = (text: string) => {
      expect(text).not.toBe("short");
      return 1;
    };
    checkLongCaptions(dataOf(media, pairs, texts), { ...counter, count });
  });

  it("says why it could not count", () => {
    const check = checkLongCaptions(dataOf(media, pairs, texts), {
      missing: "E5 has no tokenizer",
    });
    expect(check).toMatchObject({ count: null, detail: "Not computed: E5 has no tokenizer." });
  });
});

describe("leaks", () => {
  const split = (image: number, text: number, side: Split) => samplePair(image, text, side);

  it("finds copies, near-copies and captions on both sides of the split", () => {
    const media = ["a", "a", "b", "c", "d", "e"].map(sampleImage);
    const pairs = [
      split(0, 0, "train"),
      split(1, 1, "test"), // a copy of picture 0
      split(2, 2, "train"),
      split(3, 2, "validation"), // the caption of pair 2
      split(4, 4, "train"),
      split(5, 5, "test"), // looks like picture 4
    ];
    const data = dataOf(media, pairs);
    const check = checkLeak(data, [...equalFiles(data), [4, 5]]);
    expect(check.count).toBe(3);
    expect(check.groups).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
    ]);
    expect(check.action?.request).toEqual({ kind: "resplit", together: check.groups });
  });

  it("finds groups of another column that the split tears apart, and names them", () => {
    const families = ["run", "run", "walk", "walk"];
    const media = families.map((family, i) => ({ ...sampleImage(`${i}`), labels: { family } }));
    const pairs = [
      split(0, 0, "train"),
      split(1, 1, "test"),
      split(2, 2, "test"),
      split(3, 3, "test"),
    ];
    const texts = ["man running", "woman running", "man walking", "woman walking"].map(
      (text, i) => ({ ...sampleText(`t${i}`), text }),
    );
    const check = checkLeak(dataOf(media, pairs, texts), []);
    expect(check).toMatchObject({ count: 1, groups: [[0, 1]] });
    expect(check.detail).toContain("1 value of “family”: run (“man running”)");
    // The walkers too: a new draw would tear them where it joins the runners.
    const together = [
      [0, 1],
      [2, 3],
    ];
    expect(check.action?.request).toEqual({ kind: "resplit", together });
  });

  it("finds none where copies share a side, or the other side is excluded", () => {
    const media = ["a", "a", "b"].map(sampleImage);
    const pairs = [split(0, 0, "test"), split(1, 1, "test"), out(split(2, 0, "train"))];
    const data = dataOf(media, pairs);
    expect(checkLeak(data, equalFiles(data))).toMatchObject({ count: 0, action: null });
  });
});
