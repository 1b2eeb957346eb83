import type { Matrix } from "../math/matrix";
import type { ImagePreprocessing } from "./encoder";

/** Part of a picture, in shares of its width and height; the part may reach beyond it. */
export interface PictureArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A number for every cell of a grid that lies over a picture. */
export interface PictureMap {
  readonly rows: number;
  readonly cols: number;
  /** [rows × cols], row-major. */
  readonly values: Float32Array<ArrayBuffer>;
  /** Where the grid lies on the picture: what the network saw of it. */
  readonly area: PictureArea;
}

/** How the parts of a picture are told apart. */
export type PartsMethod = "tokens" | "occlusion";

/** Raw embeddings of the parts of one picture. */
export interface PictureParts {
  readonly method: PartsMethod;
  /** The grid's cells; with tokens each has a vector. */
  readonly rows: number;
  readonly cols: number;
  /** Cells per side of a window, and windows per row; 1 and `cols` with tokens. */
  readonly window: number;
  /** The picture as it is: [1, D]. */
  readonly whole: Matrix;
  /** Of each patch, or of the picture with each window covered: [parts, D], row-major. */
  readonly parts: Matrix;
  readonly area: PictureArea;
}

/**
 * Where the square a network sees lies on the picture, to within a pixel of the network's.
 *
 * `squash`: all of it. `crop`: a square in its middle. `pad`: beyond its shorter edges.
 *
 * @param picture width and height in pixels, as decoded.
 */
export function seenArea(
  { fit, size, resize }: Pick<ImagePreprocessing, "fit" | "size" | "resize">,
  picture: { readonly width: number; readonly height: number },
): PictureArea {
  if (fit === "squash") return { left: 0, top: 0, width: 1, height: 1 };
  const { width, height } = picture;
  const side =
    fit === "crop"
      ? (Math.min(width, height) * size) / Math.max(resize ?? size, size)
      : Math.max(width, height);
  return {
    left: (1 - side / width) / 2,
    top: (1 - side / height) / 2,
    width: side / width,
    height: side / height,
  };
}

/**
 * What each cell is worth when windows of `window` × `window` cells were judged, at every place of
 * the grid: the mean over the windows that cover it.
 *
 * @param drops [(rows − window + 1) × (cols − window + 1)], row-major.
 * @returns [rows × cols]
 */
export function cellsOfWindows(
  drops: ArrayLike<number>,
  { rows, cols, window }: { readonly rows: number; readonly cols: number; readonly window: number },
): Float32Array<ArrayBuffer> {
  const sums = new Float32Array(rows * cols);
  const counts = new Uint32Array(rows * cols);
  const across = cols - window + 1;
  for (let at = 0; at < drops.length; at++) {
    for (const cell of cellsUnder(at, { across, cols, window })) {
      sums[cell] = sums[cell]! + drops[at]!;
      counts[cell] = counts[cell]! + 1;
    }
  }
  return sums.map((sum, cell) => sum / counts[cell]!);
}

function cellsUnder(
  at: number,
  { across, cols, window }: { across: number; cols: number; window: number },
): number[] {
  const [top, left] = [Math.floor(at / across), at % across];
  return Array.from(
    { length: window ** 2 },
    (_, i) => (top + Math.floor(i / window)) * cols + left + (i % window),
  );
}
