import { complex, fourierTransform, type Complex, type FourierTransform } from "../math/fft";
import type { Matrix } from "../math/matrix";
import type { Rng } from "../math/rng";
import { halfSpectra, signalsOf, type HalfSpectra, type Rows } from "./columnSpectra";
import { blockSize } from "./laggedProducts";
import { drawPhases, ringOf, type CentredStreams } from "./phaseSurrogates";

/**
 * The largest score over all offsets, of x with `count` surrogates of y as in `unrelatedDots`:
 *
 *   scale · ( |C|² − Σ |x_t|² |y_(t+lag)|² ) / (n (n − 3)),  C = Σ_t x_tᵀ y_(t+lag)
 *
 * with the second sum, the diagonal that unbiased CKA leaves out, at what it is for items that are
 * tied to nothing. Where time is long against the offsets, neighbouring frequencies are added before
 * the transform back: each has a phase of its own, so that changes no sum's spread, and neighbours
 * turn alike at all offsets. Yields shares done.
 */
export function* unrelatedProducts(
  streams: CentredStreams,
  count: number,
  random: Rng,
): Generator<number, number[]> {
  const { x, y, most } = streams;
  const { fourier, rows, perRing } = ringOf(streams);
  const [ofX, ofY] = [spectraOf(x, rows, fourier), spectraOf(y, rows, fourier)];
  const fold = foldingOf(fourier, most);
  const folded = { bins: fold.bins, ...complex(y.cols * fold.bins) };
  const work = { fourier: fold.transform, into: complex(fold.transform.size) };
  const largest: number[] = [];
  for (let s = 0; s < count; s++) {
    const turned = rotatedAll(ofY, drawPhases(fourier.size, random));
    const squares = new Float64Array(2 * most + 1);
    for (let i = 0; i < x.cols; i++) {
      yield (s + i / x.cols) / count;
      foldProducts(ofX, i, turned, { fold, folded });
      addSquares(folded, work, squares);
    }
    const perPair = squares.map((square) => square / (perRing * fourier.size ** 2));
    largest.push(largestScore(perPair, streams));
  }
  return largest;
}

function spectraOf(m: Matrix, rows: Rows, fourier: FourierTransform): HalfSpectra {
  const bins = Math.floor(fourier.size / 2) + 1;
  const out = { bins, re: new Float32Array(m.cols * bins), im: new Float32Array(m.cols * bins) };
  halfSpectra(m, rows, { fourier, into: complex(fourier.size) }, out);
  return out;
}

/** Frequencies of a long transform by those of a short one that reaches as far as the offsets. */
interface Folding {
  readonly transform: FourierTransform;
  readonly bins: number;
  /** The short one's frequency for each of the long one's; null: they are the same. */
  readonly places: Uint32Array | null;
}

function foldingOf(fourier: FourierTransform, most: number): Folding {
  const [long, short] = [fourier.size, blockSize(most)];
  const bins = (size: number) => Math.floor(size / 2) + 1;
  if (long <= short) return { transform: fourier, bins: bins(long), places: null };
  const places = Uint32Array.from({ length: bins(long) }, (_, w) =>
    Math.min(bins(short) - 1, Math.round((w * short) / long)),
  );
  return { transform: fourierTransform(short), bins: bins(short), places };
}

/** All spectra under the same phases. */
function rotatedAll({ bins, re, im }: HalfSpectra, phases: Complex): HalfSpectra {
  const out = { bins, re: new Float32Array(re.length), im: new Float32Array(im.length) };
  for (let at = 0; at < re.length; at++) {
    const [p, q] = [phases.re[at % bins]!, phases.im[at % bins]!];
    out.re[at] = re[at]! * p - im[at]! * q;
    out.im[at] = re[at]! * q + im[at]! * p;
  }
  return out;
}

interface Folded {
  readonly fold: Folding;
  /** [Q, bins], overwritten. */
  readonly folded: HalfSpectra;
}

/** conj(x_i) · y_j of every column j, folded. */
function foldProducts(x: HalfSpectra, i: number, y: HalfSpectra, { fold, folded }: Folded): void {
  const { places, bins } = fold;
  folded.re.fill(0);
  folded.im.fill(0);
  for (let j = 0; j < folded.re.length / bins; j++) {
    for (let w = 0; w < x.bins; w++) {
      const [a, b] = [i * x.bins + w, j * y.bins + w];
      const at = j * bins + (places === null ? w : places[w]!);
      folded.re[at] = folded.re[at]! + x.re[a]! * y.re[b]! + x.im[a]! * y.im[b]!;
      folded.im[at] = folded.im[at]! + x.re[a]! * y.im[b]! - x.im[a]! * y.re[b]!;
    }
    if (places === null) continue;
    // Half of what is around these two frequencies is the mirror image of the other half.
    for (const at of [j * bins, (j + 1) * bins - 1]) {
      folded.re[at] = 2 * folded.re[at]!;
      folded.im[at] = 0;
    }
  }
}

interface Work {
  readonly fourier: FourierTransform;
  readonly into: Complex;
}

/** Adds the squares of the signals at every offset. */
function addSquares({ bins, re, im }: HalfSpectra, work: Work, squares: Float64Array): void {
  const { size } = work.fourier;
  const most = (squares.length - 1) / 2;
  for (let start = 0; start < re.length; start += 2 * bins) {
    const hasSecond = start + bins < re.length;
    const second = hasSecond ? { re, im, start: start + bins } : null;
    signalsOf({ re, im, start }, second, work);
    for (let i = 0; i < squares.length; i++) {
      const at = (i - most + size) % size;
      const pair = hasSecond ? work.into.re[at]! : 0;
      squares[i] = squares[i]! + work.into.im[at]! ** 2 + pair ** 2;
    }
  }
}

/** @param perPair squared cross-products by offset, for one pair of items. */
function largestScore(
  perPair: Float64Array,
  { x, y, pairs, scale, present }: CentredStreams,
): number {
  const [asked, all] = present;
  const diagonal = (squareSum(x) * squareSum(y)) / (asked * (all - 1));
  return perPair.reduce((best, square, i) => {
    const n = pairs[i]!;
    return n > 3 ? Math.max(best, (scale * (square - diagonal)) / (n - 3)) : best;
  }, -Infinity);
}

const squareSum = ({ data }: Matrix) => data.reduce((sum, value) => sum + value * value, 0);
