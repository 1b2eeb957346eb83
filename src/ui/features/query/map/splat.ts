import type { MapSize, MapView } from "./mapView";

/** Pixels of a picture as `ImageData` has them, one number each. */
export interface Raster extends MapSize {
  /** [height, width] 0xAABBGGRR; signed, because opaque pixels would else not be small integers. */
  readonly pixels: Int32Array;
}

/** What is drawn for one kind of point: pixels around it and how much each is covered. */
interface Stamp {
  readonly dx: Int8Array;
  readonly dy: Int8Array;
  /** 0 to 128: a colour times it still is a 32-bit integer. */
  readonly cover: Uint8Array;
  readonly reach: number;
}

interface SplatOptions {
  /** [n, 2] */
  readonly places: ArrayLike<number>;
  /** In pixels of the raster. */
  readonly view: MapView;
  /** Which points, the last on top. */
  readonly order: ArrayLike<number>;
  /** [n] colour of each point, as an index into `colours`. */
  readonly codes: Uint8Array;
  /** As `Raster.pixels`. */
  readonly colours: Int32Array;
  /** Points before this one are images, drawn square; the others texts, drawn round. */
  readonly images: number;
  /** Half the size of a point, in pixels. */
  readonly radius: number;
  /** 0 to 1; less than 1 lets crowds show as such. */
  readonly opacity: number;
}

/**
 * Draws points into a raster: images as squares, texts as discs, with soft edges. 100,000 points of
 * radius 2 take a few milliseconds (docs/map.md), where a canvas path each takes hundreds.
 */
export function splat(raster: Raster, options: SplatOptions): void {
  const { places, view, order, codes, colours, images, radius, opacity } = options;
  const { width, height } = raster;
  const square = stampOf("square", radius, opacity);
  const disc = stampOf("disc", radius, opacity);
  const x0 = width / 2 - view.centreX * view.scale;
  const y0 = height / 2 + view.centreY * view.scale;
  for (let o = 0; o < order.length; o++) {
    const point = order[o]!;
    const x = Math.floor(x0 + places[2 * point]! * view.scale + 0.5);
    const y = Math.floor(y0 - places[2 * point + 1]! * view.scale + 0.5);
    const stamp = point < images ? square : disc;
    const { reach } = stamp;
    if (x < -reach || y < -reach || x >= width + reach || y >= height + reach) continue;
    const colour = colours[codes[point]!]!;
    if (x < reach || y < reach || x >= width - reach || y >= height - reach) {
      putClipped(raster, stamp, { x, y, colour });
    } else {
      put(raster.pixels, stamp, y * width + x, { width, colour });
    }
  }
}

/** A CSS hex colour, `#rrggbb`, as a pixel. */
export function pixelOf(hex: string): number {
  const rgb = Number.parseInt(hex.slice(1, 7), 16);
  return 0xff000000 | ((rgb & 0xff) << 16) | (rgb & 0xff00) | (rgb >> 16);
}

function put(
  pixels: Int32Array,
  { dx, dy, cover }: Stamp,
  at: number,
  { width, colour }: { readonly width: number; readonly colour: number },
): void {
  for (let p = 0; p < cover.length; p++) {
    const k = at + dy[p]! * width + dx[p]!;
    pixels[k] = mix(pixels[k]!, colour, cover[p]!);
  }
}

function putClipped(
  { pixels, width, height }: Raster,
  { dx, dy, cover }: Stamp,
  at: { readonly x: number; readonly y: number; readonly colour: number },
): void {
  for (let p = 0; p < cover.length; p++) {
    const x = at.x + dx[p]!;
    const y = at.y + dy[p]!;
    if (x < 0 || y < 0 || x >= width || y >= height) continue;
    pixels[y * width + x] = mix(pixels[y * width + x]!, at.colour, cover[p]!);
  }
}

/** `under` covered by `over` to `cover`/128, red and blue in one multiplication. */
function mix(under: number, over: number, cover: number): number {
  const left = 128 - cover;
  const redBlue = Math.imul(under & 0xff00ff, left) + Math.imul(over & 0xff00ff, cover);
  const green = Math.imul(under & 0xff00, left) + Math.imul(over & 0xff00, cover);
  return 0xff000000 | ((redBlue >>> 7) & 0xff00ff) | ((green >>> 7) & 0xff00);
}

function stampOf(shape: "square" | "disc", radius: number, opacity: number): Stamp {
  const half = shape === "square" ? radius * 0.886 : radius; // √π / 2: equal areas
  const reach = Math.ceil(half + 0.5);
  const found: { x: number; y: number; cover: number }[] = [];
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const edge = shape === "square" ? Math.max(Math.abs(x), Math.abs(y)) : Math.hypot(x, y);
      const share = Math.min(1, Math.max(0, half + 0.5 - edge)) * opacity;
      if (share > 0.02) found.push({ x, y, cover: Math.round(share * 128) });
    }
  }
  return {
    dx: Int8Array.from(found, ({ x }) => x),
    dy: Int8Array.from(found, ({ y }) => y),
    cover: Uint8Array.from(found, ({ cover }) => cover),
    reach,
  };
}
