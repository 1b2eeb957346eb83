import { differenceHash, greyOf, HASH_HEIGHT, HASH_WIDTH } from "../../core/math/differenceHash";
import { THUMBNAIL_PIXELS } from "./limits";

/** What decoding a picture once gives. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  /** At most `THUMBNAIL_PIXELS` wide and high; absent where the picture is that small itself. */
  readonly thumbnail?: Blob;
  /** Its difference hash (`core/math/differenceHash`). */
  readonly look?: string;
}

/** Decodes a picture to prove it whole. Rejects with the decoder's own words. */
export type ImageProbe = (blob: Blob) => Promise<DecodedImage>;

/** The browser's decoder, the one encoders will use. Orientation (EXIF) is applied. */
export const decodeImage: ImageProbe = async (blob) => {
  const bitmap = await createImageBitmap(blob);
  try {
    const { width, height } = bitmap;
    const scale = THUMBNAIL_PIXELS / Math.max(width, height);
    if (scale >= 1) return { width, height, look: lookOf(bitmap) };
    const small = drawn(bitmap, Math.round(width * scale) || 1, Math.round(height * scale) || 1);
    const look = lookOf(small);
    // Browsers that cannot write WebP give PNG instead, which keeps transparency as well.
    const thumbnail = await small.convertToBlob({ type: "image/webp", quality: 0.8 });
    return { width, height, look, thumbnail };
  } finally {
    bitmap.close();
  }
};

function lookOf(picture: CanvasImageSource): string {
  const tiny = drawn(picture, HASH_WIDTH, HASH_HEIGHT);
  return differenceHash(greyOf(contextOf(tiny).getImageData(0, 0, HASH_WIDTH, HASH_HEIGHT).data));
}

function drawn(picture: CanvasImageSource, width: number, height: number): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = contextOf(canvas);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
  return canvas;
}

function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  // Read back at once: a canvas on the graphics processor would only be a detour.
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("the browser gives no canvas");
  return context;
}
