import type { AlignedModality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import type { QueryInput } from "../rpc/encodeContract";
import type { Encoding } from "./encoding";

const KEPT = 64; // 64 x 1,280 fp32 = 0.3 MB

/**
 * Embeddings of what was asked last. Encoders are frozen, so a question that is asked again, at the
 * next step of a training or with another weight, need not be encoded again.
 */
export class QueryVectors {
  readonly #encoding: Pick<Encoding, "encodeQuery">;
  readonly #known = new Map<string, Float32Array<ArrayBuffer>>();
  readonly #pictures = new WeakMap<Blob, string>();

  constructor(encoding: Pick<Encoding, "encodeQuery">) {
    this.#encoding = encoding;
  }

  /**
   * The raw embedding [D] of an input, in an array of its own.
   *
   * @returns `elapsedMs`: 0 for one that was known.
   * @throws AppError as `Encoding.encodeQuery`.
   */
  async of(
    project: Project,
    modality: AlignedModality,
    input: QueryInput,
    signal?: AbortSignal,
  ): Promise<{ vector: Float32Array<ArrayBuffer>; elapsedMs: number }> {
    const key = JSON.stringify([project.encoders[modality], this.#nameOf(input)]);
    const known = this.#known.get(key);
    if (known) {
      this.#keep(key, known);
      return { vector: known.slice(), elapsedMs: 0 };
    }
    const { vectors, elapsedMs } = await this.#encoding.encodeQuery(
      project,
      modality,
      [input],
      signal,
    );
    this.#keep(key, vectors);
    return { vector: vectors.slice(), elapsedMs };
  }

  /** As the newest; the oldest goes when there are too many. */
  #keep(key: string, vector: Float32Array<ArrayBuffer>): void {
    this.#known.delete(key);
    this.#known.set(key, vector);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KEPT && oldest !== undefined) this.#known.delete(oldest);
  }

  #nameOf(input: QueryInput): string {
    if ("text" in input) return `text ${input.text}`;
    const name = this.#pictures.get(input.image) ?? crypto.randomUUID();
    this.#pictures.set(input.image, name);
    return `picture ${name}`;
  }
}
