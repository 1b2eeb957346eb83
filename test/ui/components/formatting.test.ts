import { expect, it } from "vitest";
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumberOf,
  formatPercent,
  formatRate,
} from "../../../src/ui/components/formatting";

it("groups thousands", () => {
  expect(formatCount(3246)).toBe("3,246");
  expect(formatNumberOf(1, "image")).toBe("1 image");
  expect(formatNumberOf(100_000, "image")).toBe("100,000 images");
});

it("writes bytes in decimal units and never as four digits", () => {
  expect([0, 999, 999_600, 4_863_954, 148_000_000, 9.96e9].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 MB",
    "4.9 MB",
    "148 MB",
    "10 GB",
  ]);
});

it("writes durations with one unit, hours with two", () => {
  expect([0, 85, 1234, 12_400, 240_000, 3_900_000 * 2].map(formatDuration)).toEqual([
    "0 ms",
    "85 ms",
    "1.2 s",
    "12 s",
    "4 min",
    "2 h 10 min",
  ]);
});

it("writes a share as a percentage, and what is not a number as n/a", () => {
  expect(formatPercent(0.694)).toBe("69.4 %");
  expect(formatPercent(1, 0)).toBe("100 %");
  expect(formatPercent(Number.NaN)).toBe("n/a");
});

it("writes slow rates per minute", () => {
  expect(formatRate(41.4, "items")).toBe("41 items/s");
  expect(formatRate(3.21, "steps")).toBe("3.2 steps/s");
  expect(formatRate(0.2, "items")).toBe("12 items/min");
  expect(formatRate(2_500_000, "bytes")).toBe("2.5 MB/s");
});

it("says how long ago, in the largest whole unit", () => {
  const now = Date.UTC(2026, 10, 21, 12);
  const ages = [-5, 0, 59, 60, 3_599, 7_200, 86_400, 3 * 86_400, 40 * 86_400, 800 * 86_400];
  expect(ages.map((seconds) => formatAge(now - seconds * 1000, now))).toEqual([
    "just now",
    "just now",
    "just now",
    "1 minute ago",
    "59 minutes ago",
    "2 hours ago",
    "yesterday",
    "3 days ago",
    "last month",
    "2 years ago",
  ]);
});
