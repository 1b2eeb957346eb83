import type { EmbeddingChoice, EncoderSpec, ImagePreprocessing } from "../../core/domain/encoder";
import type { PictureParts } from "../../core/domain/pictureMap";
import { decodeImage, writePixels } from "./preprocessImage";
import { pictureParts, type PartsOptions } from "./pictureParts";
import { queryableEncoder, type QueryableEncoder } from "./queryableEncoder";
import { outputNames, readEmbeddings } from "./readEmbeddings";
import type { RgbImage } from "./resizeImage";
import type { Feeds, Session } from "./session";

/** An encoder of pictures that also tells what their parts are. */
export interface PictureEncoder extends QueryableEncoder<Blob> {
  /** Raw embeddings of the parts of a picture. @throws AppError as `pictureParts`. */
  partsOf(picture: Blob, options: PartsOptions): Promise<PictureParts>;
}

/** Pictures decoded at once: a phone's photo takes 50 MB, so a whole batch of them does not fit. */
const DECODERS = 2;

/** What an image encoder is made of. */
export interface ImageEncoderOptions {
  readonly session: Session;
  readonly spec: EncoderSpec;
  readonly choice: EmbeddingChoice;
  readonly preprocessing: ImagePreprocessing;
  /** How bytes become pixels; a test without a browser passes its own. */
  readonly decode?: (blob: Blob) => Promise<RgbImage>;
}

/**
 * Pictures to embeddings. Decoding starts at once, so the next batch's pictures are ready when the
 * session is free. `encode` throws `encoder/input` when one of them cannot be decoded.
 */
export function imageEncoder(options: ImageEncoderOptions): PictureEncoder {
  const { session, spec, choice, preprocessing, decode } = options;
  const encodeEach: QueryableEncoder<Blob>["encodeEach"] = async (batch, choices, priority) => {
    const names = outputNames(spec, choices);
    const feeds = await pictureFeeds(batch, preprocessing, decode);
    const outputs = await session.run(feeds, names, priority);
    return choices.map((each) =>
      readEmbeddings(outputs, { spec, choice: each, rows: batch.length }),
    );
  };
  return {
    ...queryableEncoder({ session, spec, choice, encodeEach }),
    partsOf: (picture, how) => pictureParts(options, picture, how),
  };
}

/** What a network is fed for pictures: [B, 3, size, size]. @throws AppError `encoder/input`. */
export async function pictureFeeds(
  batch: readonly Blob[],
  preprocessing: ImagePreprocessing,
  decode: (blob: Blob) => Promise<RgbImage> = decodeImage,
): Promise<Feeds> {
  const { size, input } = preprocessing;
  const pixels = 3 * size ** 2;
  const data = new Float32Array(batch.length * pixels);
  let at = 0;
  const decodeRest = async () => {
    while (at < batch.length) {
      const i = at++;
      const image = await decode(batch[i]!);
      writePixels(image, preprocessing, data.subarray(i * pixels, (i + 1) * pixels));
    }
  };
  await Promise.all(Array.from({ length: DECODERS }, decodeRest));
  return { [input]: { kind: "float32", data, dims: [batch.length, 3, size, size] } };
}
