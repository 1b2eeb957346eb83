import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  justifyRows,
  listRows,
  placeBeside,
  rowOf,
} from "../../../src/ui/components/search/justifyRows";

const settings = { width: 800, height: 130, gap: 8 };
const ratios = fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { maxLength: 200 });

describe("rows of pictures", () => {
  it("hold every picture once and in order", () => {
    fc.assert(
      fc.property(ratios, fc.integer({ min: 0, max: 2_000 }), (shapes, width) => {
        const rows = justifyRows(shapes, { ...settings, width });
        let next = 0;
        for (const { first, widths } of rows) {
          expect(first).toBe(next);
          expect(widths.length).toBeGreaterThan(0);
          next += widths.length;
        }
        expect(next).toBe(shapes.length);
      }),
    );
  });

  it("end at the right edge, the last aside, and never reach over it", () => {
    fc.assert(
      fc.property(ratios, (shapes) => {
        for (const { widths, height } of justifyRows(shapes, settings)) {
          const total = widths.reduce((sum, w) => sum + w, (widths.length - 1) * settings.gap);
          expect(total).toBeLessThanOrEqual(settings.width + 0.01);
          expect(height).toBeLessThanOrEqual(settings.height * 1.35 + 0.01);
          expect(height).toBeGreaterThan(0);
        }
      }),
    );
    const [full] = justifyRows(Array(40).fill(1) as number[], settings);
    const total = full?.widths.reduce((sum, w) => sum + w, (full.widths.length - 1) * 8);
    expect(total).toBeCloseTo(800, 3);
  });

  it("keep the shapes of the pictures", () => {
    for (const { widths, height, first } of justifyRows([1, 2, 0.5, 1.5, 1, 1, 2, 2], settings)) {
      widths.forEach((width, i) =>
        expect(width / height).toBeCloseTo([1, 2, 0.5, 1.5, 1, 1, 2, 2][first + i] ?? 0, 5),
      );
    }
  });

  it("are one picture at its plain height where there is one, and none where there is none", () => {
    expect(justifyRows([1], settings)).toEqual([{ first: 0, widths: [130], height: 130 }]);
    expect(justifyRows([], settings)).toEqual([]);
    expect(justifyRows([Number.NaN], settings)[0]?.widths).toEqual([130]);
  });
});

describe("places", () => {
  it("are found in their row", () => {
    const rows = justifyRows(Array(57).fill(1) as number[], settings);
    rows.forEach(({ first, widths }, row) => {
      widths.forEach((_, i) => expect(rowOf(rows, first + i)).toBe(row));
    });
  });

  it("move to the nearest above and below, and nowhere at the edges", () => {
    const rows = listRows(3, 100, 40);
    const beside = (place: number, by: 1 | -1) => placeBeside(rows, place, { by, gap: 8 });
    expect([beside(0, 1), beside(1, -1), beside(0, -1), beside(2, 1)]).toEqual([
      1,
      0,
      undefined,
      undefined,
    ]);
    const grid = [
      { first: 0, widths: [100, 100, 100], height: 50 },
      { first: 3, widths: [150, 150], height: 50 },
    ];
    expect([0, 1, 2].map((place) => placeBeside(grid, place, { by: 1, gap: 0 }))).toEqual([
      3, 3, 4,
    ]);
  });
});
