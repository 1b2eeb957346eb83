import { AppError } from "../../../core/errors";
import { row, type Matrix } from "../../../core/math/matrix";
import { byteDotsModule, ROWS_AT_ONCE, WIDTH_STEP, type ByteDots } from "./byteDots";
import { freeMemory, takeMemory } from "./scanMemory";

const LARGEST_CODE = 127;
const LARGEST_SHORT = 32_767;
const SUM_LIMIT = 2 ** 31 - 1; // of a 32-bit sum
const ROUNDING = 1e-9; // of ‖row‖·‖query‖; float64 sums over fewer than 10⁶ values stay below it
const ROWS_PER_BREATH = 2_048; // about 10 ms at a width of 512
const TO_WHOLE = 1.5 * 2 ** 52; // float64 above it are whole: adding it rounds, 5 times Math.round

/** Dot products with every row, each wrong by at most `slack + tolerance[row]·length`. */
export interface ApproximateScores {
  /** [rows] Multiply by `factor` and by the row's `scales` to get the product. */
  readonly dots: Int32Array;
  readonly factor: number;
  /** ‖query‖ */
  readonly length: number;
  readonly slack: number;
}

/**
 * A gallery's rows as bytes in WebAssembly memory, a quarter of their size, for the first pass of an
 * exact search.
 *
 *   x = scale · code + e,  ‖e‖ = tolerance
 *   |x·q − scale · factor · (code · q′)| ≤ ‖e‖·‖q‖ + (‖x‖ + ‖e‖)·‖q − factor · q′‖
 *
 * by Cauchy and Schwarz, with q′ the query in 16-bit integers. All of it is computed in float64;
 * rounding is covered by 10⁻⁹·‖x‖·‖q‖. A row with NaN or infinity has an infinite tolerance.
 */
export class QuantizedRows {
  readonly rows: number;
  /** [rows] */
  readonly scales: Float64Array;
  /** [rows] ‖e‖ */
  readonly tolerances: Float64Array;
  readonly #width: number;
  readonly #longest: number;
  readonly #kernel: ByteDots;
  #memory: WebAssembly.Memory | null;

  private constructor(
    { rows, cols }: Matrix,
    memory: WebAssembly.Memory,
    { module, scales, tolerances, longest }: Filled & { readonly module: Uint8Array<ArrayBuffer> },
  ) {
    this.rows = rows;
    this.scales = scales;
    this.tolerances = tolerances;
    this.#width = cols;
    this.#longest = longest;
    this.#memory = memory;
    const compiled = new WebAssembly.Module(module); // half a kilobyte
    const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
    this.#kernel = exports as unknown as ByteDots; // what `byteDotsModule` defines
  }

  /**
   * Null where WebAssembly has no SIMD or no memory is left for [rows, cols] bytes.
   *
   * @param breathe awaited every 2,048 rows.
   */
  static async of(
    gallery: Matrix,
    breathe: () => Promise<void> = () => Promise.resolve(),
  ): Promise<QuantizedRows | null> {
    const module = byteDotsModule();
    if (!WebAssembly.validate(module)) return null;
    const memory = takeMemory(layoutOf(gallery).bytes);
    if (!memory) return null;
    try {
      const codes = new Int8Array(memory.buffer);
      return new QuantizedRows(gallery, memory, {
        module,
        ...(await fill(codes, gallery, breathe)),
      });
    } catch (thrown) {
      freeMemory(memory);
      throw thrown;
    }
  }

  /** @param query [cols], finite. */
  approximate(query: Float32Array): ApproximateScores {
    const memory = this.#memory;
    if (!memory) throw new AppError("internal", "released rows");
    const { stride, query: at, out, padded } = layoutOf({ rows: this.rows, cols: this.#width });
    const shorts = new Int16Array(memory.buffer, at, stride).fill(0);
    const most = Math.min(LARGEST_SHORT, Math.floor(SUM_LIMIT / (LARGEST_CODE * stride)));
    const { scale, length, tolerance } = quantize(query, shorts, most);
    this.#kernel.dots(0, at, out, padded, stride);
    return {
      dots: new Int32Array(memory.buffer, out, this.rows),
      factor: scale,
      length,
      slack: 2 * this.#longest * tolerance + ROUNDING * this.#longest * length,
    };
  }

  /** Gives the memory to the next gallery. */
  release(): void {
    if (this.#memory) freeMemory(this.#memory);
    this.#memory = null;
  }
}

interface Filled {
  readonly scales: Float64Array;
  readonly tolerances: Float64Array;
  /** The largest ‖x‖ that is finite. */
  readonly longest: number;
}

async function fill(
  codes: Int8Array,
  gallery: Matrix,
  breathe: () => Promise<void>,
): Promise<Filled> {
  const scales = new Float64Array(gallery.rows);
  const tolerances = new Float64Array(gallery.rows);
  const { stride } = layoutOf(gallery);
  let longest = 0;
  for (let r = 0; r < gallery.rows; r++) {
    if (r % ROWS_PER_BREATH === ROWS_PER_BREATH - 1) await breathe();
    const target = codes.subarray(r * stride, (r + 1) * stride);
    const { scale, length, tolerance } = quantize(row(gallery, r), target, LARGEST_CODE);
    scales[r] = scale;
    tolerances[r] = tolerance;
    if (length > longest) longest = length;
  }
  return { scales, tolerances, longest };
}

/** Where things are in memory, and how large it must be: rows, query, products. */
function layoutOf({ rows, cols }: { readonly rows: number; readonly cols: number }) {
  const stride = Math.ceil(cols / WIDTH_STEP) * WIDTH_STEP;
  const padded = Math.ceil(rows / ROWS_AT_ONCE) * ROWS_AT_ONCE;
  const query = padded * stride;
  const out = query + 2 * stride;
  return { stride, padded, query, out, bytes: out + 4 * padded };
}

/** Nearest whole multiples of max |value| / most, and how far off they are together. */
function quantize(values: Float32Array, codes: Int8Array | Int16Array, most: number) {
  let largest = 0;
  let squares = 0;
  for (let d = 0; d < values.length; d++) {
    const value = values[d]!;
    const size = Math.abs(value);
    if (size > largest) largest = size;
    squares += value * value;
  }
  const scale = largest / most;
  const steps = 1 / scale;
  if (!(squares < Infinity && steps < Infinity)) {
    codes.fill(0); // zeros only, or NaN and infinity, which no code stands for
    const isFinite = squares < Infinity;
    const length = isFinite ? Math.sqrt(squares) : 0;
    return { scale: 0, length, tolerance: isFinite ? length : Infinity };
  }
  let error = 0;
  for (let d = 0; d < values.length; d++) {
    const code = values[d]! * steps + TO_WHOLE - TO_WHOLE;
    codes[d] = code;
    const off = values[d]! - scale * code;
    error += off * off;
  }
  return { scale, length: Math.sqrt(squares), tolerance: Math.sqrt(error) };
}
