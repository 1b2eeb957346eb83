import type { DatasetStore } from "../../core/ports";
import type { ReadPixels } from "./pictures";

/** Side of the pictures compared: `NEAR_DIFFERENCE` was measured at this size. */
const SIDE = 16;

/** Thumbnails as 16 × 16 RGB on white, drawn by this worker's own canvas. */
export function thumbnailPixels(
  datasets: Pick<DatasetStore, "thumbnail">,
  projectId: string,
): ReadPixels {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (digest) => {
    if (!context) return null;
    const picture = await decoded(datasets, projectId, digest);
    if (!picture) return null;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, SIDE, SIDE);
    context.drawImage(picture, 0, 0);
    picture.close();
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    return Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, i) => {
      return data[4 * Math.floor(i / 3) + (i % 3)] ?? 0;
    });
  };
}

/** Null for a picture that cannot be read: it is counted as not compared. */
async function decoded(
  datasets: Pick<DatasetStore, "thumbnail">,
  projectId: string,
  digest: string,
): Promise<ImageBitmap | null> {
  try {
    const blob = await datasets.thumbnail(projectId, digest);
    return await createImageBitmap(blob, {
      ...{ resizeWidth: SIDE, resizeHeight: SIDE, resizeQuality: "medium" },
    });
  } catch {
    return null;
  }
}
