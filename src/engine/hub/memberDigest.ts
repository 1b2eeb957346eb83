import type { Hub, HubMember } from "../../core/domain/hub";
import { sha256 } from "../sha256";

/**
 * SHA-256 (hex) over what a member does: its modality, its encoder's key and its projector, every
 * tensor by name with its shape and its numbers (float32, little-endian). Names, ids and data are
 * no part of it.
 */
export async function memberDigest({
  modality,
  encoderKey,
  projector,
}: Pick<HubMember, "modality" | "encoderKey" | "projector">): Promise<string> {
  const { kind, inputWidth, dimension, tensors } = projector;
  const names = Object.keys(tensors).sort();
  const numbers = await Promise.all(
    names.map(async (name) => {
      const { shape, data } = tensors[name]!; // one of its own names
      return [name, shape, await sha256(new Uint8Array(littleEndian(data)))];
    }),
  );
  return sha256(JSON.stringify([modality, encoderKey, kind, inputWidth, dimension, numbers]));
}

/** SHA-256 (hex) over the width of a shared space and the digests of those it was frozen with. */
export function hubDigest({ dimension, base }: Pick<Hub, "dimension" | "base">): Promise<string> {
  return sha256(JSON.stringify([dimension, base.map(({ digest }) => digest).sort()]));
}

function littleEndian(values: Float32Array): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  return view.buffer;
}
