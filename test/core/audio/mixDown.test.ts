import { describe, expect, it } from "vitest";
import { mixDown } from "../../../src/core/audio/mixDown";

const f32 = (...values: number[]) => Float32Array.from(values);

describe("mixing down", () => {
  it("is the plain mean of the channels, two or six", () => {
    expect(mixDown([f32(1, 0.5), f32(0, -0.5)])).toEqual(f32(0.5, 0));
    expect(mixDown(Array.from({ length: 6 }, (_, c) => f32(c)))).toEqual(f32(2.5));
  });

  it("leaves one channel as it is, and makes nothing of nothing", () => {
    const only = f32(1, 2);
    expect(mixDown([only])).toBe(only);
    expect(mixDown([]).length).toBe(0);
  });
});
