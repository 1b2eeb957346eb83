import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Declutter } from "../../../src/ui/features/query/map/declutter";
import {
  boundsOf,
  fitView,
  panBy,
  toPlane,
  toScreen,
  visibleBox,
  zoomAt,
} from "../../../src/ui/features/query/map/mapView";
import { PointIndex } from "../../../src/ui/features/query/map/pointIndex";
import { pixelOf, splat } from "../../../src/ui/features/query/map/splat";

const size = { width: 400, height: 300 };
const coordinate = fc.double({ min: -50, max: 50, noNaN: true });
const cloud = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 60 });

describe("the view", () => {
  it("shows every point when it fits all, equal points in the middle", () => {
    fc.assert(
      fc.property(cloud, (points) => {
        const view = fitView(boundsOf(points.flat()), size);
        for (const [x, y] of points) {
          const at = toScreen(view, size, x, y);
          expect(at.x).toBeGreaterThan(0);
          expect(at.x).toBeLessThan(size.width);
          expect(at.y).toBeGreaterThan(0);
          expect(at.y).toBeLessThan(size.height);
        }
      }),
    );
    const same = fitView(boundsOf([3, 4, 3, 4]), size);
    expect(toScreen(same, size, 3, 4)).toEqual({ x: 200, y: 150 });
    expect(fitView(boundsOf([]), size)).toEqual({ centreX: 0, centreY: 0, scale: 1 });
  });

  it("keeps the place under the pointer while zooming, and follows the pointer when moved", () => {
    const view = { centreX: 2, centreY: -1, scale: 20 };
    const at = { x: 90, y: 40, size, fit: view };
    const before = toPlane(view, size, at.x, at.y);
    const after = toPlane(zoomAt(view, 3, at), size, at.x, at.y);
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
    const moved = toScreen(panBy(view, 30, -10), size, before.x, before.y);
    expect(moved.x).toBeCloseTo(120, 9);
    expect(moved.y).toBeCloseTo(30, 9);
    expect(zoomAt(view, 1e9, at).scale).toBe(20 * 400);
    expect(zoomAt(view, 1e-9, at).scale).toBe(10);
  });

  it("turns pixels into places and back", () => {
    const view = { centreX: 2, centreY: -1, scale: 20 };
    const { left, top } = visibleBox(view, size);
    expect(toScreen(view, size, left, top)).toEqual({ x: 0, y: 0 });
  });
});

describe("the index of points", () => {
  it("finds the nearest and all in a box as looking at every point does", () => {
    fc.assert(
      fc.property(
        cloud,
        coordinate,
        coordinate,
        fc.double({ min: 0.1, max: 40, noNaN: true }),
        (points, x, y, r) => {
          const index = new PointIndex(points.flat());
          const distances = points.map(([a, b]) => (a - x) ** 2 + (b - y) ** 2);
          const least = Math.min(...distances);
          const found = index.nearest(x, y, r);
          if (least > r * r) expect(found).toBe(-1);
          else expect(distances[found]).toBe(least);
          const box = { left: x - r, right: x + r, bottom: y - r, top: y + r };
          const inBox = points.flatMap(([a, b], i) =>
            a >= box.left && a <= box.right && b >= box.bottom && b <= box.top ? [i] : [],
          );
          expect(index.within(box).sort((i, j) => i - j)).toEqual(inBox);
        },
      ),
    );
  });

  it("takes what is inside an outline and not what is in its dent", () => {
    const index = new PointIndex([1, 1, 5, 1, 3, 4, 9, 9]);
    const dented = [
      { x: 0, y: 0 },
      { x: 6, y: 0 },
      { x: 6, y: 5 },
      { x: 3, y: 2 }, // over point 2 at (3, 4)
      { x: 0, y: 5 },
    ];
    expect(index.inside(dented).sort()).toEqual([0, 1]);
    expect(index.inside([])).toEqual([]);
  });

  it("goes from point to point in a direction and stops at the end", () => {
    const index = new PointIndex([0, 0, 1, 0.2, 3, 0, 0, 2, -1, -5]);
    expect(index.towards(0, "right")).toBe(1);
    expect(index.towards(1, "right")).toBe(2);
    expect(index.towards(2, "right")).toBe(-1);
    expect(index.towards(0, "up")).toBe(3);
    expect(index.towards(0, "down")).toBe(4);
    expect(new PointIndex([1, 1]).towards(0, "left")).toBe(-1);
    expect(new PointIndex([1, 1, 1, 1]).towards(0, "left")).toBe(-1);
    expect(new PointIndex([]).nearest(0, 0, 10)).toBe(-1);
  });
});

describe("the painter of points", () => {
  const paint = (
    places: number[],
    images: number,
    order = [...Array(places.length / 2).keys()],
  ) => {
    const raster = { width: 40, height: 20, pixels: new Int32Array(800).fill(pixelOf("#ffffff")) };
    splat(raster, {
      ...{ places, order, images, radius: 3, opacity: 1 },
      view: { centreX: 0, centreY: 0, scale: 1 },
      codes: Uint8Array.from(places, (_, i) => i % 2),
      colours: Int32Array.of(pixelOf("#ff0000"), pixelOf("#0000ff")),
    });
    return (x: number, y: number) => (raster.pixels[y * 40 + x]! & 0xffffff).toString(16);
  };

  it("draws images square and texts round, in their colours, upwards", () => {
    const at = paint([-10, 4, 10, -4], 1);
    expect(at(10, 6)).toBe("ff"); // red, as ImageData has it: BGR
    expect(at(12, 8)).toBe("ff"); // the corner of a square
    expect(at(30, 14)).toBe("ff0000");
    expect(at(33, 17)).toBe("ffffff"); // no corner
  });

  it("lets the last cover the first and stays inside the picture", () => {
    const at = paint([0, 0, 0, 0], 2, [1, 0]);
    expect(at(20, 10)).toBe("ff");
    const edge = paint([-20, 10, 20, -10, 500, 0, -21, 11], 4);
    expect(edge(0, 0)).toBe("ff0000");
    expect(edge(20, 10)).toBe("ffffff");
  });
});

it("keeps labels that lie over none before them, and no more than asked for", () => {
  const kept = new Declutter(50, 3);
  const box = (x: number, y: number) => ({ x, y, width: 40, height: 10 });
  expect(kept.keep(box(0, 0))).toBe(true);
  expect(kept.keep(box(39, 5))).toBe(false);
  expect(kept.keep(box(41, 0))).toBe(true);
  expect(kept.keep(box(0, 11))).toBe(true);
  expect(kept.keep(box(500, 500))).toBe(false);
});
