import type { Item, Pair } from "../../core/domain/dataset";
import type { CsvCell } from "../../core/formats/csv";
import { usedPairs, type ExportSource } from "./exportSource";

const OWN_COLUMNS = ["file_name", "text", "group", "split", "tags", "item_id", "text_id", "row"];

/**
 * Pairs in use, one a row, in the layout that imports again beside its pictures: `file_name`,
 * `text`, `group`, `split`, then tags, the items' SHA-256, the row they came from, and every label
 * column of the data.
 */
export function pairRows(source: ExportSource): CsvCell[][] {
  const { project, items } = source;
  const media = project.data?.media ?? "image";
  const labels = (project.data?.labelColumns ?? []).filter((name) => !OWN_COLUMNS.includes(name));
  const rowOf = (pair: Pair): CsvCell[] => {
    const item: Item | undefined = items[media][pair[media] ?? -1];
    const caption: Item | undefined = items.text[pair.text ?? -1];
    return [
      ...[item?.source, caption?.text, pair.group, pair.split, pair.tags?.join("; ")],
      ...[item?.digest, caption?.digest, pair.row],
      ...labels.map((name) => item?.labels?.[name] ?? caption?.labels?.[name]),
    ];
  };
  return [[...OWN_COLUMNS, ...labels], ...usedPairs(source).map(rowOf)];
}

/** Every group with its split and how many pairs it has: `group,split,pairs`. */
export function splitRows(source: ExportSource): CsvCell[][] {
  const groups = new Map<string, { split: string; pairs: number }>();
  for (const { group, split } of usedPairs(source)) {
    groups.set(group, { split, pairs: (groups.get(group)?.pairs ?? 0) + 1 });
  }
  return [
    ["group", "split", "pairs"],
    ...Array.from(groups, ([group, { split, pairs }]) => [group, split, pairs]),
  ];
}
