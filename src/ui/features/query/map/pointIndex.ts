import { permutation, rng } from "../../../../core/math/rng";
import { boundsOf, type Box } from "./mapView";

const PER_CELL = 4;

/** A corner of a drawn outline, in the plane. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

export type Direction = "left" | "right" | "up" | "down";

/** Points of the plane in a grid of cells, so that what is near a place is found without looking at all. */
export class PointIndex {
  readonly places: ArrayLike<number>;
  readonly bounds: Box;
  readonly #side: number;
  /**
   * Every point once, cell by cell and in random order within a cell: painted so, neither side covers
   * the other, and what is written to memory one after the other lies close together.
   */
  readonly order: Uint32Array;
  /** Points of cell c are `order[#starts[c]]` to `order[#starts[c + 1] - 1]`. */
  readonly #starts: Uint32Array;

  /** @param places [n, 2] finite. Costs O(n). */
  constructor(places: ArrayLike<number>) {
    const count = places.length / 2;
    this.places = places;
    this.bounds = boundsOf(places);
    this.#side = Math.max(1, Math.ceil(Math.sqrt(count / PER_CELL)));
    this.#starts = new Uint32Array(this.#side * this.#side + 1);
    this.order = new Uint32Array(count);
    const cells = Uint32Array.from({ length: count }, (_, i) =>
      this.#cell(this.#column(places[2 * i]!), this.#row(places[2 * i + 1]!)),
    );
    for (const cell of cells) this.#starts[cell + 1]!++;
    for (let c = 0; c + 1 < this.#starts.length; c++) this.#starts[c + 1]! += this.#starts[c]!;
    const next = this.#starts.slice();
    for (const i of permutation(count, rng(1))) this.order[next[cells[i]!]!++] = i;
  }

  /** The nearest point within `radius`, or -1. */
  nearest(x: number, y: number, radius: number): number {
    let best = -1;
    let least = radius * radius;
    this.#visit(
      { left: x - radius, right: x + radius, bottom: y - radius, top: y + radius },
      (i) => {
        const squared = (this.places[2 * i]! - x) ** 2 + (this.places[2 * i + 1]! - y) ** 2;
        if (squared > least || (squared === least && best >= 0)) return;
        least = squared;
        best = i;
      },
    );
    return best;
  }

  /** Points in a box, its edges included. */
  within(box: Box): number[] {
    const found: number[] = [];
    this.#visit(box, (i) => {
      const x = this.places[2 * i]!;
      const y = this.places[2 * i + 1]!;
      if (x >= box.left && x <= box.right && y >= box.bottom && y <= box.top) found.push(i);
    });
    return found;
  }

  /** Points inside an outline, even-odd where it crosses itself. */
  inside(outline: readonly PlanePoint[]): number[] {
    const box = boundsOf(outline.flatMap(({ x, y }) => [x, y]));
    return this.within(box).filter((i) =>
      isInside(outline, this.places[2 * i]!, this.places[2 * i + 1]!),
    );
  }

  /** The nearest point in a direction, within 45° of it where there is one; -1 at the end. */
  towards(from: number, direction: Direction): number {
    const [dx, dy] = STEPS[direction];
    const x = this.places[2 * from]!;
    const y = this.places[2 * from + 1]!;
    const { left, right, bottom, top } = this.bounds;
    const whole = Math.max(right - left, top - bottom);
    for (let reach = whole / this.#side; reach > 0; reach *= 2) {
      const box = { left: x - reach, right: x + reach, bottom: y - reach, top: y + reach };
      let best = -1;
      let least = Infinity;
      for (const i of this.within(box)) {
        const along = (this.places[2 * i]! - x) * dx + (this.places[2 * i + 1]! - y) * dy;
        const across = Math.abs(
          (this.places[2 * i]! - x) * dy + (this.places[2 * i + 1]! - y) * dx,
        );
        if (i === from || along <= 0 || across > along) continue;
        const cost = along + across;
        if (cost < least) [best, least] = [i, cost];
      }
      if (best >= 0) return best;
      if (reach > 2 * whole) return -1;
    }
    return -1;
  }

  #visit({ left, right, bottom, top }: Box, visit: (point: number) => void): void {
    const columns = [this.#column(left), this.#column(right)] as const;
    for (let r = this.#row(bottom); r <= this.#row(top); r++) {
      for (let c = columns[0]; c <= columns[1]; c++) {
        const cell = this.#cell(c, r);
        const end = this.#starts[cell + 1]!;
        for (let p = this.#starts[cell]!; p < end; p++) visit(this.order[p]!);
      }
    }
  }

  #column(x: number): number {
    return this.#slot(x, this.bounds.left, this.bounds.right);
  }

  #row(y: number): number {
    return this.#slot(y, this.bounds.bottom, this.bounds.top);
  }

  #slot(value: number, low: number, high: number): number {
    const slot = Math.floor(((value - low) / (high - low)) * this.#side);
    return Math.min(this.#side - 1, Math.max(0, slot || 0)); // 0/0: all points on one line
  }

  #cell(column: number, row: number): number {
    return row * this.#side + column;
  }
}

const STEPS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, 1],
  down: [0, -1],
};

function isInside(outline: readonly PlanePoint[], x: number, y: number): boolean {
  let inside = false;
  let before = outline.at(-1);
  for (const corner of outline) {
    if (before && corner.y > y !== before.y > y) {
      const crossing = corner.x + ((y - corner.y) / (before.y - corner.y)) * (before.x - corner.x);
      if (x < crossing) inside = !inside;
    }
    before = corner;
  }
  return inside;
}
