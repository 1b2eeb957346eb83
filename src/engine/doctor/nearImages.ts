import { row64, type Matrix64 } from "../../core/math/linalg/matrix64";
import { addProduct, block } from "../../core/math/linalg/product";
import { dot } from "../../core/math/matrix";
import { breathe } from "../align/breathe";
import { nearLooks } from "../checking/nearDuplicates";

/** Cosine of centred embeddings from which two images count as one for the folds. */
const NEAR_COSINE = 0.97;

const MOST_COMPARED = 4_000; // all with all is a second; more images are compared by look alone
const BLOCK_ROWS = 128;

/**
 * Images that are nearly the same, by row: those whose difference hashes are close and whose
 * embeddings agree; where images have no hash (imported vectors), all are compared, up to 4,000.
 *
 * @param units [N, r] L2-normalised, centred.
 * @param looks [N] difference hash of each.
 */
export async function nearImages(
  units: Matrix64,
  looks: readonly (string | undefined)[],
  signal?: AbortSignal,
): Promise<[number, number][]> {
  if (looks.some((look) => look !== undefined)) {
    const candidates = await nearLooks(looks, () => breathe(signal));
    const close = candidates.filter(([a, b]) => {
      return dot(row64(units, a), row64(units, b)) >= NEAR_COSINE;
    });
    return [...close, ...equalLooks(looks)];
  }
  return units.rows <= MOST_COMPARED ? allNear(units, signal) : [];
}

/** `nearLooks` names the first of equal hashes only. */
function equalLooks(looks: readonly (string | undefined)[]): [number, number][] {
  const first = new Map<string, number>();
  return looks.flatMap((look, i): [number, number][] => {
    if (look === undefined) return [];
    const known = first.get(look);
    if (known === undefined) first.set(look, i);
    return known === undefined ? [] : [[known, i]];
  });
}

async function allNear(units: Matrix64, signal?: AbortSignal): Promise<[number, number][]> {
  const found: [number, number][] = [];
  const held = new Float64Array(BLOCK_ROWS * units.rows);
  for (let start = 0; start < units.rows; start += BLOCK_ROWS) {
    await breathe(signal);
    const m = Math.min(BLOCK_ROWS, units.rows - start);
    const n = start + m;
    const target = { data: held.fill(0), start: 0, stride: n };
    addProduct(block(units, start, 0), block(units, 0, 0), target, { m, n, k: units.cols });
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < start + i; j++) {
        if (held[i * n + j]! >= NEAR_COSINE) found.push([j, start + i]);
      }
    }
  }
  return found;
}
