import { Recent } from "../core/recent";
import type { QueryInput } from "../core/domain/encodeRequest";
import { encoderOf } from "../core/catalogue/encoders";
import type { EmbeddingChoice } from "../core/domain/encoder";
import type { Modality } from "../core/domain/modality";
import type { Project } from "../core/domain/project";
import type { Encoding } from "./encoding";
import { FileNames } from "./fileNames";

const KEPT = 64; // 64 x 1,280 fp32 = 0.3 MB

/**
 * Embeddings of what was asked last. Encoders are frozen, so a question that is asked again, at the
 * next step of a training or with another weight, need not be encoded again.
 */
export class QueryVectors {
  readonly #encoding: Pick<Encoding, "encodeBy">;
  readonly #known = new Recent<Float32Array<ArrayBuffer>>(KEPT);
  readonly #files = new FileNames();

  constructor(encoding: Pick<Encoding, "encodeBy">) {
    this.#encoding = encoding;
  }

  /**
   * The raw embedding [D] of an input, in an array of its own.
   *
   * @returns `elapsedMs`: 0 for one that was known.
   * @throws AppError as `Encoding.encodeBy`.
   */
  async of(
    project: Project,
    modality: Modality,
    input: QueryInput,
    signal?: AbortSignal,
  ): Promise<{ vector: Float32Array<ArrayBuffer>; elapsedMs: number }> {
    return this.by(encoderOf(project, modality), modality, input, signal);
  }

  /** The same by an encoder that need not be a project's. */
  async by(
    choice: EmbeddingChoice,
    modality: Modality,
    input: QueryInput,
    signal?: AbortSignal,
  ): Promise<{ vector: Float32Array<ArrayBuffer>; elapsedMs: number }> {
    const key = JSON.stringify([choice, this.#nameOf(input)]);
    const known = this.#known.get(key);
    if (known) return { vector: known.slice(), elapsedMs: 0 };
    const { vectors, elapsedMs } = await this.#encoding.encodeBy(choice, modality, [input], signal);
    this.#known.set(key, vectors);
    return { vector: vectors.slice(), elapsedMs };
  }

  #nameOf(input: QueryInput): string {
    if ("text" in input) return `text ${input.text}`;
    const file = Object.values<unknown>(input).find((value) => value instanceof Blob);
    if (!file) return "nothing";
    const name = this.#files.of(file);
    return "trim" in input && input.trim ? `trimmed file ${name}` : `file ${name}`;
  }
}
