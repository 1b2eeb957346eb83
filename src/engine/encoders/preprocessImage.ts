import type { ImagePreprocessing } from "../../core/domain/encoder";
import { AppError } from "../../core/errors";
import { fitImage } from "./fitImage";
import type { RgbImage } from "./resizeImage";

/** Larger pictures are refused: the RGBA copy alone would take 400 MB. */
const MAX_PIXELS = 100_000_000;

/**
 * The pixels of a picture file, turned as its EXIF says, without colour management, transparent
 * parts on white (what is under them is arbitrary, and the shipped sample is on white).
 *
 * @throws AppError `encoder/input` when the browser cannot decode it.
 */
export async function decodeImage(blob: Blob): Promise<RgbImage> {
  const bitmap = await openBitmap(blob);
  try {
    const { width, height } = bitmap;
    if (width * height > MAX_PIXELS) {
      throw new AppError("encoder/input", `${width} × ${height} pixels are too many`);
    }
    const context = new OffscreenCanvas(width, height).getContext("2d", {
      willReadFrequently: true,
    });
    if (!context) throw new AppError("internal", "no 2D canvas in this worker");
    context.drawImage(bitmap, 0, 0);
    return onWhite(context.getImageData(0, 0, width, height));
  } finally {
    bitmap.close();
  }
}

async function openBitmap(blob: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(blob, {
      colorSpaceConversion: "none",
      premultiplyAlpha: "none",
      imageOrientation: "from-image",
    });
  } catch (cause) {
    throw new AppError("encoder/input", `the picture cannot be decoded: ${String(cause)}`, {
      cause,
    });
  }
}

/** RGBA over a white ground, as [H, W, 3]. */
export function onWhite(image: {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}): RgbImage {
  const { data, width, height } = image;
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    const alpha = data[from + 3]!;
    if (alpha === 255) {
      // Nearly every pixel of nearly every picture; a photograph has twelve million.
      rgb[to] = data[from]!;
      rgb[to + 1] = data[from + 1]!;
      rgb[to + 2] = data[from + 2]!;
      continue;
    }
    for (let c = 0; c < 3; c++) {
      rgb[to + c] = Math.round((data[from + c]! * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return { data: rgb, width, height };
}

/**
 * Writes one picture into a batch: fitted to the network's square, then `(x - mean) / std`, channel
 * by channel.
 *
 * @param out [3, size, size], RGB planes.
 */
export function writePixels(
  image: RgbImage,
  preprocessing: ImagePreprocessing,
  out: Float32Array,
): void {
  const { size, mean, std } = preprocessing;
  const { data } = fitImage(image, preprocessing);
  const plane = size * size;
  for (let c = 0; c < 3; c++) {
    const normalized = Float32Array.from({ length: 256 }, (_, byte) => (byte - mean[c]!) / std[c]!);
    for (let i = 0; i < plane; i++) out[c * plane + i] = normalized[data[i * 3 + c]!]!;
  }
}
