import { describe, expect, it } from "vitest";
import { matrix, takeRows, type Matrix } from "../../../src/core/math/matrix";
import { rng } from "../../../src/core/math/rng";
import { checkRowOffset, scoreOffsets } from "../../../src/engine/checking/rowOffset";
import { referenceData } from "../../bench/referenceData";
import { syntheticViews } from "../../support/goldenData";

const noise = (rows: number, cols: number, seed: number): Matrix => {
  const random = rng(seed);
  return matrix(
    rows,
    cols,
    Float32Array.from({ length: rows * cols }, () => random() - 0.5),
  );
};

/** Row i of the captions belongs to file i + `by`. */
const shifted = (m: Matrix, by: number) =>
  takeRows(
    m,
    Array.from({ length: m.rows }, (_, i) => (i + by + m.rows) % m.rows),
  );

/** Both views drift together, as data sorted by topic do. */
function sortedViews(n: number): { x: Matrix; y: Matrix } {
  const { x, y } = syntheticViews(n, 3);
  const drift = (m: typeof x, seed: number) => {
    const { data } = noise(1, m.cols, seed);
    return matrix(
      n,
      m.cols,
      Float32Array.from(m.data, (v, at) => {
        return v + 6 * Math.sin(Math.floor(at / m.cols) / 40) * (data[at % m.cols] ?? 0);
      }),
    );
  };
  return { x: drift(x, 8), y: drift(y, 9) };
}

describe("scoreOffsets", () => {
  const { x, y } = sortedViews(240);

  it.each([0, 1, -1, 3, -5])(
    "finds captions shifted by %i rows in data sorted by topic",
    async (by) => {
      const found = await scoreOffsets(x, shifted(y, by));
      expect(found!.offset).toBe(by === 0 ? 0 : -by);
    },
  );

  it("does not guess beyond the shifts it looks at", async () => {
    expect((await scoreOffsets(x, shifted(y, 9)))!.offset).toBe(0);
  });

  it("flags no unrelated embeddings", async () => {
    for (let seed = 0; seed < 15; seed++) {
      const found = await scoreOffsets(noise(70, 12, seed), noise(70, 8, seed + 100));
      expect(found!.offset).toBe(0);
    }
  });

  it("flags nothing when an encoder gives one vector for all", async () => {
    const same = matrix(80, 4, new Float32Array(320).fill(1));
    expect(await scoreOffsets(same, noise(80, 4, 1))).toMatchObject({ offset: 0, deviation: 0 });
  });

  it("does not judge fewer than 60 rows", async () => {
    expect(await scoreOffsets(noise(59, 4, 1), noise(59, 4, 1))).toBeNull();
  });

  it("tells real embeddings shifted by one row from unshifted ones", async () => {
    const { image, text, pairs } = referenceData();
    const rows = Array.from({ length: 400 }, (_, i) => i);
    const images = takeRows(image, rows);
    const texts = takeRows(takeRows(text, pairs.text), rows);
    expect((await scoreOffsets(images, texts))!.offset).toBe(0);
    expect((await scoreOffsets(images, shifted(texts, 1)))!.offset).toBe(-1);
  }, 60_000);

  it("stops between two shifts when the tick throws", async () => {
    const tick = () => Promise.reject(new Error("stop"));
    await expect(scoreOffsets(x, y, tick)).rejects.toThrow("stop");
  });
});

describe("checkRowOffset", () => {
  const scores = [0, 1].map((offset) => ({ offset, cka: offset / 10 + 0.02 }));

  it("says which way and how far", () => {
    const check = checkRowOffset({ scores, deviation: 0.001, offset: 1 }, [0, 1, 2]);
    expect(check.count).toBe(3);
    expect(check.detail).toContain("1 row further down (CKA 0.12) and not with their own (0.02)");
  });

  it("says why it did not run", () => {
    expect(checkRowOffset({ missing: "encode both sides first" }, [0])).toMatchObject({
      count: null,
      detail: "Not computed: encode both sides first.",
    });
  });
});
