import type { Choices, LeftOutSet } from "../../core/domain/comparison";
import { embeddingName, type EmbeddingChoice, type EncoderSpec } from "../../core/domain/encoder";
import { ALIGNED_MODALITIES, type AlignedModality } from "../../core/domain/modality";
import { AppError } from "../../core/errors";
import type { Matrix } from "../../core/math/matrix";
import type { EmbeddingStore, EncoderStore } from "../../core/ports";
import { encoderKey } from "../encoding/encoderKey";
import type { SampledPair } from "./samplePairs";

/** Of items an encoder refused, so many may be missing; with more the sample would shrink for all. */
const MISSING_ALLOWED = 0.05;

/** One embedding set of which the sample is encoded. */
export interface AvailableSet {
  readonly modality: AlignedModality;
  readonly choice: EmbeddingChoice;
  readonly name: string;
  /** Embeddings of the pairs given, in their order: [pairs, D]. */
  load(pairs: readonly SampledPair[]): Promise<Matrix>;
}

export interface AvailableSets {
  /** The pairs all sets have. */
  readonly pairs: readonly SampledPair[];
  readonly sets: readonly AvailableSet[];
  readonly leftOut: readonly LeftOutSet[];
}

/**
 * Which of the wanted embedding sets are there for the sample. A set that lacks more than a few of
 * its items is left out and says so; a pair that one of the others lacks is left out for all.
 *
 * @throws AppError `embeddings/missing` when a side has no set, or no pair is common to all.
 */
export async function availableSets(
  stores: { readonly embeddings: EmbeddingStore; readonly encoders: Pick<EncoderStore, "get"> },
  pairs: readonly SampledPair[],
  choices: Choices,
): Promise<AvailableSets> {
  const sets: (AvailableSet & { readonly encoded: ReadonlySet<string> })[] = [];
  const leftOut: LeftOutSet[] = [];
  for (const modality of ALIGNED_MODALITIES) {
    for (const choice of choices[modality]) {
      const spec = await stores.encoders.get(choice.id);
      const key = await encoderKey(spec, choice);
      const encoded = await stores.embeddings.encodedDigests(key);
      const missing = pairs.filter((pair) => !encoded.has(pair[modality])).length;
      const name = embeddingName(spec, choice);
      if (missing > MISSING_ALLOWED * pairs.length) {
        leftOut.push({ name, reason: missingWords(missing, pairs.length, spec) });
        continue;
      }
      const load = (wanted: readonly SampledPair[]) =>
        stores.embeddings.load(
          key,
          wanted.map((pair) => pair[modality]),
        );
      sets.push({ modality, choice, name, load, encoded });
    }
  }
  const common = pairs.filter((pair) =>
    sets.every(({ modality, encoded }) => encoded.has(pair[modality])),
  );
  return { pairs: common, sets, leftOut };
}

function missingWords(missing: number, pairs: number, { modality }: EncoderSpec): string {
  const noun = modality === "text" ? "captions" : `${modality}s`;
  return `${missing} of ${pairs} ${noun} of the sample are not encoded`;
}

/** The sets of one side. @throws AppError `embeddings/missing` when there is none. */
export function setsOfSide(
  { sets, leftOut }: AvailableSets,
  modality: AlignedModality,
): readonly AvailableSet[] {
  const side = sets.filter((set) => set.modality === modality);
  if (side.length > 0) return side;
  const causes = leftOut.map(({ name, reason }) => `${name}: ${reason}`).join("; ");
  throw new AppError("embeddings/missing", `no ${modality} embeddings of the sample. ${causes}`);
}
