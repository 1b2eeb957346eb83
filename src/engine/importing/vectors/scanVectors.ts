import { rng } from "../../../core/math/rng";
import { sha256 } from "../../sha256";
import type { VectorArray } from "./vectorArray";

/** Rows read and stored at a time: 1,024 × 768 float32 are 3 MB, one IndexedDB write. */
export const BLOCK_ROWS = 1024;

/** What one pass over an array found. */
export interface Scan {
  /** Names the numbers of the whole array: SHA-256 over the digests of its blocks. */
  readonly digest: string;
  /** [rows] 1 where every number is finite. */
  readonly finite: Uint8Array<ArrayBuffer>;
  /** [rows] 1 where every number is zero. */
  readonly zero: Uint8Array<ArrayBuffer>;
  /** SHA-256 of a row's float32 numbers, where it was asked for. */
  readonly rowDigests: ReadonlyMap<number, string>;
  /** About the cosine of two rows, good enough to tell the same from another. */
  cosine(a: number, b: number): number;
}

interface ScanOptions {
  /** Rows whose digest is needed. */
  readonly wanted: (row: number) => boolean;
  /** Rows whose cosine to another one will be asked for. */
  readonly compared: (row: number) => boolean;
  readonly signal: AbortSignal;
  /** Called with the number of rows that were looked at since the last call. */
  readonly onRows: (rows: number) => void;
}

/** Numbers kept of each row: its length-1 direction along so many random ones. */
const SKETCH = 16;

/**
 * Reads every row once: what is broken, what the numbers are named, and a sketch of each row.
 *
 * The cosine of two rows is estimated as 1 - |Δ|² / 2 from `SKETCH` random projections
 * (Johnson-Lindenstrauss), whose standard error at an angle of 90° is 0.35.
 */
export async function scanVectors(
  array: VectorArray,
  { wanted, compared, signal, onRows }: ScanOptions,
): Promise<Scan> {
  const { rows, width } = array;
  const finite = new Uint8Array(rows);
  const zero = new Uint8Array(rows);
  const rowDigests = new Map<number, string>();
  const directions = randomDirections(width);
  const sketches = new Map<number, Float32Array>();
  const blocks: string[] = [];
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    signal.throwIfAborted();
    const block = await array.read(start, Math.min(rows, start + BLOCK_ROWS), signal);
    blocks.push(await sha256(bytesOf(block.data)));
    const asked: Promise<void>[] = [];
    for (let i = 0; i < block.rows; i++) {
      const values = block.data.subarray(i * width, (i + 1) * width);
      const length = norm(values);
      finite[start + i] = Number(Number.isFinite(length));
      zero[start + i] = Number(length === 0);
      if (compared(start + i)) sketches.set(start + i, sketch(values, length, directions));
      if (!wanted(start + i)) continue;
      asked.push(sha256(bytesOf(values)).then((digest) => void rowDigests.set(start + i, digest)));
    }
    await Promise.all(asked);
    onRows(block.rows);
  }
  return {
    digest: await sha256(`${width}\n${blocks.join("\n")}`),
    ...{ finite, zero, rowDigests },
    cosine: (a, b) => sketchedCosine(sketches, a, b),
  };
}

/** Euclidean length in float64; NaN or infinity where a number is. */
function norm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

function randomDirections(width: number): Float32Array {
  const random = rng(1);
  // ±1 with equal chance serves as well as a normal distribution (Achlioptas 2003, theorem 1.1).
  return Float32Array.from({ length: SKETCH * width }, () => (random() < 0.5 ? -1 : 1));
}

function sketch(values: Float32Array, length: number, directions: Float32Array): Float32Array {
  const out = new Float32Array(SKETCH);
  const scale = 1 / (length || 1);
  for (let k = 0; k < SKETCH; k++) {
    let sum = 0;
    const from = k * values.length;
    for (let d = 0; d < values.length; d++) sum += values[d]! * directions[from + d]!;
    out[k] = sum * scale;
  }
  return out;
}

/** 1 where a row was not sketched: nothing speaks against it. */
function sketchedCosine(sketches: ReadonlyMap<number, Float32Array>, a: number, b: number): number {
  const [first, second] = [sketches.get(a), sketches.get(b)];
  if (!first || !second) return 1;
  const sum = first.reduce((total, value, k) => total + (value - second[k]!) ** 2, 0);
  return Math.max(-1, 1 - sum / SKETCH / 2);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array<ArrayBuffer>) {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
