import type { EncoderSpec, Pooling } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import { sha256 } from "../sha256";

/**
 * Name of everything that decides an encoder's numbers: SHA-256 (hex) over the canonical JSON of
 * id, revision, the digest of every file, session output, pooling, and preprocessing with its
 * version. Two vectors under one key are comparable; any change of an ingredient is a new key.
 *
 * @throws AppError `encoder/missing` when the encoder does not offer `pooling`.
 */
export async function encoderKey(spec: EncoderSpec, pooling: Pooling): Promise<string> {
  const ingredients = {
    id: spec.id,
    revision: spec.revision,
    files: spec.files.map((file) => `${file.role}:${file.sha256}`).sort(),
    output: outputOf(spec, pooling),
    pooling,
    preprocessing: spec.preprocessing,
    preprocessingVersion: spec.preprocessingVersion,
  };
  return sha256(canonicalJson(ingredients));
}

/** Session output that holds the embedding. @throws AppError `encoder/missing`. */
export function outputOf(spec: EncoderSpec, pooling: Pooling): string {
  const output = spec.outputs[pooling];
  if (!output) throw new AppError("encoder/missing", `${spec.id} has no pooling “${pooling}”`);
  return output;
}

/** JSON with sorted keys, so that the order in which a catalogue entry is written is no ingredient. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
