/** A rectangle on screen, by its middle. */
export interface ScreenBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Keeps boxes that lie over no box kept before, at most `most`; the first come first. */
export class Declutter {
  readonly #cells = new Map<string, ScreenBox[]>();
  readonly #cell: number;
  #left: number;

  /** @param cell about the size of a box. */
  constructor(cell: number, most: number) {
    this.#cell = cell;
    this.#left = most;
  }

  /** Whether the box was kept. */
  keep(box: ScreenBox): boolean {
    if (this.#left <= 0) return false;
    const keys = this.#keysOf(box);
    if (keys.some((key) => this.#cells.get(key)?.some((other) => overlaps(box, other)))) {
      return false;
    }
    for (const key of keys) {
      const known = this.#cells.get(key);
      if (known) known.push(box);
      else this.#cells.set(key, [box]);
    }
    this.#left--;
    return true;
  }

  #keysOf({ x, y, width, height }: ScreenBox): string[] {
    const keys: string[] = [];
    const cell = (value: number) => Math.floor(value / this.#cell);
    for (let r = cell(y - height / 2); r <= cell(y + height / 2); r++) {
      for (let c = cell(x - width / 2); c <= cell(x + width / 2); c++) keys.push(`${c} ${r}`);
    }
    return keys;
  }
}

function overlaps(a: ScreenBox, b: ScreenBox): boolean {
  return (
    Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height
  );
}
