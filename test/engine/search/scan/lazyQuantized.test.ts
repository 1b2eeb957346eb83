import { expect, it, vi } from "vitest";
import { matrix } from "../../../../src/core/math/matrix";
import { rng } from "../../../../src/core/math/rng";
import { LazyQuantized } from "../../../../src/engine/search/scan/lazyQuantized";

const large = () => {
  const random = rng(1);
  return matrix(
    8_400,
    256,
    Float32Array.from({ length: 8_400 * 256 }, () => random() - 0.5),
  );
};

it("makes nothing for one query, as a training asks of each step's gallery", async () => {
  const lazy = new LazyQuantized(large());
  lazy.get();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(lazy.get()).toBeNull();
});

it("answers the first queries without, and later ones with the rows as bytes", async () => {
  const lazy = new LazyQuantized(large());
  expect(lazy.get()).toBeNull();
  expect(lazy.get()).toBeNull();
  await vi.waitUntil(() => lazy.get(), { timeout: 20_000 });
  expect(lazy.get()!.rows).toBe(8_400);
  lazy.release();
  expect(lazy.get()).toBeNull();
});

it("makes nothing of a small gallery", async () => {
  const lazy = new LazyQuantized(matrix(100, 256));
  lazy.get();
  lazy.get();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(lazy.get()).toBeNull();
});

it("stops in the middle when it is released, and never starts again", async () => {
  const lazy = new LazyQuantized(large());
  lazy.get();
  lazy.get();
  lazy.release();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(lazy.get()).toBeNull();
});
