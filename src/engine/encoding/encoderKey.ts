import type { EmbeddingChoice, EncoderOutput, EncoderSpec } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import { sha256 } from "../sha256";

/**
 * Name of everything that decides an embedding's numbers: SHA-256 (hex) over the canonical JSON of
 * id, revision, the digest of every file, session output, pooling, layer, and preprocessing with
 * its version. Two vectors under one key are comparable; any change of an ingredient is a new key.
 *
 * @throws AppError `encoder/missing` when the encoder does not offer the pooling or layer.
 */
export async function encoderKey(spec: EncoderSpec, choice: EmbeddingChoice): Promise<string> {
  const { output, index } = outputOf(spec, choice);
  const ingredients = {
    id: spec.id,
    revision: spec.revision,
    files: spec.files.map((file) => `${file.role}:${file.sha256}`).sort(),
    output,
    // Absent, not null, without a layer: keys of version 0.1 stay valid.
    ...(choice.layer === null ? { pooling: choice.pooling } : { layer: choice.layer, index }),
    preprocessing: spec.preprocessing,
    preprocessingVersion: spec.preprocessingVersion,
  };
  return sha256(canonicalJson(ingredients));
}

/** Where in a session the chosen embedding comes out. */
export interface ChosenOutput {
  readonly output: EncoderOutput;
  /** Row of a [B, L, D] output; undefined where the output is [B, D] or tokens. */
  readonly index: number | undefined;
}

/** @throws AppError `encoder/missing` when the encoder does not offer the pooling or layer. */
export function outputOf(spec: EncoderSpec, { pooling, layer }: EmbeddingChoice): ChosenOutput {
  if (layer !== null) {
    const found = spec.layers.find(({ id }) => id === layer);
    if (!found) throw new AppError("encoder/missing", `${spec.id} has no layer “${layer}”`);
    return { output: found.output, index: found.index };
  }
  const output = spec.outputs[pooling];
  if (!output) throw new AppError("encoder/missing", `${spec.id} has no pooling “${pooling}”`);
  return { output, index: undefined };
}

/** JSON with sorted keys, so that the order in which a catalogue entry is written is no ingredient. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
