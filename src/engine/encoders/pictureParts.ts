import { embeddingWidth, type EmbeddingChoice, type EncoderSpec } from "../../core/domain/encoder";
import { seenArea, type PictureParts } from "../../core/domain/pictureMap";
import { AppError } from "../../core/errors";
import { matrix, row, type Matrix } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import type { ImageEncoderOptions } from "./imageEncoder";
import { decodeImage, writePixels } from "./preprocessImage";
import { outputNames, readEmbeddings } from "./readEmbeddings";
import type { Feeds, Outputs, OutputTensor } from "./session";

/** Cells per side where pictures are occluded: windows of two cells make 36 passes. */
const OCCLUSION_GRID = 7; // the sides of EfficientNet's own patch grid, so that both look alike
const WINDOW = 2; // of 7: a twelfth of the picture; one cell alone is too little to miss
const BATCH = 6; // six passes are 0.3 s on one wasm thread: that long a query or a stop waits

/** How the parts of a picture are to be told apart. */
export interface PartsOptions {
  /** `tokens` where the file gives them, else occlusion. */
  readonly method: "auto" | "occlusion";
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/**
 * Embeddings of the parts of a picture, as raw as the encoder's own, so that they go through the
 * same projector.
 *
 * Patch tokens are taken where the embedding is their mean (or CLS beside their mean: then CLS
 * stays). A CLS embedding, an earlier layer and class scores are not made of patches: there the
 * picture is encoded again and again with a window of its mean colour.
 *
 * @throws AppError `encoder/input` when it cannot be decoded, `cancelled`, as `Session.run`.
 */
export async function pictureParts(
  options: ImageEncoderOptions,
  picture: Blob,
  { method, signal, report }: PartsOptions,
): Promise<PictureParts> {
  const { preprocessing, decode = decodeImage } = options;
  const { size } = preprocessing;
  const image = await decode(picture);
  const pixels = new Float32Array(3 * size ** 2);
  writePixels(image, preprocessing, pixels);
  const area = seenArea(preprocessing, image);
  const patches = method === "auto" ? await patchTokens(options, pixels) : null;
  if (patches) return { method: "tokens", ...patches, area };
  return { method: "occlusion", ...(await occluded(options, pixels, { signal, report })), area };
}

type GridParts = Omit<PictureParts, "method" | "area">;

async function patchTokens(
  { session, spec, choice, preprocessing: { input, size } }: ImageEncoderOptions,
  pixels: Float32Array<ArrayBuffer>,
): Promise<GridParts | null> {
  const name = patchOutput(spec, choice);
  if (name === null) return null;
  const names = [...new Set([...outputNames(spec, [choice]), name])];
  const feeds = feedsOf(input, size, pixels);
  const outputs = await session.run(feeds, names, "query");
  const whole = readEmbeddings(outputs, { spec, choice, rows: 1 });
  return gridOf(outputs[name], { spec, choice, whole });
}

/** Name of the output whose patches the chosen embedding is the mean of; null: there is none. */
export function patchOutput(spec: EncoderSpec, choice: EmbeddingChoice): string | null {
  if (choice.layer !== null || !choice.pooling.includes("mean")) return null;
  const output = spec.outputs[choice.pooling];
  if (output === undefined) return null;
  return typeof output === "string" ? (spec.patches ?? null) : output.tokens;
}

/** Null where the tokens do not make a square: then nobody knows where they lie. */
function gridOf(
  tensor: OutputTensor | undefined,
  { spec, choice, whole }: { spec: EncoderSpec; choice: EmbeddingChoice; whole: Matrix },
): GridParts | null {
  const tokens = tensor && tokensOf(tensor);
  if (!tokens) return null;
  const output = spec.outputs[choice.pooling];
  const first = typeof output === "object" && output.hasCls && tensor.dims.length === 3 ? 1 : 0;
  const side = Math.sqrt(tokens.rows - first);
  if (!Number.isInteger(side) || side < 2) return null;
  const parts = matrix(side ** 2, embeddingWidth(spec, choice));
  const cls = choice.pooling === "cls+mean" ? row(whole, 0).subarray(0, tokens.cols) : null;
  for (let at = 0; at < parts.rows; at++) {
    const part = row(parts, at);
    if (cls) part.set(cls);
    part.set(row(tokens, first + at), cls ? tokens.cols : 0);
  }
  return { rows: side, cols: side, window: 1, whole, parts };
}

/** [T, D] from [1, T, D], or from a convolutional network's [1, D, H, W]. */
function tokensOf({ data, dims }: OutputTensor): Matrix | null {
  const [batch, a = 0, b = 0, c = 1] = dims;
  if (batch !== 1) return null;
  if (dims.length === 3) return matrix(a, b, data);
  if (dims.length !== 4 || b !== c) return null;
  const tokens = matrix(b * c, a);
  for (let d = 0; d < a; d++) {
    for (let at = 0; at < tokens.rows; at++) tokens.data[at * a + d] = data[d * tokens.rows + at]!;
  }
  return tokens;
}

async function occluded(
  { session, spec, choice, preprocessing: { input, size } }: ImageEncoderOptions,
  pixels: Float32Array<ArrayBuffer>,
  { signal, report }: Omit<PartsOptions, "method">,
): Promise<GridParts> {
  const across = OCCLUSION_GRID - WINDOW + 1;
  const total = 1 + across ** 2; // the picture as it is, then each window
  const vectors = matrix(total, embeddingWidth(spec, choice));
  const names = outputNames(spec, [choice]);
  for (let start = 0; start < total; start += BATCH) {
    if (signal.aborted) throw new AppError("cancelled");
    report({ stage: "encode", done: start, total, unit: "items" });
    const rows = Math.min(BATCH, total - start);
    const batch = new Float32Array(rows * pixels.length);
    for (let i = 0; i < rows; i++) {
      batch.set(pixels, i * pixels.length);
      const at = start + i - 1;
      const copy = batch.subarray(i * pixels.length, (i + 1) * pixels.length);
      if (at >= 0) cover(copy, { size, top: Math.floor(at / across), left: at % across });
    }
    const outputs: Outputs = await session.run(feedsOf(input, size, batch), names, "query");
    vectors.data.set(readEmbeddings(outputs, { spec, choice, rows }).data, start * vectors.cols);
  }
  report({ stage: "encode", done: total, total, unit: "items" });
  const { cols, data } = vectors;
  return {
    ...{ rows: OCCLUSION_GRID, cols: OCCLUSION_GRID, window: WINDOW },
    whole: matrix(1, cols, data.slice(0, cols)),
    parts: matrix(total - 1, cols, data.slice(cols)),
  };
}

/** Paints a window in the picture's mean colour, in place. */
function cover(
  pixels: Float32Array,
  { size, top, left }: { readonly size: number; readonly top: number; readonly left: number },
): void {
  const edge = (cell: number) => Math.round((cell * size) / OCCLUSION_GRID);
  for (let c = 0; c < 3; c++) {
    const plane = pixels.subarray(c * size ** 2, (c + 1) * size ** 2);
    const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length;
    for (let y = edge(top); y < edge(top + WINDOW); y++) {
      plane.fill(mean, y * size + edge(left), y * size + edge(left + WINDOW));
    }
  }
}

const feedsOf = (input: string, size: number, data: Float32Array<ArrayBuffer>): Feeds => ({
  [input]: { kind: "float32", data, dims: [data.length / (3 * size ** 2), 3, size, size] },
});
