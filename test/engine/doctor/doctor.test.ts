import { describe, expect, it } from "vitest";
import { matrix, takeRows } from "../../../src/core/math/matrix";
import { matrix64 } from "../../../src/core/math/linalg/matrix64";
import { permutation, rng } from "../../../src/core/math/rng";
import { diagnose, type DoctorInput } from "../../../src/engine/doctor/diagnose";
import { dealFolds } from "../../../src/engine/doctor/keepTogether";
import { nearImages } from "../../../src/engine/doctor/nearImages";
import { reduceSide } from "../../../src/engine/doctor/reduceSide";
import { scorePairs } from "../../../src/engine/doctor/scorePairs";
import { findCycles, leastGain } from "../../../src/engine/doctor/swaps";
import { findShift } from "../../../src/engine/doctor/tableShift";
import { emojiPairs } from "../../support/doctorFixture";
import { latentData } from "../../support/alignmentFixture";

const SIZE = 120;

/** 120 pairs of one latent; `text` may be exchanged. */
function latentPairs(
  text: Uint32Array = Uint32Array.from({ length: SIZE }, (_, p) => p),
): DoctorInput {
  const data = latentData({ train: SIZE, noise: 0.1 });
  const image = Uint32Array.from({ length: SIZE }, (_, p) => p);
  return {
    image: data.image,
    text: data.text,
    pairs: { image, text, group: image },
    looks: [],
    table: { image, text },
  };
}

function exchanged(...swaps: readonly (readonly [number, number])[]): Uint32Array<ArrayBuffer> {
  const text = Uint32Array.from({ length: SIZE }, (_, p) => p);
  for (const [a, b] of swaps) [text[a], text[b]] = [text[b]!, text[a]!];
  return text;
}

describe("folds", () => {
  const pairs = (image: number[], text: number[], group: number[]) => ({
    image: Uint32Array.from(image),
    text: Uint32Array.from(text),
    group: Uint32Array.from(group),
  });

  it("keep together what shares an image, a caption or a group", () => {
    const fold = dealFolds(
      pairs([0, 0, 1, 2, 3, 4, 5], [0, 1, 1, 2, 3, 4, 5], [0, 1, 2, 3, 3, 4, 5]),
    );
    expect(new Set(fold.subarray(0, 3)).size).toBe(1);
    expect(fold[3]).toBe(fold[4]);
  });

  it("keep near-duplicates together unless the set would be most of the data", () => {
    const n = 40;
    const each = Array.from({ length: n }, (_, p) => p);
    const folds = dealFolds(pairs(each, each, each), [[0, 7]]);
    expect(folds[0]).toBe(folds[7]);
    const chain = each.slice(1).map((p) => [p - 1, p] as const);
    const sizes = [0, 1, 2, 3, 4].map(
      (f) => dealFolds(pairs(each, each, each), chain).filter((own) => own === f).length,
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(9);
  });

  it("finds near-duplicate rows with and without hashes", async () => {
    const units = matrix64(3, 2, Float64Array.of(1, 0, 0.999, 0.0447, 0, 1));
    expect(await nearImages(units, [])).toEqual([[0, 1]]);
    expect(await nearImages(units, ["00".repeat(8), "00".repeat(8), undefined])).toEqual([[0, 1]]);
    expect(
      await nearImages(units, ["00".repeat(8), "00".repeat(7) + "01", "ff".repeat(8)]),
    ).toEqual([[0, 1]]);
  });
});

describe("reducing a side", () => {
  it("keeps cosines of data that fills fewer directions than are kept", async () => {
    const random = rng(5);
    const mixing = Float64Array.from({ length: 20 * 300 }, () => random() - 0.5);
    const items = matrix(200, 300);
    for (let i = 0; i < 200; i++) {
      const latent = Float64Array.from({ length: 20 }, () => random() - 0.5);
      for (let d = 0; d < 300; d++) {
        latent.forEach((value, k) => (items.data[i * 300 + d]! += value * mixing[k * 300 + d]!));
      }
    }
    const { rows, basis, mean } = await reduceSide(items);
    expect([rows.cols, basis?.rows]).toEqual([128, 128]);
    const unit = (i: number) => {
      const row = items.data.subarray(i * 300, (i + 1) * 300);
      const norm = Math.hypot(...row);
      return Float64Array.from(row, (value, d) => value / norm - mean[d]!);
    };
    const product = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, d) => sum + value * b[d]!, 0);
    for (const [i, j] of [
      [0, 0],
      [3, 90],
      [199, 1],
    ] as const) {
      const reduced = product(
        rows.data.subarray(i * 128, (i + 1) * 128),
        rows.data.subarray(j * 128, (j + 1) * 128),
      );
      expect(reduced).toBeCloseTo(product(unit(i), unit(j)), 9);
    }
  });

  it("refuses NaN by row", async () => {
    const items = matrix(2, 2, Float32Array.of(1, 2, NaN, 1));
    await expect(reduceSide(items)).rejects.toMatchObject({ code: "data/non-finite" });
  });
});

describe("scores", () => {
  it("are CSLS margins, as written out", async () => {
    const random = rng(2);
    const unit = (rows: number) => {
      const m = matrix64(
        rows,
        5,
        Float64Array.from({ length: rows * 5 }, () => random() - 0.5),
      );
      for (let i = 0; i < rows; i++) {
        const row = m.data.subarray(i * 5, (i + 1) * 5);
        const norm = Math.hypot(...row);
        row.forEach((value, d) => (row[d] = value / norm));
      }
      return m;
    };
    const [images, texts] = [unit(14), unit(13)];
    const image = Uint32Array.from({ length: 14 }, (_, p) => p);
    const text = image.map((p) => p % 13); // images 0 and 13 share a caption
    const scores = await scorePairs(images, texts, { image, text });
    const cos = (i: number, t: number) => {
      let sum = 0;
      for (let d = 0; d < 5; d++) sum += images.data[i * 5 + d]! * texts.data[t * 5 + d]!;
      return sum;
    };
    const top = (values: number[]) =>
      values
        .sort((a, b) => b - a)
        .slice(0, 10)
        .reduce((a, b) => a + b) / 10;
    const each = [...Array(14).keys()];
    const nearImage = each.map((i) => top(each.slice(0, 13).map((t) => cos(i, t))));
    const nearText = each.slice(0, 13).map((t) => top(each.map((i) => cos(i, t))));
    const csls = (i: number, t: number) => 2 * cos(i, t) - nearImage[i]! - nearText[t]!;
    for (const p of [0, 5, 13]) {
      const t = p % 13;
      const others = each.slice(0, 13).filter((other) => other !== t);
      const rivals = each.filter((other) => other % 13 !== t);
      const [caption, picture] = [others.map((o) => csls(p, o)), rivals.map((o) => csls(o, t))];
      const own = csls(p, t);
      expect(scores.captionMargin[p]).toBeCloseTo(Math.max(...caption) - own, 5);
      expect(scores.imageMargin[p]).toBeCloseTo(Math.max(...picture) - own, 5);
      expect(scores.mismatch[p]).toBeCloseTo(
        Math.max(...caption) + Math.max(...picture) - 3 * own,
        5,
      );
      expect(scores.captionRank[p]).toBe(1 + caption.filter((value) => value >= own).length);
      expect(scores.imageRank[p]).toBe(1 + picture.filter((value) => value >= own).length);
      expect(scores.bestText[p]).toBe(others[caption.indexOf(Math.max(...caption))]);
    }
  });
});

describe("a diagnosis", () => {
  it("puts exchanged pairs first and finds who has whose caption", async () => {
    const { ranking, selfTest, cycles } = await diagnose(latentPairs(exchanged([3, 70], [20, 99])));
    expect(selfTest.auc).toBeGreaterThan(0.95);
    expect(new Set(ranking.pair.subarray(0, 4))).toEqual(new Set([3, 20, 70, 99]));
    expect(cycles.slice(0, 2).map(({ members }) => [...members].sort((a, b) => a - b))).toEqual(
      expect.arrayContaining([
        [3, 70],
        [20, 99],
      ]),
    );
  });

  it("cannot judge where captions say nothing about images", async () => {
    const input = latentPairs(permutation(SIZE, rng(4)));
    const { selfTest } = await diagnose(input);
    expect(selfTest.auc).toBeLessThan(0.7);
  });

  it("is the same again", async () => {
    const input = latentPairs(exchanged([1, 2]));
    expect(await diagnose(input)).toEqual(await diagnose(input));
  });

  it("refuses fewer than 50 pairs and says how many there are", async () => {
    const few = Uint32Array.from({ length: 49 }, (_, p) => p);
    const input = latentPairs();
    await expect(
      diagnose({ ...input, pairs: { image: few, text: few, group: few } }),
    ).rejects.toMatchObject({ code: "data/too-few", detail: expect.stringContaining("49") });
  });

  it("stops when it is cancelled", async () => {
    const signal = AbortSignal.abort();
    await expect(diagnose(latentPairs(), { signal })).rejects.toMatchObject({ code: "cancelled" });
  });

  it("reports steps that only grow and end with the last", async () => {
    const seen: number[] = [];
    let total = 0;
    await diagnose(latentPairs(), {
      report: (progress) => {
        seen.push(progress.done);
        total = progress.total;
      },
    });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(total);
  });
});

describe("exchanges", () => {
  it("finds a round of three", () => {
    const predicted = matrix64(40, 40);
    for (let i = 0; i < 40; i++) predicted.data[i * 40 + i] = 1;
    const text = Uint32Array.from({ length: 40 }, (_, p) => p);
    [text[0], text[1], text[2]] = [1, 2, 0]; // pair 0 has the caption of 1, and wants its own: that of 2
    const image = text.map((_, p) => p);
    const wrong = (p: number) => p < 3;
    const scores = {
      mismatch: Float64Array.from(image, (p) => (wrong(p) ? 5 - p : -p)),
      csls: Float64Array.from(image, (p) => (wrong(p) ? 0 : 2)),
      nearImage: new Float64Array(40),
      nearText: new Float64Array(40),
    };
    const cycles = findCycles({
      ...{ predicted, texts: predicted, pairs: { image, text } },
      // Only these columns are looked at.
      scores: scores as unknown as Parameters<typeof findCycles>[0]["scores"],
    });
    expect(cycles).toEqual([{ members: [0, 2, 1], gain: 2 }]);
  });

  it("asks for the gain at which two of three findings are real", () => {
    const found = [5, 4, 3, 2, 1].map((gain) => {
      return { gain, kind: gain > 2 ? ("planted" as const) : ("other" as const) };
    });
    expect(leastGain(found, 0)).toEqual({ gain: 2, precision: 3 / 4 });
    expect(leastGain([{ gain: 1, kind: "other" }], 0).gain).toBe(Infinity);
    expect(leastGain([], 0).gain).toBe(Infinity);
  });

  it("believes findings without planting as far as pairs look wrong", () => {
    const found = [5, 4, 3, 2].map((gain) => {
      return { gain, kind: gain === 5 ? ("planted" as const) : ("known" as const) };
    });
    expect(leastGain(found, 0).gain).toBe(5);
    expect(leastGain(found, 1).gain).toBe(3); // one planted and as many real of two: two of three
  });
});

describe("a shifted table", () => {
  it("is found by its offset among 300 emoji rows, and none in the table as it is", async () => {
    const { input } = emojiPairs({ count: 300, seed: 2 });
    const image = await reduceSide(input.image);
    const text = await reduceSide(input.text);
    for (const shift of [0, 1, -3]) {
      const { table } = emojiPairs({ count: 300, seed: 2, shift }).input;
      const found = await findShift(image.rows, text.rows, table);
      expect(found?.offset).toBe(0 - shift);
    }
  });

  it("is not looked for below 70 rows, nor found in noise", async () => {
    const data = latentData({ train: 90, shuffled: true });
    const rows = Uint32Array.from({ length: 90 }, (_, p) => p);
    const image = await reduceSide(data.image);
    const text = await reduceSide(takeRows(data.text, data.pairs.text));
    const found = await findShift(image.rows, text.rows, { image: rows, text: rows });
    expect(found?.offset).toBe(0);
    const few = rows.subarray(0, 69);
    expect(await findShift(image.rows, text.rows, { image: few, text: few })).toBeNull();
  });
});
