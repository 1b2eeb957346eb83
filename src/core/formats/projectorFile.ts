import type { Projector } from "../domain/projector";
import { decodeElements } from "./arrayElements";
import { textOfBytes } from "./bytesText";
import { readSafetensorsHeader, safetensorsHeaderLength, writeSafetensors } from "./safetensors";

/**
 * A projector as one safetensors file, its tensors as the playground stores them.
 *
 * @param more texts to put into its metadata.
 */
export function packProjector(
  projector: Projector,
  more: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const { kind, modality, inputWidth, dimension, tensors } = projector;
  return writeSafetensors(
    Object.entries(tensors).map(([name, { shape, data }]) => ({ name, shape, values: data })),
    { ...more, kind, modality, inputWidth: `${inputWidth}`, dimension: `${dimension}` },
  );
}

/** What `packProjector` packed. @throws AppError `import/embeddings` when it is damaged. */
export function unpackProjector(bytes: Uint8Array): Projector {
  const name = "projector";
  const headerBytes = safetensorsHeaderLength(bytes, bytes.length, name);
  const json = textOfBytes(bytes.subarray(8, 8 + headerBytes));
  const { tensors, metadata } = readSafetensorsHeader(json, {
    headerBytes,
    sizeBytes: bytes.length,
    name,
  });
  return {
    kind: metadata["kind"] as Projector["kind"], // our own file: written above
    modality: metadata["modality"] as Projector["modality"],
    inputWidth: Number(metadata["inputWidth"]),
    dimension: Number(metadata["dimension"]),
    tensors: Object.fromEntries(
      tensors.map(({ name: key, shape, offset, sizeBytes }) => [
        key,
        { shape, data: decodeElements(bytes.subarray(offset, offset + sizeBytes), "f4") },
      ]),
    ),
  };
}
