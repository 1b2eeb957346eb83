import type { ImagePreprocessing } from "../../core/domain/encoder";
import { matrix, type Matrix } from "../../core/math/matrix";
import type { Encoder } from "../../core/ports";
import type { Priority } from "./mutex";
import { decodeImage, writePixels } from "./preprocessImage";
import type { RgbImage } from "./resizeBicubic";
import type { Session } from "./session";

/** An encoder whose queries overtake its batches. */
export interface QueryableEncoder<Input> extends Encoder<Input> {
  encode(batch: readonly Input[], priority?: Priority): Promise<Matrix>;
}

/** Pictures decoded at once: a phone's photo takes 50 MB, so a whole batch of them does not fit. */
const DECODERS = 2;

interface ImageEncoderOptions {
  readonly session: Session;
  readonly preprocessing: ImagePreprocessing;
  readonly width: number;
  /** Session output that holds the embedding. */
  readonly output: string;
  /** How bytes become pixels; a test without a browser passes its own. */
  readonly decode?: (blob: Blob) => Promise<RgbImage>;
}

/**
 * Pictures to embeddings. Decoding starts at once, so the next batch's pictures are ready when the
 * session is free. `encode` throws `encoder/input` when one of them cannot be decoded.
 */
export function imageEncoder(options: ImageEncoderOptions): QueryableEncoder<Blob> {
  const { session, preprocessing, width, output, decode = decodeImage } = options;
  const { size, input } = preprocessing;
  const pixels = 3 * size * size;
  return {
    width,
    device: session.device,
    async encode(batch, priority) {
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
      const feeds = {
        [input]: { kind: "float32", data, dims: [batch.length, 3, size, size] },
      } as const;
      const result = await session.run(feeds, output, priority);
      return matrix(batch.length, width, result.data);
    },
    release: () => session.release(),
  };
}
