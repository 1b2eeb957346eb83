import { takeRows64, type Matrix64 } from "../../core/math/linalg/matrix64";
import { addProduct, block } from "../../core/math/linalg/product";
import { breathe } from "../align/breathe";

const NEIGHBOURS = 10; // as core/metrics/csls.ts
const BLOCK_ROWS = 128;

/** What the scores of all images with all captions say about each pair. Columns of pairs. */
export interface PairScores {
  readonly mismatch: Float64Array;
  readonly cosine: Float64Array;
  readonly csls: Float64Array;
  readonly captionMargin: Float64Array;
  readonly imageMargin: Float64Array;
  /** 1 = best. */
  readonly captionRank: Uint32Array;
  readonly imageRank: Uint32Array;
  /** Row of the best caption that the image does not have. */
  readonly bestText: Uint32Array;
  readonly bestCosine: Float64Array;
  /** Mean cosine of the pair's image and of its caption with the 10 nearest of the other side. */
  readonly nearImage: Float64Array;
  readonly nearText: Float64Array;
}

interface Paired {
  readonly image: Uint32Array;
  readonly text: Uint32Array;
}

/** Above this many images or captions they are judged in parts: 4,000² scores are 64 MB. */
const MOST_IN_PART = 4_000;

/**
 * How badly each pair fits, from predicted captions.
 *
 *   mismatch = caption margin + image margin − csls(i, t)
 *   caption margin = max over captions t' the image does not have of csls(i, t') − csls(i, t)
 *   image margin   = max over images i' that do not have the caption of csls(i', t) − csls(i, t)
 *   csls(i, t) = 2 cos(i, t) − r(i) − r(t), r the mean cosine with the 10 nearest of the other side
 *
 * A pair that beats all others in both directions has negative margins. Ties count against it.
 * Ranks are counted among the same others. With more than 4,000 images the others are those of a
 * part of the data of that size. Costs I·T·s multiply-adds and 4·I·T bytes, per part.
 *
 * @param predicted [I, s] and `texts` [T, s], L2-normalised.
 * @throws AppError `cancelled`.
 *
 * Source: CSLS as core/metrics/csls.ts; the margins are ours.
 */
export async function scorePairs(
  predicted: Matrix64,
  texts: Matrix64,
  pairs: Paired,
  signal?: AbortSignal,
): Promise<PairScores> {
  const parts = Math.ceil(Math.max(predicted.rows, texts.rows) / MOST_IN_PART);
  if (parts <= 1) return scorePart(predicted, texts, pairs, signal);
  const out = emptyScores(pairs.image.length);
  for (let part = 0; part < parts; part++) {
    const own = Uint32Array.from(pairs.image.keys()).filter(
      (p) => pairs.image[p]! % parts === part,
    );
    const images = distinct(own.map((p) => pairs.image[p]!));
    const captions = distinct(own.map((p) => pairs.text[p]!));
    const scores = await scorePart(
      takeRows64(predicted, images.rows),
      takeRows64(texts, captions.rows),
      { image: images.places, text: captions.places },
      signal,
    );
    for (const name of COLUMNS) own.forEach((p, k) => (out[name][p] = scores[name][k]!));
    own.forEach((p, k) => (out.bestText[p] = captions.rows[scores.bestText[k]!]!));
  }
  return out;
}

const COLUMNS = [
  "mismatch",
  "cosine",
  "csls",
  "captionMargin",
  "imageMargin",
  "captionRank",
  "imageRank",
  "bestText",
  "bestCosine",
  "nearImage",
  "nearText",
] as const satisfies readonly (keyof PairScores)[];

function emptyScores(count: number): PairScores {
  const floats = () => new Float64Array(count);
  const integers = () => new Uint32Array(count);
  return {
    mismatch: floats(),
    cosine: floats(),
    csls: floats(),
    captionMargin: floats(),
    imageMargin: floats(),
    captionRank: integers(),
    imageRank: integers(),
    bestText: integers(),
    bestCosine: floats(),
    nearImage: floats(),
    nearText: floats(),
  };
}

/** The different values in ascending order, and the place of each given value among them. */
function distinct(values: Uint32Array) {
  const rows = [...new Set(values)].sort((a, b) => a - b);
  const placeOf = new Map(rows.map((row, place) => [row, place]));
  return { rows, places: values.map((value) => placeOf.get(value)!) };
}

async function scorePart(
  predicted: Matrix64,
  texts: Matrix64,
  pairs: Paired,
  signal?: AbortSignal,
): Promise<PairScores> {
  const scores = await allScores(predicted, texts, signal);
  const near = {
    image: nearestMeans(scores, predicted.rows, texts.rows),
    text: nearestMeans(await transposed(scores, texts.rows, signal), texts.rows, predicted.rows),
  };
  await breathe(signal);
  return judge(scores, near, pairs);
}

/** All cosines, rounded to float32: [I, T] row-major. */
async function allScores(
  a: Matrix64,
  b: Matrix64,
  signal?: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  const out = new Float32Array(a.rows * b.rows);
  const held = new Float64Array(BLOCK_ROWS * b.rows);
  for (let start = 0; start < a.rows; start += BLOCK_ROWS) {
    await breathe(signal);
    const m = Math.min(BLOCK_ROWS, a.rows - start);
    const target = { data: held.fill(0), start: 0, stride: b.rows };
    addProduct(block(a, start, 0), block(b, 0, 0), target, { m, n: b.rows, k: a.cols });
    out.set(held.subarray(0, m * b.rows), start * b.rows);
  }
  return out;
}

async function transposed(
  scores: Float32Array,
  cols: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  await breathe(signal);
  const rows = scores.length / cols;
  const out = new Float32Array(scores.length);
  const tile = 32;
  for (let i0 = 0; i0 < rows; i0 += tile) {
    for (let j0 = 0; j0 < cols; j0 += tile) {
      for (let i = i0; i < Math.min(i0 + tile, rows); i++) {
        for (let j = j0; j < Math.min(j0 + tile, cols); j++) {
          out[j * rows + i] = scores[i * cols + j]!;
        }
      }
    }
  }
  return out;
}

/** Mean of the 10 highest scores of every row (of all, where fewer). */
function nearestMeans(scores: Float32Array, rows: number, cols: number): Float64Array {
  const k = Math.min(NEIGHBOURS, cols);
  const best = new Float64Array(k);
  return Float64Array.from({ length: rows }, (_, i) => {
    best.fill(-Infinity);
    for (let at = i * cols; at < (i + 1) * cols; at++) {
      const score = scores[at]!;
      if (!(score > best[k - 1]!)) continue;
      let place = k - 1;
      for (; place > 0 && best[place - 1]! < score; place--) best[place] = best[place - 1]!;
      best[place] = score;
    }
    return best.reduce((sum, value) => sum + value, 0) / k;
  });
}

function judge(
  scores: Float32Array,
  near: { readonly image: Float64Array; readonly text: Float64Array },
  { image, text }: Paired,
): PairScores {
  const [images, texts] = [near.image.length, near.text.length];
  const count = image.length;
  const cslsOf = (i: number, t: number) =>
    2 * scores[i * texts + t]! - near.image[i]! - near.text[t]!;
  const textsOf = membersOf(image, text, images);
  const imagesOf = membersOf(text, image, texts);
  const out = emptyScores(count);
  for (let p = 0; p < count; p++) {
    const [i, t] = [image[p]!, text[p]!];
    const own = cslsOf(i, t);
    const caption = beat(own, texts, textsOf[i]!, (other) => cslsOf(i, other));
    const picture = beat(own, images, imagesOf[t]!, (other) => cslsOf(other, t));
    out.cosine[p] = scores[i * texts + t]!;
    out.csls[p] = own;
    out.nearImage[p] = near.image[i]!;
    out.nearText[p] = near.text[t]!;
    out.captionMargin[p] = caption.best - own;
    out.imageMargin[p] = picture.best - own;
    out.captionRank[p] = caption.rank;
    out.imageRank[p] = picture.rank;
    out.bestText[p] = caption.at;
    out.bestCosine[p] = scores[i * texts + caption.at]!;
    out.mismatch[p] = caption.best + picture.best - 3 * own;
  }
  return out;
}

/** The best of the others, and the rank of `own` among them. */
function beat(
  own: number,
  count: number,
  partners: ReadonlySet<number>,
  scoreOf: (other: number) => number,
): { readonly best: number; readonly at: number; readonly rank: number } {
  let [best, at, rank] = [-Infinity, 0, 1];
  for (let other = 0; other < count; other++) {
    const score = scoreOf(other);
    if (score < own && score <= best) continue;
    if (partners.has(other)) continue;
    if (score >= own) rank++;
    if (score > best) [best, at] = [score, other];
  }
  return { best: Number.isFinite(best) ? best : own, at, rank };
}

function membersOf(of: Uint32Array, what: Uint32Array, size: number): Set<number>[] {
  const sets = Array.from({ length: size }, () => new Set<number>());
  of.forEach((row, p) => sets[row]!.add(what[p]!));
  return sets;
}
