import type { MissingRequest, MissingTable } from "../../core/domain/hubQuery";
import { AppError } from "../../core/errors";
import { matrix, row, type Matrix } from "../../core/math/matrix";
import type { Progress } from "../../core/progress";
import { combineTerms } from "../search/combineTerms";
import { chanceOfGroups, heldOutGroups, scoreQueries, type HeldOutGroups } from "./heldOutGroups";
import type { HubSpace } from "./hubSpace";

/** How a measurement is stopped and followed. */
export interface MeasureContext {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/**
 * Recall of held-out queries made of every subset of some members' items that belong together:
 * single ones first, then pairs, up to all. All subsets answer the same queries on the same
 * gallery, so that rows compare.
 *
 *   q = (Σ of those present f(item) / ‖f(item)‖), to length 1
 *
 * Equal weights, with nothing in the place of a part that is absent.
 *
 * @throws AppError as `heldOutGroups`, `cancelled`.
 */
export async function missingTable(
  space: HubSpace,
  request: Pick<MissingRequest, "sources" | "target">,
  { signal, report }: MeasureContext,
): Promise<MissingTable> {
  const groups = heldOutGroups(space, request);
  const subsets = subsetsOf(request.sources);
  const progress = (done: number) =>
    report({ stage: "evaluate", done, total: subsets.length, unit: "runs" });
  const rows: MissingTable["rows"][number][] = [];
  progress(0);
  for (const present of subsets) {
    const queries = queriesOf(groups, space, present);
    rows.push({ present, result: await scoreQueries(groups, queries, signal) });
    progress(rows.length);
  }
  return { target: request.target, queries: groups.queries, rows, chance: chanceOfGroups(groups) };
}

/** One query per group of the items of some sources: [Q, P]. */
export function queriesOf(
  groups: HeldOutGroups,
  space: HubSpace,
  present: readonly string[],
): Matrix {
  const parts = present.map((id) => {
    const rows = groups.rows.get(id);
    const { vectors } = space.member(id);
    return (q: number) => row(vectors, rows?.[q] ?? 0);
  });
  return sumOfParts(groups.queries, space.hub.dimension, parts);
}

/** Vector of query `q`; null where the query lacks it. */
export type PartOf = (q: number) => Float32Array<ArrayBuffer> | null;

/**
 * Queries of equally weighted parts: [queries, P]. One with no part left, or whose parts cancel
 * out, is zero: all items tie, so it counts as a miss.
 */
export function sumOfParts(queries: number, dimension: number, parts: readonly PartOf[]): Matrix {
  const out = matrix(queries, dimension);
  for (let q = 0; q < queries; q++) {
    const terms = parts.flatMap((part) => {
      const vector = part(q);
      return vector ? [{ vector, weight: 1 }] : [];
    });
    if (terms.length === 0) continue;
    try {
      row(out, q).set(combineTerms(terms));
    } catch (thrown) {
      if (!(thrown instanceof AppError && thrown.code === "query/empty")) throw thrown;
    }
  }
  return out;
}

/** Every non-empty subset, small ones first, in the order given. */
function subsetsOf(sources: readonly string[]): string[][] {
  const all = Array.from({ length: 2 ** sources.length - 1 }, (_, i) =>
    sources.filter((_, s) => ((i + 1) >> s) & 1),
  );
  return all.sort((a, b) => a.length - b.length);
}
