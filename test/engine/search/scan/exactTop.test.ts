import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matrix, normalizeRows, type Matrix } from "../../../../src/core/math/matrix";
import { rng } from "../../../../src/core/math/rng";
import { exactTop, type Scoring } from "../../../../src/engine/search/scan/exactTop";
import { QuantizedRows } from "../../../../src/engine/search/scan/quantizedRows";
import { takeMemory } from "../../../../src/engine/search/scan/scanMemory";

/** Galleries that make a first pass err: each is [rows, width] from a seed. */
const SHAPES: Record<string, (rows: number, width: number, random: () => number) => Matrix> = {
  random: (rows, width, random) => normalizeRows(filled(rows, width, random)),
  clustered(rows, width, random) {
    const centres = filled(3, width, random);
    return normalizeRows(
      fill(rows, width, (r, d) => centres.data[(r % 3) * width + d]! + 0.01 * normal(random)),
    );
  },
  "near ties": (rows, width, random) => {
    const one = filled(1, width, random);
    return fill(rows, width, (_, d) => one.data[d]! * (1 + 1e-7 * normal(random)));
  },
  duplicated(rows, width, random) {
    const few = filled(2, width, random);
    return fill(rows, width, (r, d) => few.data[(r % 2) * width + d]!);
  },
  "zero rows among others": (rows, width, random) => {
    const all = filled(rows, width, random);
    return fill(rows, width, (r, d) => (r % 3 === 0 ? 0 : all.data[r * width + d]!));
  },
  "very long and very short": (rows, width, random) =>
    fill(rows, width, (r) => normal(random) * 10 ** (((r * 7) % 40) - 20)),
  "one value far above the rest": (rows, width, random) =>
    fill(rows, width, (_, d) => (d === 0 ? 100 : normal(random))),
};

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const filled = (rows: number, width: number, random: () => number) =>
  fill(rows, width, () => normal(random));

function fill(rows: number, width: number, value: (r: number, d: number) => number): Matrix {
  const data = Float32Array.from({ length: rows * width }, (_, at) =>
    value(Math.floor(at / width), at % width),
  );
  return matrix(rows, width, data);
}

const everyRow = (rows: number) => ({
  rows: Uint32Array.from({ length: rows }, (_, r) => r),
  mask: null,
});

function some(rows: number, random: () => number) {
  const mask = Uint8Array.from({ length: rows }, () => Number(random() < 0.4));
  return { rows: Uint32Array.from(mask.keys()).filter((r) => mask[r] === 1), mask };
}

/** Sorting all scores, written out: what the search must equal. */
function bruteForce(gallery: Matrix, query: Float32Array, rows: Uint32Array, scoring: Scoring) {
  const { centred, penalties } = scoring;
  const whole = gallery.cols - (gallery.cols % 4);
  const scored = Array.from(rows, (r) => {
    const sums = [0, 0, 0, 0];
    for (let d = 0; d < gallery.cols; d++) {
      sums[d < whole ? d % 4 : 0]! += gallery.data[r * gallery.cols + d]! * query[d]!;
    }
    const dot = sums[0]! + sums[1]! + sums[2]! + sums[3]!;
    const cosine = centred ? (dot - centred.shift) * centred.inverses[r]! : dot;
    return { r, cosine, score: penalties ? 2 * cosine - penalties[r]! : cosine };
  });
  return scored.sort((a, b) => b.score - a.score || a.r - b.r);
}

describe.each(Object.keys(SHAPES))("exactTop on a gallery that is %s", (shape) => {
  it("gives what sorting every score in full gives, ties and scores to the bit", async () => {
    const cases = fc.record({
      rows: fc.integer({ min: 1, max: 70 }),
      width: fc.integer({ min: 1, max: 70 }),
      limit: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 80 })),
      seed: fc.nat(),
      filtered: fc.boolean(),
      centred: fc.boolean(),
      csls: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ rows, width, limit, seed, ...which }) => {
        const random = rng(seed);
        const gallery = SHAPES[shape]!(rows, width, random);
        const query = which.filtered
          ? gallery.data.slice(0, width) // an item of the gallery
          : filled(1, width, random).data;
        const selection = which.filtered ? some(rows, random) : everyRow(rows);
        const scoring = {
          ...(which.centred && {
            centred: { inverses: new Float64Array(rows).map(() => random() * 2), shift: 0.3 },
          }),
          ...(which.csls && { penalties: new Float64Array(rows).map(random) }),
        };
        const quantized = await QuantizedRows.of(gallery);
        const found = exactTop(gallery, query, { limit, selection, scoring, quantized });
        quantized!.release();
        const expected = bruteForce(gallery, query, selection.rows, scoring).slice(0, limit);
        expect([...found.rows]).toEqual(expected.map(({ r }) => r));
        expect([...found.scores]).toEqual(expected.map(({ score }) => score));
        expect([...found.cosines]).toEqual(expected.map(({ cosine }) => cosine));
      }),
      { numRuns: 60 },
    );
  });
});

const options = (rows: number, limit: number) => ({
  limit,
  selection: everyRow(rows),
  scoring: {},
});

describe("exactTop", () => {
  it("scores few rows in full where the best stand out", async () => {
    const gallery = SHAPES["random"]!(2_000, 256, rng(1));
    const query = gallery.data.slice(0, 256);
    const quantized = await QuantizedRows.of(gallery);
    const { candidates, rows } = exactTop(gallery, query, { ...options(2_000, 1), quantized });
    expect([...rows]).toEqual([0]);
    expect(candidates).toBe(1);
  });

  it("takes rows too wide for a 32-bit sum of full 16-bit queries", async () => {
    const gallery = fill(8, 3_000, (r) => (r % 2 === 0 ? 1 : -1) * (1 + r));
    const quantized = await QuantizedRows.of(gallery);
    const query = new Float32Array(3_000).fill(1);
    const { rows } = exactTop(gallery, query, { ...options(8, 3), quantized });
    expect([...rows]).toEqual([6, 4, 2]);
  });

  it.each([NaN, Infinity, -Infinity])("refuses a row with %s however it ranks", async (value) => {
    const gallery = SHAPES["random"]!(50, 16, rng(2));
    gallery.data[16 * 31 + 5] = value;
    const query = gallery.data.slice(0, 16);
    for (const quantized of [null, await QuantizedRows.of(gallery)]) {
      const search = () => exactTop(gallery, query, { ...options(50, 2), quantized });
      expect(search).toThrow(expect.objectContaining({ code: "data/non-finite" }));
      // Not ranked, not a fault.
      const rows = everyRow(50).rows.filter((r) => r !== 31);
      const mask = new Uint8Array(50).fill(1).fill(0, 31, 32);
      const selection = { rows, mask };
      expect([
        ...exactTop(gallery, query, { limit: 1, selection, scoring: {}, quantized }).rows,
      ]).toEqual([0]);
    }
  });

  it("refuses a query that is not finite", async () => {
    const gallery = SHAPES["random"]!(9, 4, rng(3));
    const quantized = await QuantizedRows.of(gallery);
    const search = () =>
      exactTop(gallery, Float32Array.of(1, NaN, 0, 0), { ...options(9, 1), quantized });
    expect(search).toThrow(expect.objectContaining({ code: "data/non-finite" }));
  });

  it("answers nothing from an empty gallery, an empty selection or a limit of 0", async () => {
    const empty = matrix(0, 4);
    const query = Float32Array.of(1, 0, 0, 0);
    const quantized = await QuantizedRows.of(empty);
    expect(exactTop(empty, query, { ...options(0, 5), quantized }).rows).toHaveLength(0);
    const gallery = SHAPES["random"]!(9, 4, rng(4));
    const others = await QuantizedRows.of(gallery);
    const none = { rows: new Uint32Array(0), mask: new Uint8Array(9) };
    const scoring = {};
    const asked = { selection: none, scoring, quantized: others, limit: 5 };
    expect(exactTop(gallery, query, asked).rows).toHaveLength(0);
    expect(exactTop(gallery, query, { ...options(9, 0), quantized: others }).rows).toHaveLength(0);
  });

  it("takes a zero query as equal scores, in row order", async () => {
    const gallery = SHAPES["random"]!(9, 4, rng(5));
    const quantized = await QuantizedRows.of(gallery);
    const found = exactTop(gallery, new Float32Array(4), { ...options(9, 3), quantized });
    expect([...found.rows]).toEqual([0, 1, 2]);
  });
});

describe("takeMemory", () => {
  it("says no instead of failing where a gallery is larger than WebAssembly's memory", () => {
    expect(takeMemory(2 ** 33)).toBeNull();
  });

  it("gives a freed memory to the next gallery, in which nothing of the last one counts", async () => {
    (await QuantizedRows.of(SHAPES["random"]!(40, 9, rng(6))))!.release();
    const gallery = SHAPES["clustered"]!(30, 7, rng(7));
    const quantized = await QuantizedRows.of(gallery);
    const query = gallery.data.slice(0, 7);
    const found = exactTop(gallery, query, { ...options(30, 5), quantized });
    expect(found).toMatchObject(
      withoutCandidates(exactTop(gallery, query, { ...options(30, 5), quantized: null })),
    );
  });
});

const withoutCandidates = ({ rows, scores, cosines }: ReturnType<typeof exactTop>) => ({
  rows,
  scores,
  cosines,
});
