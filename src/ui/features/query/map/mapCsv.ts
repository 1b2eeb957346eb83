import { toCsv } from "../../../../core/formats/csv";
import type { ItemCache } from "../../../components/search/itemCache";
import { readPoint } from "./itemWords";
import { itemOf, type MapModel } from "./mapModel";

const AT_ONCE = 512; // between two looks at the page

/**
 * The points as CSV, in the order given: item, where it is on the map and what is known of it. Text
 * that a spreadsheet would run is guarded.
 */
export async function mapCsv(
  model: MapModel,
  points: readonly number[],
  { places, cache }: { readonly places: ArrayLike<number>; readonly cache: ItemCache },
): Promise<string> {
  const columns = model.labels.map(({ column }) => column);
  const rows: (string | number | null)[][] = [
    ["modality", "digest", "source", "caption", "split", ...columns, "rank", "cosine", "x", "y"],
  ];
  for (let start = 0; start < points.length; start += AT_ONCE) {
    const block = points.slice(start, start + AT_ONCE);
    const read = await Promise.all(block.map((point) => readPoint(cache, model, point)));
    block.forEach((point, i) => {
      const { item, words = "" } = read[i] ?? {};
      const rank = model.ranks?.[point] ?? 0;
      rows.push([
        ...[itemOf(model, point).modality, item?.digest ?? "", item?.source ?? "", words],
        model.splitOf(point),
        ...model.labels.map((label) => model.labelOf(label, point)),
        rank > 0 ? rank : null,
        model.cosines?.[point] ?? null,
        ...[places[2 * point] ?? null, places[2 * point + 1] ?? null],
      ]);
    });
  }
  return toCsv(rows);
}
