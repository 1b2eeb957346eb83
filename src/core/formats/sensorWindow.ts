import { AppError } from "../errors";
import { matrix, type Matrix } from "../math/matrix";
import { decodeElements } from "./arrayElements";
import { readNpyHeader, writeNpy } from "./npy";

/** What a stored window is served as. */
export const WINDOW_TYPE = "application/x-npy";

/** The file a window is kept as: npy, float32, [channels, readings]. */
export function writeWindow({ data, rows, cols }: Matrix): Uint8Array<ArrayBuffer> {
  return writeNpy(data, [rows, cols]);
}

/**
 * A stored window, one row per channel: [channels, readings].
 *
 * @param name of the file, for messages.
 * @throws AppError `encoder/input`: no npy of float32 [channels, readings].
 */
export function readWindow(bytes: Uint8Array, name: string): Matrix {
  try {
    const { shape, type, offset, isFortran, littleEndian } = readNpyHeader(
      bytes,
      bytes.length,
      name,
    );
    const [channels = 0, readings = 0] = shape;
    if (shape.length !== 2 || type !== "f4" || isFortran || channels * readings === 0) {
      const found = `${isFortran ? "Fortran-ordered " : ""}${type} [${shape.join(", ")}]`;
      throw new AppError("encoder/input", `${name}: ${found} is not f4 [channels, readings]`);
    }
    const data = bytes.subarray(offset, offset + channels * readings * 4);
    return matrix(channels, readings, decodeElements(data, type, littleEndian));
  } catch (thrown) {
    const error = AppError.from(thrown);
    if (error.code === "encoder/input") throw error;
    throw new AppError("encoder/input", error.detail, { cause: thrown });
  }
}
