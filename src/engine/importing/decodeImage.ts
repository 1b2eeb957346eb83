/** Decodes a picture to prove that it can be decoded. Rejects with the decoder's own words. */
export type ImageProbe = (blob: Blob) => Promise<{ width: number; height: number }>;

/** The browser's decoder, the one encoders will use. Orientation (EXIF) is applied. */
export const decodeImage: ImageProbe = async (blob) => {
  const bitmap = await createImageBitmap(blob);
  try {
    return { width: bitmap.width, height: bitmap.height };
  } finally {
    bitmap.close();
  }
};
