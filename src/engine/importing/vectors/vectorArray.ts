import type { VectorShape } from "../../../core/domain/dataset";
import { AppError } from "../../../core/errors";
import { matrix, type Matrix } from "../../../core/math/matrix";

/** An array of embeddings, read a few rows at a time: it may be larger than memory. */
export interface VectorArray extends VectorShape {
  /** How the number format is called where it comes from: `float16`. */
  readonly format: string;
  /** Files it lies in, in order of its rows. */
  readonly files: readonly string[];
  /**
   * Rows `start` to `end` (exclusive) as float32: [end - start, width].
   *
   * @throws AppError `import/embeddings`, `import/archive`.
   */
  read(start: number, end: number, signal: AbortSignal): Promise<Matrix>;
}

/**
 * Several arrays as one: the rows of each after those of the one before.
 *
 * @param parts at least one.
 * @throws AppError `import/embeddings` when their widths differ.
 */
export function joinVectors(parts: readonly VectorArray[]): VectorArray {
  const [first] = parts;
  if (!first) throw new AppError("internal", "no arrays to join");
  if (parts.length === 1) return first;
  const starts: number[] = [];
  let rows = 0;
  for (const part of parts) {
    if (part.width !== first.width) {
      const [a, b] = [first, part].map(({ files, width }) => `${files[0]} is ${width} wide`);
      throw new AppError("import/embeddings", `${a}, ${b}`);
    }
    starts.push(rows);
    rows += part.rows;
  }
  return {
    ...first,
    rows,
    files: parts.flatMap(({ files }) => files),
    async read(start, end, signal) {
      const out = matrix(end - start, first.width);
      for (const [i, part] of parts.entries()) {
        const from = Math.max(start, starts[i]!);
        const to = Math.min(end, starts[i]! + part.rows);
        if (from >= to) continue;
        const rows = await part.read(from - starts[i]!, to - starts[i]!, signal);
        out.data.set(rows.data, (from - start) * first.width);
      }
      return out;
    },
  };
}
