import type { Item } from "../../core/domain/dataset";
import type { VectorComparison } from "../../core/domain/encodeRequest";
import { AppError } from "../../core/errors";
import { dot, row, type Matrix } from "../../core/math/matrix";
import type { DatasetStore } from "../../core/ports";
import { lengthOf } from "./networkOf";

/** Items encoded again to find out whether a network made imported embeddings. */
const SAMPLE = 16; // a wrong pooling or preprocessing shows on every one of them

/** How far from 1 the length of embeddings may be that were normalised, and stored as float16. */
const UNIT_TOLERANCE = 0.01;

/**
 * Items spread evenly over a project whose content is stored: pictures with their bytes, captions.
 *
 * @throws AppError `encoder/nothing-to-compare` when there is none.
 */
export async function itemsWithContent(
  items: readonly Item[],
  projectId: string,
  datasets: Pick<DatasetStore, "blob">,
): Promise<Item[]> {
  const found: Item[] = [];
  const seen = new Set<string>();
  const step = Math.max(1, Math.floor(items.length / (4 * SAMPLE)));
  for (let i = 0; i < items.length && found.length < SAMPLE; i += step) {
    const item = items[i]!;
    if (seen.has(item.digest)) continue;
    seen.add(item.digest);
    if (item.text !== undefined || (await isStored(item, projectId, datasets))) found.push(item);
  }
  if (found.length === 0) throw new AppError("encoder/nothing-to-compare");
  return found;
}

async function isStored(
  { digest }: Item,
  projectId: string,
  datasets: Pick<DatasetStore, "blob">,
): Promise<boolean> {
  try {
    await datasets.blob(projectId, digest);
    return true;
  } catch (thrown) {
    if (AppError.from(thrown).code === "storage/missing") return false; // only its vector came
    throw thrown;
  }
}

/**
 * Compares row by row, by direction: the scale of imported embeddings is their maker's.
 *
 * @param imported [n, D]
 * @param computed [n, D], by the network.
 * @throws AppError `encoder/not-made-with` when the widths differ.
 */
export function compareVectors(imported: Matrix, computed: Matrix): VectorComparison {
  if (imported.cols !== computed.cols) {
    const detail = `they are ${imported.cols} wide, its embeddings ${computed.cols}`;
    throw new AppError("encoder/not-made-with", detail);
  }
  let cosine = 1;
  let unitLength = true;
  for (let i = 0; i < imported.rows; i++) {
    const [a, b] = [row(imported, i), row(computed, i)];
    const own = dot(a, b) / (lengthOf(a) * lengthOf(b));
    cosine = own >= cosine ? cosine : own; // NaN is not at least anything, so it stays
    unitLength &&= Math.abs(lengthOf(a) - 1) < UNIT_TOLERANCE;
  }
  return { cosine, items: imported.rows, unitLength };
}
