import type { Complex, FourierTransform } from "../math/fft";
import type { Matrix } from "../math/matrix";

/** Which rows of a matrix are transformed: `count` from `start` on, zeros where it has none. */
export interface Rows {
  readonly start: number;
  readonly count: number;
}

/** Spectra of real columns, from frequency 0 to half the length: bin w of column c at c · bins + w. */
export interface HalfSpectra {
  readonly bins: number;
  readonly re: Float32Array | Float64Array;
  readonly im: Float32Array | Float64Array;
}

/**
 * Two columns of a matrix as one complex signal x_column + i x_(column + 1), transformed: one
 * transform for two columns. A column beyond the last is zeros.
 *
 * @param into overwritten, of the transform's size.
 */
export function transformPair(
  { data, rows, cols }: Matrix,
  column: number,
  { start, count }: Rows,
  { fourier, into }: { readonly fourier: FourierTransform; readonly into: Complex },
): void {
  into.re.fill(0);
  into.im.fill(0);
  const isPair = column + 1 < cols;
  const end = Math.min(rows - start, count);
  for (let i = Math.max(0, -start); i < end; i++) {
    const at = (start + i) * cols + column;
    into.re[i] = data[at]!;
    if (isPair) into.im[i] = data[at + 1]!;
  }
  fourier.transform(into);
}

/** The spectra of all columns over some rows, written into `out`: [cols, bins]. */
export function halfSpectra(
  m: Matrix,
  rows: Rows,
  work: { readonly fourier: FourierTransform; readonly into: Complex },
  out: HalfSpectra,
): void {
  for (let column = 0; column < m.cols; column += 2) {
    transformPair(m, column, rows, work);
    split(work.into, column, column + 1 < m.cols, out);
  }
}

/** Parts the transform of x + i y into those of x and of y, by X_(−w) = conj X_w. */
function split({ re, im }: Complex, column: number, isPair: boolean, out: HalfSpectra): void {
  const size = re.length;
  for (let w = 0; w < out.bins; w++) {
    const v = w === 0 ? 0 : size - w;
    const at = column * out.bins + w;
    out.re[at] = (re[w]! + re[v]!) / 2;
    out.im[at] = (im[w]! - im[v]!) / 2;
    if (!isPair) continue;
    out.re[at + out.bins] = (im[w]! + im[v]!) / 2;
    out.im[at + out.bins] = (re[v]! - re[w]!) / 2;
  }
}

/** A half spectrum by place: its bins from `start` on. */
export interface HalfSpectrum {
  readonly re: ArrayLike<number>;
  readonly im: ArrayLike<number>;
  readonly start: number;
}

/**
 * The real signals of one or two half spectra, N times too large: the first lands in `into.im`, the
 * second in `into.re`.
 */
export function signalsOf(
  first: HalfSpectrum,
  second: HalfSpectrum | null,
  { fourier, into }: { readonly fourier: FourierTransform; readonly into: Complex },
): void {
  const { size } = fourier;
  // Exchanging real and imaginary parts turns the transform into its inverse.
  const { re: im, im: re } = into;
  for (let w = 0; 2 * w <= size; w++) {
    const v = w === 0 ? 0 : size - w;
    const [a, b] = [first.re[first.start + w]!, first.im[first.start + w]!];
    const c = second ? second.re[second.start + w]! : 0;
    const d = second ? second.im[second.start + w]! : 0;
    re[v] = a + d; // conj first + i conj second
    im[v] = c - b;
    re[w] = a - d;
    im[w] = b + c;
  }
  fourier.transform(into);
}
