import { describe, expect, it } from "vitest";
import type { PairTable } from "../../../src/core/domain/alignmentData";
import type { Split } from "../../../src/core/domain/dataset";
import { atChance, dataWarnings } from "../../../src/engine/align/runWarnings";
import { retrieval } from "../../support/retrieval";
import { sampleImage, sampleText } from "../../support/samples";

const SIZES = { train: 100, validation: 60, test: 60 };

function table(sizes: Partial<Record<Split, number>> = SIZES): PairTable {
  const split = Object.entries(sizes).flatMap(([name, n]) => Array<Split>(n).fill(name as Split));
  const numbers = Uint32Array.from(split.keys());
  return { length: split.length, image: numbers, text: numbers, component: numbers, split };
}
const items = (rows: number) => ({
  image: Array.from({ length: rows }, (_, i) => sampleImage(`i${i}`)),
  text: Array.from({ length: rows }, (_, i) => sampleText(`t${i}`, `caption ${i}`)),
});
const codes = (pairs: PairTable, of = items(300)) =>
  dataWarnings(pairs, of).map(({ code }) => code);

describe("dataWarnings", () => {
  it("has nothing to say about sound data", () => {
    expect(codes(table())).toEqual([]);
  });

  it("warns below 50 test queries, and says how many there are", () => {
    expect(codes(table({ ...SIZES, test: 50 }))).toEqual([]);
    expect(dataWarnings(table({ ...SIZES, test: 49 }), items(300))).toEqual([
      { code: "few-queries", detail: "49 images and 49 captions are held out for the test" },
    ]);
    expect(codes(table({ train: 100, validation: 60 }))).toEqual(["few-queries"]);
  });

  it("warns that nothing can be restored without validation", () => {
    expect(codes(table({ train: 100, test: 60 }))).toEqual(["not-restored"]);
  });

  it("warns when most captions are one, and quotes it", () => {
    const pairs = table();
    const text = pairs.text.map((row) => (row < 51 ? 0 : row));
    expect(dataWarnings({ ...pairs, text }, items(300))).toEqual([
      { code: "equal-captions", detail: "51 of 100 training pairs have “caption 0”" },
    ]);
    expect(codes({ ...pairs, text: pairs.text.map((row) => (row < 50 ? 0 : row)) })).toEqual([]);
  });

  it("names what is on both sides of the split: equal bytes, equal words in another case", () => {
    const of = items(300);
    of.image[170] = { ...of.image[170]!, digest: "i3" };
    of.text[180] = sampleText("t180", "  CAPTION   4 ");
    expect(dataWarnings(table(), of)).toEqual([
      { code: "straddling", detail: "i170.png, “  CAPTION   4 ”" },
    ]);
    for (const r of [200, 201, 202]) of.image[r] = { ...of.image[r]!, digest: `i${r - 200}` };
    expect(dataWarnings(table(), of)[0]!.detail).toContain("and 2 more");
  });

  it("does not call a twin within the training split a leak", () => {
    const of = items(300);
    of.image[5] = { ...of.image[5]!, digest: "i3" };
    of.image[120] = { ...of.image[120]!, digest: "i4" }; // validation: chosen on, not reported
    expect(codes(table(), of)).toEqual([]);
  });
});

describe("atChance", () => {
  it("speaks only when guessing is inside both intervals", () => {
    const chance = retrieval(0.1);
    expect(atChance(retrieval(0.12), chance)?.code).toBe("at-chance");
    expect(atChance(retrieval(0.6), chance)).toBeNull();
    expect(atChance(null, chance)).toBeNull();
  });

  it("does not ask for more than a gallery so small can show", () => {
    expect(atChance(retrieval(1), retrieval(1.2))?.detail ?? "").not.toContain("recall@10");
  });
});
