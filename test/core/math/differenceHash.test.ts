import { describe, expect, it } from "vitest";
import { differenceHash, greyOf } from "../../../src/core/math/differenceHash";

const picture = (value: (column: number, row: number) => number) =>
  Array.from({ length: 72 }, (_, i) => value(i % 9, Math.floor(i / 9)));

describe("differenceHash", () => {
  it("sets a bit where brightness falls, first row first", () => {
    expect(differenceHash(picture((column) => -column))).toBe("ffffffffffffffff");
    expect(differenceHash(picture((column) => column))).toBe("0000000000000000");
    expect(differenceHash(picture((column, row) => (row === 0 ? -column : column)))).toBe(
      "ff00000000000000",
    );
    const fallsOnce = picture((column) => (column === 0 ? 1 : 0));
    expect(differenceHash(fallsOnce)).toBe("8080808080808080");
  });

  it("does not change with brightness or contrast", () => {
    const noise = (column: number, row: number) => (column * 37 + row * 91) % 64;
    expect(differenceHash(picture((c, r) => 2 * noise(c, r) + 9))).toBe(
      differenceHash(picture(noise)),
    );
  });

  it("is all zeros for an even picture, and for NaN", () => {
    expect(differenceHash(picture(() => 7))).toBe("0".repeat(16));
    expect(differenceHash(picture(() => NaN))).toBe("0".repeat(16));
  });
});

it("takes luma over white: the colour behind full transparency does not count", () => {
  const [white, black, clear, red] = greyOf([
    ...[255, 255, 255, 255],
    ...[0, 0, 0, 255],
    ...[12, 200, 3, 0],
    ...[255, 0, 0, 255],
  ]);
  expect([white, black, clear]).toEqual([255, 0, 255]);
  expect(red).toBeCloseTo(0.299 * 255);
});
