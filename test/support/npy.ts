import { matrix, type Matrix } from "../../src/core/math/matrix";

/** The matrix in a float32, C-ordered .npy file. Throws on any other. */
export function readNpy(bytes: Uint8Array): Matrix {
  const headerSize = bytes[8]! + 256 * bytes[9]!;
  const header = new TextDecoder("latin1").decode(bytes.subarray(10, 10 + headerSize));
  const shape = /'<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(header);
  if (bytes[6] !== 1 || !shape) throw new Error(`unexpected .npy header: ${header}`);
  const rows = Number(shape[1]);
  const cols = Number(shape[2]);
  return matrix(
    rows,
    cols,
    new Float32Array(Uint8Array.from(bytes.subarray(10 + headerSize)).buffer),
  );
}
