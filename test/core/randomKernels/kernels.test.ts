import { expect, it } from "vitest";
import {
  drawKernels,
  paddedChannels,
  partWidth,
  spanOf,
  type KernelPlan,
} from "../../../src/core/randomKernels/kernels";

const plan: KernelPlan = {
  ...{ seed: 3, channels: 40, kernels: 400, span: [3, 11], dilations: [1, 2, 5] },
};

it("draws the same kernels from the same seed, others from another", () => {
  expect(drawKernels(plan)).toEqual(drawKernels(plan));
  expect(drawKernels({ ...plan, seed: 4 })).not.toEqual(drawKernels(plan));
});

it("draws whole weights whose mean is zero and which use the range", () => {
  for (const { weights } of drawKernels(plan)) {
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(0);
    expect(weights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)).toBeGreaterThan(
      125,
    );
  }
});

it("keeps every kernel inside its channels and inside its part", () => {
  for (const [channels, most] of [
    [40, 11],
    [64, 11],
    [18, 11],
    [19, 3],
    [1, 1],
  ] as const) {
    const drawn = drawKernels({ ...plan, channels, span: [1, most] });
    const width = partWidth({ ...plan, channels, span: [1, most] });
    for (const kernel of drawn) {
      expect(kernel.first).toBeGreaterThanOrEqual(kernel.part);
      expect(kernel.first + spanOf(kernel)).toBeLessThanOrEqual(kernel.part + width);
      expect(kernel.part + width).toBeLessThanOrEqual(paddedChannels(channels));
      expect(kernel.first + spanOf(kernel)).toBeLessThanOrEqual(channels);
    }
    expect(width <= 3 || width % 4 === 0).toBe(true);
  }
});

it("draws every width, every dilation and every place", () => {
  const drawn = drawKernels({ ...plan, kernels: 3000 });
  const seen = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  expect(seen(drawn.map(spanOf))).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(seen(drawn.map(({ dilation }) => dilation))).toEqual([1, 2, 5]);
  expect(seen(drawn.map(({ first }) => first))).toHaveLength(38);
});

it.each([
  { kernels: 0 },
  { channels: 2 },
  { span: [0, 3] as const },
  { span: [5, 4] as const },
  { dilations: [] },
  { dilations: [1.5] },
])("refuses a plan that cannot be drawn: %o", (change) => {
  expect(() => drawKernels({ ...plan, ...change })).toThrow(
    expect.objectContaining({ code: "data/shape" }),
  );
});
