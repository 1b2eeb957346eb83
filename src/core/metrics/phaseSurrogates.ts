import {
  addConjugateProduct,
  complex,
  fourierTransform,
  quickSize,
  type Complex,
} from "../math/fft";
import type { Matrix } from "../math/matrix";
import type { Rng } from "../math/rng";
import { signalsOf, transformPair, type HalfSpectrum } from "./columnSpectra";

/** Two centred streams, zeros where there is no item, and how their sums become scores. */
export interface CentredStreams {
  /** [N, P] */
  readonly x: Matrix;
  /** [N, Q] */
  readonly y: Matrix;
  readonly most: number;
  /** Moments that have a partner, by offset. [2 most + 1] */
  readonly pairs: Uint32Array;
  /** A sum of that many pairs times this over their number is a score. */
  readonly scale: number;
  /** Moments of x and of y that have an item. */
  readonly present: readonly [number, number];
}

const READYING = 0.5; // of the progress that is for the spectra

/**
 * The largest mean dot product over all offsets, of x with `count` surrogates of y.
 *
 * A surrogate has y's spectrum with phases drawn at random, the same for all columns: it varies as y
 * does, in every column and between columns, at every pace, and knows nothing of x. Its
 * cross-correlation with x is that of y under those phases, so one transform gives it for every
 * offset. Yields shares done.
 *
 * Source: Prichard and Theiler 1994, Physical Review Letters 73(7), for several columns.
 */
export function* unrelatedDots(
  streams: CentredStreams,
  count: number,
  random: Rng,
): Generator<number, number[]> {
  const { x, y, most, pairs, scale } = streams;
  const { fourier, rows, perRing } = ringOf(streams);
  const { size } = fourier;
  const [a, b, cross] = [complex(size), complex(size), complex(size)];
  for (let column = 0; column < x.cols; column += 2) {
    yield (READYING * column) / x.cols;
    transformPair(x, column, rows, { fourier, into: a });
    transformPair(y, column, rows, { fourier, into: b });
    addConjugateProduct(a, b, cross);
  }
  const spectrum = ofRealPart(cross);
  const largest: number[] = [];
  while (largest.length < count) {
    yield READYING + ((1 - READYING) * largest.length) / count;
    const [first, second] = [rotated(spectrum, size, random), rotated(spectrum, size, random)];
    signalsOf(first, second, { fourier, into: a });
    for (const signal of [a.im, a.re].slice(0, count - largest.length)) {
      let best = -Infinity;
      pairs.forEach((n, i) => {
        const sum = signal[(i - most + size) % size]! / size;
        if (n > 0) best = Math.max(best, (scale * sum) / Math.sqrt(n * perRing));
      });
      largest.push(best);
    }
  }
  return largest;
}

/**
 * Transforms over the whole of time and the largest offset beyond it, so that nothing meets itself
 * round the ring, and pairs of items that an offset has on the average of all.
 */
export function ringOf({ x, most, present }: CentredStreams) {
  const fourier = fourierTransform(quickSize(x.rows + most));
  const perRing = (present[0] * present[1]) / fourier.size;
  return { fourier, rows: { start: 0, count: x.rows }, perRing };
}

/**
 * Phases drawn at random for a half spectrum of a signal of `size`: frequency 0 and that of half the
 * length, which are real, keep or change their sign.
 */
export function drawPhases(size: number, random: Rng): Complex {
  const bins = Math.floor(size / 2) + 1;
  const out = complex(bins);
  for (let w = 0; w < bins; w++) {
    const turn = random();
    const isReal = w === 0 || 2 * w === size;
    out.re[w] = isReal ? (turn < 0.5 ? 1 : -1) : Math.cos(2 * Math.PI * turn);
    out.im[w] = isReal ? 0 : Math.sin(2 * Math.PI * turn);
  }
  return out;
}

function rotated({ re, im }: Complex, size: number, random: Rng): HalfSpectrum {
  const out = drawPhases(size, random);
  for (let w = 0; w < re.length; w++) {
    const [p, q] = [out.re[w]!, out.im[w]!];
    out.re[w] = re[w]! * p - im[w]! * q;
    out.im[w] = re[w]! * q + im[w]! * p;
  }
  return { ...out, start: 0 };
}

/** The half spectrum of the real part of what a whole spectrum stands for. */
function ofRealPart({ re, im }: Complex): Complex {
  const size = re.length;
  const out = complex(Math.floor(size / 2) + 1);
  for (let w = 0; w < out.re.length; w++) {
    const v = w === 0 ? 0 : size - w;
    out.re[w] = (re[w]! + re[v]!) / 2;
    out.im[w] = (im[w]! - im[v]!) / 2;
  }
  return out;
}
