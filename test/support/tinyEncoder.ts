import type { Item } from "../../src/core/domain/dataset";
import type { Device, EmbeddingChoice } from "../../src/core/domain/encoder";
import { AppError } from "../../src/core/errors";
import { matrix, type Matrix } from "../../src/core/math/matrix";
import type { EmbeddingStore, Encoder } from "../../src/core/ports";

/**
 * An encoder without a network: a text becomes [length, first code point, sum of code points].
 * `"bad"` cannot be decoded, `"nan"` comes out as NaN.
 */
export class TinyEncoder implements Encoder<string> {
  readonly width = 3;
  readonly device: Device;
  /** Every batch it was given, in order. */
  readonly batches: (readonly string[])[] = [];
  released = 0;
  /** Called with each batch before it is encoded. */
  before: (batch: readonly string[]) => Promise<void> | void = () => {};

  constructor(device: Device = "wasm") {
    this.device = device;
  }

  async encode(batch: readonly string[]): Promise<Matrix> {
    this.batches.push(batch);
    await this.before(batch);
    if (batch.includes("bad")) throw new AppError("encoder/input", "the picture cannot be decoded");
    const out = matrix(batch.length, 3);
    batch.forEach((text, i) => out.data.set(features(text), i * 3));
    return out;
  }

  /** Each choice is its own multiple of the vector: by 1, 2, 3 … */
  async encodeEach(
    batch: readonly string[],
    choices: readonly EmbeddingChoice[],
  ): Promise<Matrix[]> {
    const { data } = await this.encode(batch);
    return choices.map((_, i) =>
      matrix(
        batch.length,
        3,
        data.map((value) => value * (i + 1)),
      ),
    );
  }

  async release(): Promise<void> {
    this.released++;
  }
}

function features(text: string): number[] {
  const points = [...text].map((char) => char.codePointAt(0) ?? 0);
  if (text === "nan") return [NaN, 0, 0];
  return [points.length, points[0] ?? 0, points.reduce((a, b) => a + b, 0)];
}

/** Text items whose digest is `digest:<text>`. */
export const captions = (...texts: string[]): Item[] =>
  texts.map((text, i) => ({
    modality: "text",
    digest: `digest:${text}`,
    source: `metadata.csv:${i + 2}`,
    text,
  }));

/** An embedding store in memory that also keeps its chunks as written. */
export class MemoryEmbeddings implements EmbeddingStore {
  readonly rows = new Map<string, Float32Array>();
  readonly chunks: (readonly string[])[] = [];
  failWith: AppError | undefined;

  async encodedDigests(): Promise<ReadonlySet<string>> {
    return new Set(this.rows.keys());
  }

  async putChunk(_key: string, digests: readonly string[], chunk: Matrix): Promise<void> {
    if (this.failWith) throw this.failWith;
    this.chunks.push(digests);
    digests.forEach((digest, i) =>
      this.rows.set(digest, chunk.data.slice(i * chunk.cols, (i + 1) * chunk.cols)),
    );
  }

  async load(_key: string, digests: readonly string[]): Promise<Matrix> {
    const out = matrix(digests.length, 3);
    digests.forEach((digest, i) => out.data.set(this.rows.get(digest) ?? [NaN, NaN, NaN], i * 3));
    return out;
  }
}
