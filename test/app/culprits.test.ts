import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Culprits } from "../../src/app/culprits";

const digests = (count: number) => Array.from({ length: count }, (_, i) => `d${i}`);

/**
 * A worker that ends whenever one of `deadly` is at work, run until it finishes; read-ahead as the
 * real one. Returns what was encoded and how often the worker ended.
 */
function hunt(items: readonly string[], deadly: ReadonlySet<string>, batchSize: number) {
  const culprits = new Culprits();
  const encoded = new Set<string>();
  let ends = 0;
  for (;;) {
    const left = items.filter((d) => !encoded.has(d) && !culprits.skip.includes(d));
    const suspected = new Set(culprits.suspects.flat());
    const groups = culprits.suspects
      .map((group) => group.filter((d) => left.includes(d)))
      .filter((group) => group.length > 0);
    const rest = left.filter((d) => !suspected.has(d));
    const batches: string[][] = [...groups];
    for (let at = 0; at < rest.length; at += batchSize)
      batches.push(rest.slice(at, at + batchSize));
    const fatal = batches.findIndex((batch) => batch.some((d) => deadly.has(d)));
    const finished = fatal < 0 ? batches : batches.slice(0, Math.max(0, fatal));
    for (const d of finished.flat()) encoded.add(d);
    if (finished.length > 0) culprits.acquit();
    if (fatal < 0) return { culprits, encoded, ends };
    ends++;
    const ahead = fatal >= groups.length ? (batches[fatal + 1] ?? []) : [];
    culprits.blame([...batches[fatal]!, ...ahead]);
  }
}

describe("the search for items that end the worker", () => {
  it("finds one among 100 within eight restarts, and encodes all the others", () => {
    const { culprits, encoded, ends } = hunt(digests(100), new Set(["d37"]), 16);
    expect(culprits.skip).toEqual(["d37"]);
    expect(encoded.size).toBe(99);
    expect(ends).toBeLessThanOrEqual(8);
  });

  it("finds two neighbours, and two far apart", () => {
    for (const deadly of [
      ["d8", "d9"],
      ["d3", "d60"],
    ]) {
      const { culprits, encoded } = hunt(digests(64), new Set(deadly), 16);
      expect([...culprits.skip].sort()).toEqual(deadly);
      expect(encoded.size).toBe(62);
    }
  });

  it("finds the only item there is, at the second end", () => {
    const { culprits, ends } = hunt(["d0"], new Set(["d0"]), 16);
    expect(culprits.skip).toEqual(["d0"]);
    expect(ends).toBe(2);
  });

  it("accuses nobody when the worker ended by chance", () => {
    const culprits = new Culprits();
    culprits.blame(digests(5));
    expect(culprits.skip).toEqual([]);
    expect(culprits.suspects).toEqual([
      ["d0", "d1", "d2"],
      ["d3", "d4"],
    ]);
  });

  it("gives up when every item ends the worker, and says how far it looked", () => {
    expect(() => hunt(digests(100), new Set(digests(100)), 16)).toThrow(
      /keeps stopping the background worker.*9 restarts, 3 items left out/,
    );
  });

  it("gives up in the end when culprits never end, however many others there are", () => {
    const many = digests(1000);
    const everyTenth = new Set(many.filter((_, i) => i % 10 === 0));
    expect(() => hunt(many, everyTenth, 16)).toThrow(/32 restarts/);
  });

  it("leaves out exactly the guilty, wherever they are", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.uniqueArray(fc.nat(59), { maxLength: 2 }),
        (count, batchSize, places) => {
          const items = digests(count);
          const deadly = new Set(places.filter((p) => p < count).map((p) => `d${p}`));
          const { culprits, encoded } = hunt(items, deadly, batchSize);
          expect(new Set(culprits.skip)).toEqual(deadly);
          expect(encoded.size).toBe(count - deadly.size);
        },
      ),
    );
  });
});
