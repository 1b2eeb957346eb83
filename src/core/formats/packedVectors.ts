import { AppError } from "../errors";
import { matrix, type Matrix } from "../math/matrix";

const LARGEST = 32_767;

/**
 * Vectors as 16-bit integers with a float32 scale for each row: half the size of float32.
 *
 * An element is off by at most 1/65,534 of the largest in its row, ten times less than float16 is
 * for unit vectors, and lengths that count (CSA) keep theirs.
 *
 * @param m [N, P], finite.
 * @returns [N] float32 scales, then [N, P] int16; little-endian.
 * @throws AppError `data/non-finite`.
 */
export function packVectors({ data, rows, cols }: Matrix): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(rows * (4 + 2 * cols));
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < rows; i++) {
    let most = 0;
    for (let d = 0; d < cols; d++) {
      const value = Math.abs(data[i * cols + d]!);
      if (!Number.isFinite(value)) throw new AppError("data/non-finite", `projected picture ${i}`);
      most = Math.max(most, value);
    }
    const scale = Math.fround(most / LARGEST);
    view.setFloat32(4 * i, scale, true);
    for (let d = 0; d < cols; d++) {
      const at = i * cols + d;
      // A scale that was rounded down could ask for one step more than there is.
      const steps = scale > 0 ? Math.round(data[at]! / scale) : 0;
      view.setInt16(4 * rows + 2 * at, Math.min(LARGEST, Math.max(-LARGEST, steps)), true);
    }
  }
  return bytes;
}

/** What `packVectors` packed: [rows, cols]. @throws AppError `data/shape`. */
export function unpackVectors(bytes: Uint8Array, rows: number, cols: number): Matrix {
  if (bytes.length !== rows * (4 + 2 * cols)) {
    throw new AppError("data/shape", `${bytes.length} bytes for [${rows}, ${cols}]`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = matrix(rows, cols);
  for (let i = 0; i < rows; i++) {
    const scale = view.getFloat32(4 * i, true);
    for (let at = i * cols; at < (i + 1) * cols; at++) {
      out.data[at] = view.getInt16(4 * rows + 2 * at, true) * scale;
    }
  }
  return out;
}
