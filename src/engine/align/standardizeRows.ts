const EPSILON = 1e-5; // PyTorch's LayerNorm

/**
 * Rows with mean 0 and variance 1, in place: (x − mean) / √(variance + 1e-5), the part of a
 * LayerNorm that has no parameters. On the CPU because its input never needs a gradient.
 *
 * @param data [B, width] row-major.
 */
export function standardizeRows(data: Float32Array, width: number): void {
  for (let start = 0; start < data.length; start += width) {
    let sum = 0;
    for (let d = start; d < start + width; d++) sum += data[d]!;
    const mean = sum / width;
    let squares = 0;
    for (let d = start; d < start + width; d++) squares += (data[d]! - mean) ** 2;
    const scale = 1 / Math.sqrt(squares / width + EPSILON);
    for (let d = start; d < start + width; d++) data[d] = (data[d]! - mean) * scale;
  }
}
