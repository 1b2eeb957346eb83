import { addConjugateProduct, complex, fourierTransform } from "../math/fft";
import { matrix64, type Matrix64 } from "../math/linalg/matrix64";
import type { Matrix } from "../math/matrix";
import { halfSpectra, signalsOf, transformPair, type HalfSpectra } from "./columnSpectra";

const LEAST_SIZE = 256;
const MOMENTS_A_STEP = 8_192; // between two chances to stop

/** Length of the transforms for offsets up to `most`: a quarter of it is the overlap of two blocks. */
export function blockSize(most: number): number {
  return Math.max(LEAST_SIZE, 2 ** Math.ceil(Math.log2(4 * (2 * most + 1))));
}

/**
 * Sums of products of two streams at every offset, Σ_t x_t · y_(t+lag), in blocks of time by
 * transforms (overlap-save): about 3 N · D multiply-adds whatever the number of offsets. Moments
 * before the first and after the last count as zeros. Yields shares done.
 *
 * @param x [N, D]
 * @param y [N, D]
 * @returns [2 most + 1], from −most to most.
 */
export function* laggedDots(x: Matrix, y: Matrix, most: number): Generator<number, Float64Array> {
  const { fourier, size, blocks } = blocksOf(x.rows, most);
  const [a, b, sum] = [complex(size), complex(size), complex(size)];
  for (const { ofX, ofY, yields, share } of blocks) {
    for (let column = 0; column < x.cols; column += 2) {
      transformPair(x, column, ofX, { fourier, into: a });
      transformPair(y, column, ofY, { fourier, into: b });
      addConjugateProduct(a, b, sum);
    }
    if (yields) yield share;
  }
  // What one column has with the other is the imaginary part of the inverse, which is left out.
  fourier.transform({ re: sum.im, im: sum.re });
  return sum.re.slice(0, 2 * most + 1).map((value) => value / size);
}

/**
 * Cross-products of two streams at every offset, Σ_t x_tᵀ y_(t+lag), in blocks as `laggedDots`:
 * about 3 N · P · Q multiply-adds.
 *
 * @param x [N, P]
 * @param y [N, Q]
 * @returns [2 most + 1, P · Q], from −most to most.
 */
export function* laggedProducts(x: Matrix, y: Matrix, most: number): Generator<number, Matrix64> {
  const { fourier, size, blocks } = blocksOf(x.rows, most);
  const bins = size / 2 + 1;
  const spectra = (cols: number) => ({
    ...{ bins, re: new Float64Array(cols * bins), im: new Float64Array(cols * bins) },
  });
  const [ofA, ofB, sums] = [spectra(x.cols), spectra(y.cols), spectra(x.cols * y.cols)];
  const work = { fourier, into: complex(size) };
  for (const { ofX, ofY, yields, share } of blocks) {
    halfSpectra(x, ofX, work, ofA);
    halfSpectra(y, ofY, work, ofB);
    for (let i = 0; i < x.cols; i++) {
      for (let j = 0; j < y.cols; j++) addSpectra(ofA, i, ofB, j, sums, i * y.cols + j);
    }
    if (yields) yield share;
  }
  const out = matrix64(2 * most + 1, x.cols * y.cols);
  for (let pair = 0; pair < out.cols; pair += 2) {
    const { re, im } = sums;
    const second = pair + 1 < out.cols ? { re, im, start: (pair + 1) * bins } : null;
    signalsOf({ re, im, start: pair * bins }, second, work);
    for (let r = 0; r < out.rows; r++) {
      out.data[r * out.cols + pair] = work.into.im[r]! / size;
      if (second) out.data[r * out.cols + pair + 1] = work.into.re[r]! / size;
    }
  }
  return out;
}

/** Blocks of x beside the stretch of y that any offset reaches from them. */
function blocksOf(moments: number, most: number) {
  const size = blockSize(most);
  const length = size - 2 * most;
  const count = Math.ceil(moments / length);
  const every = Math.ceil(MOMENTS_A_STEP / length);
  return {
    size,
    fourier: fourierTransform(size),
    blocks: Array.from({ length: count }, (_, i) => ({
      ofX: { start: i * length, count: length },
      ofY: { start: i * length - most, count: size },
      yields: i % every === every - 1,
      share: (i + 1) / count,
    })),
  };
}

function addSpectra(
  a: HalfSpectra,
  i: number,
  b: HalfSpectra,
  j: number,
  out: HalfSpectra,
  at: number,
): void {
  const { bins } = a;
  let [x, y, o] = [i * bins, j * bins, at * bins];
  for (const end = x + bins; x < end; x++, y++, o++) {
    const [p, q, r, s] = [a.re[x]!, a.im[x]!, b.re[y]!, b.im[y]!];
    out.re[o] = out.re[o]! + p * r + q * s;
    out.im[o] = out.im[o]! + p * s - q * r;
  }
}
