import type { EmbeddingChoice, EncoderSpec } from "../../core/domain/encoder";
import type { PictureParts } from "../../core/domain/pictureMap";
import { AppError } from "../../core/errors";
import { matrix, row, type Matrix } from "../../core/math/matrix";
import type { EncoderStore } from "../../core/ports";
import type { PictureEncoder } from "../encoders/imageEncoder";
import type { OpenedEncoder } from "../encoders/openEncoder";
import type { QueryableEncoder } from "../encoders/queryableEncoder";

/** The network that computes embeddings of an encoder: itself, or what imported ones were made with. */
export interface Network {
  readonly spec: EncoderSpec;
  readonly choice: EmbeddingChoice;
  /** Its outputs are to be brought to length 1, as the imported embeddings are. */
  readonly unitLength: boolean;
}

/**
 * @throws AppError `encoder/vectors-only` when there is no network: the embeddings came without one
 *   and nobody has named it.
 */
export async function networkOf(
  spec: EncoderSpec,
  choice: EmbeddingChoice,
  encoders: Pick<EncoderStore, "get">,
): Promise<Network> {
  if (spec.origin !== "vectors") return { spec, choice, unitLength: false };
  const { madeWith } = spec;
  if (!madeWith) throw new AppError("encoder/vectors-only", spec.name);
  const { unitLength } = madeWith;
  return { spec: await encoders.get(madeWith.choice.id), choice: madeWith.choice, unitLength };
}

/** The encoder with outputs as the network's user needs them. */
export function throughNetwork(opened: OpenedEncoder, { unitLength }: Network): OpenedEncoder {
  if (!unitLength) return opened;
  switch (opened.modality) {
    case "image":
      return { ...opened, encoder: normalizedPictures(opened.encoder) };
    case "text":
      return { ...opened, encoder: normalized(opened.encoder) };
    case "audio": {
      const { doubtOf } = opened.encoder;
      return { ...opened, encoder: { ...normalized(opened.encoder), doubtOf } };
    }
    case "sensor":
      return { ...opened, encoder: normalized(opened.encoder) };
  }
}

function normalizedPictures(encoder: PictureEncoder): PictureEncoder {
  const partsOf: PictureEncoder["partsOf"] = async (picture, options) =>
    unitParts(await encoder.partsOf(picture, options));
  return { ...normalized(encoder), partsOf };
}

/** Patches are scaled as the picture is, so that their mean stays its embedding. */
function unitParts(parts: PictureParts): PictureParts {
  if (parts.method === "occlusion") {
    return { ...parts, whole: unitRows(parts.whole), parts: unitRows(parts.parts) };
  }
  const length = lengthOf(row(parts.whole, 0)) || 1;
  const scaled = ({ rows, cols, data }: Matrix) =>
    matrix(
      rows,
      cols,
      data.map((value) => value / length),
    );
  return { ...parts, whole: scaled(parts.whole), parts: scaled(parts.parts) };
}

function normalized<Input>(encoder: QueryableEncoder<Input>): QueryableEncoder<Input> {
  return {
    width: encoder.width,
    device: encoder.device,
    encode: async (batch, priority) => unitRows(await encoder.encode(batch, priority)),
    encodeEach: async (batch, choices, priority) =>
      (await encoder.encodeEach(batch, choices, priority)).map(unitRows),
    release: () => encoder.release(),
  };
}

/** Rows at length 1; a row of zeros stays. */
function unitRows(vectors: Matrix): Matrix {
  for (let i = 0; i < vectors.rows; i++) {
    const values = row(vectors, i);
    const length = lengthOf(values);
    if (length > 0) for (let d = 0; d < values.length; d++) values[d] = values[d]! / length;
  }
  return vectors;
}

/** Euclidean length. */
export function lengthOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
