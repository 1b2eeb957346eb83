import { complex, fourierTransform, type Complex, type FourierTransform } from "../math/fft";
import type { Matrix } from "../math/matrix";
import type { Rng } from "../math/rng";
import { halfSpectra, signalsOf, type HalfSpectra, type Rows } from "./columnSpectra";
import { blockSize } from "./laggedProducts";
import { drawPhases, ringOf, type CentredStreams } from "./phaseSurrogates";

const BINS_A_STEP = 32; // between two chances to stop

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
  const folding = foldingOf(fourier, most);
  const products = { bins: folding.bins, ...complex(x.cols * y.cols * folding.bins) };
  const work = { fourier: folding.transform, into: complex(folding.transform.size) };
  const diagonal = (squareSum(x) * squareSum(y)) / (streams.present[0] * (streams.present[1] - 1));
  const largest: number[] = [];
  for (let s = 0; s < count; s++) {
    const phases = drawPhases(fourier.size, random);
    for (let bin = 0; bin < folding.bins; bin++) {
      if (bin % BINS_A_STEP === 0) yield (s + bin / folding.bins / 2) / count;
      addUnderPhases(ofX, ofY, { phases, folding, bin, products });
    }
    if (folding.isFolded) mirrorEnds(products);
    yield (s + 0.5) / count;
    const squares = squaresOf(products, work, most);
    const perPair = squares.map((square) => square / (perRing * fourier.size ** 2));
    largest.push(largestScore(perPair, streams, diagonal));
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
  readonly isFolded: boolean;
  /** Where the frequencies of each bin start among the long one's; one entry more for the end. */
  readonly starts: Uint32Array;
}

function foldingOf(fourier: FourierTransform, most: number): Folding {
  const [long, short] = [fourier.size, blockSize(most)];
  const all = Math.floor(long / 2) + 1;
  const isFolded = long > short;
  const bins = isFolded ? short / 2 + 1 : all;
  const startOf = (bin: number) =>
    isFolded ? Math.max(0, Math.ceil(((bin - 0.5) * long) / short)) : bin;
  const starts = Uint32Array.from({ length: bins + 1 }, (_, bin) => Math.min(all, startOf(bin)));
  starts[bins] = all;
  return { transform: isFolded ? fourierTransform(short) : fourier, bins, isFolded, starts };
}

interface BinWork {
  readonly phases: Complex;
  readonly folding: Folding;
  readonly bin: number;
  /** [P · Q, bins]; those of this bin are overwritten. */
  readonly products: HalfSpectra;
}

/** conj(x_i) · y_j under the phases for all columns, added over the frequencies of one bin. */
function addUnderPhases(x: HalfSpectra, y: HalfSpectra, work: BinWork): void {
  const { folding, bin, products } = work;
  const [start, end] = [folding.starts[bin]!, folding.starts[bin + 1]!];
  const turned = turnedBand(y, work.phases, start, end);
  const [rows, cols] = [x.re.length / x.bins, y.re.length / y.bins];
  const length = end - start;
  let out = bin;
  for (let i = 0; i < rows; i++) {
    const first = i * x.bins + start;
    for (let j = 0; j < cols; j++) {
      let [re, im, a, b] = [0, 0, first, j * length];
      for (const last = b + length; b < last; a++, b++) {
        const p = x.re[a]!;
        const q = x.im[a]!;
        const r = turned.re[b]!;
        const s = turned.im[b]!;
        re += p * r + q * s;
        im += p * s - q * r;
      }
      products.re[out] = re;
      products.im[out] = im;
      out += products.bins;
    }
  }
}

/** The frequencies from `start` to before `end` of all columns, under the phases: [Q, end − start]. */
function turnedBand({ bins, re, im }: HalfSpectra, phases: Complex, start: number, end: number) {
  const cols = re.length / bins;
  const out = complex(cols * (end - start));
  let at = 0;
  for (let j = 0; j < cols; j++) {
    for (let w = start; w < end; w++) {
      const [p, q] = [phases.re[w]!, phases.im[w]!];
      const from = j * bins + w;
      out.re[at] = re[from]! * p - im[from]! * q;
      out.im[at++] = re[from]! * q + im[from]! * p;
    }
  }
  return out;
}

/** Half of what is around the first and the last bin is the mirror image of the other half. */
function mirrorEnds({ bins, re, im }: HalfSpectra): void {
  for (let start = 0; start < re.length; start += bins) {
    for (const at of [start, start + bins - 1]) {
      re[at] = 2 * re[at]!;
      im[at] = 0;
    }
  }
}

interface Work {
  readonly fourier: FourierTransform;
  readonly into: Complex;
}

/** Squares of the signals of all spectra, summed, by offset: [2 most + 1]. */
function squaresOf({ bins, re, im }: HalfSpectra, work: Work, most: number): Float64Array {
  const squares = new Float64Array(2 * most + 1);
  const { size } = work.fourier;
  for (let start = 0; start < re.length; start += 2 * bins) {
    const hasSecond = start + bins < re.length;
    const second = hasSecond ? { re, im, start: start + bins } : null;
    signalsOf({ re, im, start }, second, work);
    for (let i = 0; i < squares.length; i++) {
      const at = (i - most + size) % size;
      const other = hasSecond ? work.into.re[at]! : 0;
      squares[i] = squares[i]! + work.into.im[at]! ** 2 + other ** 2;
    }
  }
  return squares;
}

/**
 * @param perPair squared cross-products by offset, for one pair of items.
 * @param diagonal what of them is of an item with itself.
 */
function largestScore(perPair: Float64Array, streams: CentredStreams, diagonal: number): number {
  return perPair.reduce((best, square, i) => {
    const n = streams.pairs[i]!;
    return n > 3 ? Math.max(best, (streams.scale * (square - diagonal)) / (n - 3)) : best;
  }, -Infinity);
}

const squareSum = ({ data }: Matrix) => data.reduce((sum, value) => sum + value * value, 0);
