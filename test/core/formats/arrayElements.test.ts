import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeElements,
  encodeElements,
  fromHalf,
  toHalf,
} from "../../../src/core/formats/arrayElements";

const bytes = (...values: number[]) => Uint8Array.from(values);

describe("float16", () => {
  it("survives a round trip for every bit pattern that is a number", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromHalf(bits);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(bits);
    }
  });

  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65_504],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
  ])("reads %s as IEEE 754 says", (bits, value) => {
    expect(fromHalf(bits)).toBe(value);
  });

  it.each([
    [1 + 2 ** -11, 0x3c00], // half way: to the even neighbour below
    [1 + 3 * 2 ** -11, 0x3c02], // half way: to the even neighbour above
    [65_519, 0x7bff],
    [65_520, 0x7c00],
    [2 ** -25, 0x0000],
    [2 ** -14 - 2 ** -26, 0x0400], // a subnormal that rounds up to the first normal number
    [1e-30, 0],
  ])("rounds %s to nearest, ties to even", (value, bits) => {
    expect(toHalf(value)).toBe(bits);
  });
});

it("keeps float32 exactly", () => {
  fc.assert(
    fc.property(fc.float32Array({ noNaN: true }), (values) => {
      expect(decodeElements(encodeElements(values, "f4"), "f4")).toEqual(values);
    }),
  );
});

it("reads every type in either byte order", () => {
  expect(decodeElements(bytes(0x80, 0x3f), "bf16")).toEqual(Float32Array.of(1));
  expect(decodeElements(bytes(0x3f, 0x80), "bf16", false)).toEqual(Float32Array.of(1));
  expect(decodeElements(bytes(0xff, 0x7f), "i1")).toEqual(Float32Array.of(-1, 127));
  expect(decodeElements(bytes(0xff), "u1")).toEqual(Float32Array.of(255));
  expect(decodeElements(bytes(0x3f, 0xf0, 0, 0, 0, 0, 0, 0), "f8", false)).toEqual(
    Float32Array.of(1),
  );
  expect(decodeElements(bytes(0x3f, 0x80, 0, 0), "f4", false)).toEqual(Float32Array.of(1));
});

it("reads bytes that start at any offset, and ignores half an element", () => {
  const shifted = bytes(9, 0, 0, 0x80, 0x3f, 7).subarray(1);
  expect(decodeElements(shifted, "f4")).toEqual(Float32Array.of(1));
  expect(decodeElements(bytes(1, 2, 3), "f4")).toHaveLength(0);
});
