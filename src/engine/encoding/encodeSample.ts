import { matrix, sideBySide, takeRows, type Matrix } from "../../core/math/matrix";
import type { EncodedItems, SampleSet } from "../../core/domain/encodeRequest";
import type { EmbeddingStore } from "../../core/ports";
import type { QueryableEncoder } from "../encoders/queryableEncoder";
import { encodeItems, type EncodeItemsOptions } from "./encodeItems";

/** As for `encodeItems`, with the sets to fill. */
export interface EncodeSampleOptions<Input> extends Omit<
  EncodeItemsOptions<Input>,
  "encoder" | "encoderKey"
> {
  readonly encoder: QueryableEncoder<Input>;
  readonly sets: readonly SampleSet[];
}

/**
 * Encodes items once for several embedding sets: one pass of the network gives every chosen output,
 * and each is stored under its own key. Items that every set already has are skipped.
 *
 * @throws AppError as `encodeItems`.
 */
export function encodeSample<Input>(options: EncodeSampleOptions<Input>): Promise<EncodedItems> {
  const { encoder, sets, embeddings, ...rest } = options;
  const choices = sets.map(({ choice }) => choice);
  return encodeItems({
    ...rest,
    encoderKey: "",
    embeddings: severalSets(embeddings, sets),
    encoder: {
      width: sets.reduce((sum, { width }) => sum + width, 0),
      device: encoder.device,
      encode: async (batch) => sideBySide(await encoder.encodeEach(batch, choices)),
      release: () => encoder.release(),
    },
  });
}

/** Several embedding sets as one whose vectors stand side by side. */
function severalSets(embeddings: EmbeddingStore, sets: readonly SampleSet[]): EmbeddingStore {
  // Read once: a set of 50,000 would otherwise be read again for every batch.
  const stored = new Map<string, Set<string>>();
  return {
    async encodedDigests() {
      for (const { encoderKey } of sets) {
        stored.set(encoderKey, new Set(await embeddings.encodedDigests(encoderKey)));
      }
      const [first = new Set<string>(), ...others] = stored.values();
      return new Set([...first].filter((digest) => others.every((set) => set.has(digest))));
    },
    async putChunk(_key, digests, chunk) {
      let from = 0;
      for (const { encoderKey, width } of sets) {
        const part = columns(chunk, from, width);
        from += width;
        const there = stored.get(encoderKey);
        const missing = digests.flatMap((digest, i) => (there?.has(digest) ? [] : [i]));
        if (missing.length === 0) continue;
        const names = missing.map((i) => digests[i]!);
        await embeddings.putChunk(encoderKey, names, takeRows(part, missing));
        for (const digest of names) there?.add(digest);
      }
    },
    load: (encoderKey, digests) => embeddings.load(encoderKey, digests),
  };
}

/** Columns `from` to `from + width`. */
function columns({ data, rows, cols }: Matrix, from: number, width: number): Matrix {
  const out = matrix(rows, width);
  for (let i = 0; i < rows; i++) {
    out.data.set(data.subarray(i * cols + from, i * cols + from + width), i * width);
  }
  return out;
}
