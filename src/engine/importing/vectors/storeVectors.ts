import type { Item } from "../../../core/domain/dataset";
import type { EncoderSpec } from "../../../core/domain/encoder";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../../core/domain/modality";
import { AppError } from "../../../core/errors";
import { takeRows } from "../../../core/math/matrix";
import type { DatasetContent, EmbeddingSink, EncoderStore } from "../../../core/ports";
import type { Progress } from "../../../core/progress";
import { encoderKey } from "../../encoding/encoderKey";
import { sha256 } from "../../sha256";
import { basenameOf } from "../../../core/domain/pathResolver";
import type { VectorPlan } from "./planVectors";
import { BLOCK_ROWS } from "./scanVectors";
import type { VectorRoles } from "./vectorRoles";

/** Where imported embeddings and the encoders that stand for them are kept. */
export interface VectorStores {
  readonly embeddings: EmbeddingSink;
  readonly encoders: EncoderStore;
}

interface StoreVectorsOptions {
  readonly roles: VectorRoles;
  readonly stores: VectorStores;
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** Writes imported embeddings, and can take back what it wrote. */
export class VectorWriter {
  readonly #plan: VectorPlan;
  readonly #options: StoreVectorsOptions;
  readonly #chunks: { key: string; first: string }[] = [];
  readonly #encoders: string[] = [];
  #done = 0;

  constructor(plan: VectorPlan, options: StoreVectorsOptions) {
    this.#plan = plan;
    this.#options = options;
  }

  /**
   * Stores the vector of every item under an encoder of its own. What is stored already stays, so
   * that the same data imported twice has the same keys and takes its room once.
   *
   * @returns ids of the encoders.
   * @throws AppError `storage/quota`, `import/embeddings`, `cancelled`.
   */
  async write(content: DatasetContent): Promise<Record<AlignedModality, string>> {
    const total = content.image.length + content.text.length;
    const ids: Record<AlignedModality, string> = { image: "", text: "" };
    for (const modality of ALIGNED_MODALITIES) {
      const rows = this.#rowsOf(content[modality], modality);
      const spec = await this.#spec(modality, rows);
      const key = await encoderKey(spec, { id: spec.id, pooling: "mean", layer: null });
      await this.#writeRows(modality, key, rows, total);
      await this.#putSpec(spec);
      ids[modality] = spec.id;
      this.#done = content.image.length;
    }
    this.#options.report({ stage: "store", done: total, total, unit: "items" });
    return ids;
  }

  /** Removes what `write` added: after a stop nothing of the import is left. */
  async undo(): Promise<void> {
    const { embeddings, encoders } = this.#options.stores;
    for (const { key, first } of this.#chunks) await embeddings.dropChunks(key, [first]);
    for (const id of this.#encoders) await encoders.delete(id);
  }

  /** The row of each different item, in order of rows. */
  #rowsOf(items: readonly Item[], modality: AlignedModality): Map<string, number> {
    const { rowOf } = this.#plan;
    const rows = new Map<string, number>();
    for (const { digest, source, text } of items) {
      const row = rowOf[modality].get(text ?? source);
      if (row === undefined) throw new AppError("internal", `no vector of ${source}`);
      if (!rows.has(digest)) rows.set(digest, row);
    }
    return new Map([...rows].sort(([, a], [, b]) => a - b));
  }

  /**
   * The encoder that stands for an array. Its id names the numbers and whose they are: with the rows
   * of the metadata in another order, they are embeddings of other items.
   */
  async #spec(modality: AlignedModality, rows: ReadonlyMap<string, number>): Promise<EncoderSpec> {
    const { arrays, scans } = this.#plan;
    const name = this.#options.roles[modality];
    const { width, files, format } = arrays[modality];
    const lines = [...rows].map(([digest, row]) => `${row} ${digest}`);
    const digest = await sha256([scans[modality].digest, ...lines].join("\n"));
    const count = arrays[modality].rows.toLocaleString("en");
    return {
      id: `vectors-${modality}-${digest.slice(0, 24)}`,
      name,
      modality,
      origin: "vectors",
      verified: true,
      summary: `${count} rows of ${width.toLocaleString("en")} numbers (${format}) that came with the data.`,
      source: sourceWords(files),
      revision: digest,
      license: "",
      parameters: 0,
      width,
      outputs: { mean: "vectors" },
      layers: [],
      preprocessing: null,
      preprocessingVersion: 1,
      files: [],
      parityPath: null,
      wasmMsPerItem: 0,
    };
  }

  async #writeRows(
    modality: AlignedModality,
    key: string,
    rows: ReadonlyMap<string, number>,
    total: number,
  ): Promise<void> {
    const { stores, signal, report } = this.#options;
    const array = this.#plan.arrays[modality];
    const present = await stores.embeddings.encodedDigests(key);
    const missing = [...rows].filter(([digest]) => !present.has(digest));
    this.#done += rows.size - missing.length;
    for (let at = 0; at < missing.length;) {
      signal.throwIfAborted();
      const start = missing[at]![1];
      const end = Math.min(array.rows, start + BLOCK_ROWS);
      let to = at;
      while (to < missing.length && missing[to]![1] < end) to++;
      const wanted = missing.slice(at, to);
      const block = await array.read(start, end, signal);
      signal.throwIfAborted();
      const digests = wanted.map(([digest]) => digest);
      const chunk = takeRows(
        block,
        wanted.map(([, row]) => row - start),
      );
      this.#chunks.push({ key, first: digests[0]! });
      await stores.embeddings.putChunk(key, digests, chunk);
      this.#done += wanted.length;
      report({ stage: "store", done: this.#done, total, unit: "items" });
      at = to;
    }
  }

  /** Keeps an entry that is already there: it may be linked to the network that made it. */
  async #putSpec(spec: EncoderSpec): Promise<void> {
    const { encoders } = this.#options.stores;
    const known = await encoders.list();
    if (known.some(({ id }) => id === spec.id)) return;
    this.#encoders.push(spec.id);
    await encoders.put(spec);
  }
}

const NAMED_FILES = 3; // as many as fit a line of a card

function sourceWords(files: readonly string[]): string {
  const named = files.slice(0, NAMED_FILES).map(basenameOf).join(", ");
  const more = files.length - NAMED_FILES;
  return more > 0 ? `${named} and ${more} more` : named;
}
