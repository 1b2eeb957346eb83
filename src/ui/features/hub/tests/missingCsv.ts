import type { MissingRequest, MissingTable } from "../../../../core/domain/hubQuery";
import { toCsv } from "../../../../core/formats/csv";

/** A row per combination: a column per member (1 = there), recalls with intervals, chance. */
export function missingCsv(
  { rows, chance, queries, target }: MissingTable,
  { sources }: MissingRequest,
  nameOf: (memberId: string) => string,
): string {
  const ks = Object.keys(chance);
  return toCsv([
    [
      ...sources.map((id) => `with ${nameOf(id)}`),
      ...["target", "queries", "gallery"],
      ...ks.flatMap((k) => [`recall@${k}`, `recall@${k} low`, `recall@${k} high`, `chance@${k}`]),
    ],
    ...rows.map(({ present, result }) => [
      ...sources.map((id) => (present.includes(id) ? 1 : 0)),
      ...[nameOf(target), queries, result.gallery],
      ...ks.flatMap((k) => {
        const recall = result.recall[k];
        return [recall?.value, recall?.low, recall?.high, chance[k]];
      }),
    ]),
  ]);
}
