import { isGroupName } from "./columns";
import type { Item, Split } from "./dataset";

/** A pair as far as a split may tear groups: which item it has, and on which side it is. */
export interface SplitPair {
  /** Index of its picture or sound. */
  readonly item: number;
  readonly split: Split;
}

/** The pairs that share a value of a column which plausibly says “one and the same thing”. */
export interface GroupValue {
  readonly column: string;
  readonly value: string;
  /** Places in the list of pairs given, ascending. */
  readonly pairs: readonly number[];
  /** Whether some of them train and some are held out. */
  readonly straddles: boolean;
}

/** A column named like a group is believed to be one up to this many items per value. */
const MOST_IN_NAMED_GROUP = 20;

/**
 * Other columns are groups rather than classes when they have many values of few items each. On the
 * emoji sample: families 2.2 items, subcategories 34, categories 361.
 */
const FEWEST_VALUES = 50;
const MOST_PER_VALUE = 3;

/**
 * Values of columns that plausibly are groups, those with the most pairs first: views of one object,
 * drawings of one person. Splitting by another column tears such groups apart, and the test then
 * asks for what was trained on.
 *
 * @param labelsOf the values of an item's columns, by index.
 */
export function groupValues(
  pairs: readonly SplitPair[],
  labelsOf: (item: number) => Item["labels"],
): GroupValue[] {
  const columns = new Map<string, Map<string, number[]>>();
  pairs.forEach(({ item }, p) => {
    for (const [column, value] of Object.entries(labelsOf(item) ?? {})) {
      const values = columns.get(column) ?? new Map<string, number[]>();
      columns.set(column, values);
      const held = values.get(value);
      if (held) held.push(p);
      else values.set(value, [p]);
    }
  });
  const trains = (p: number) => pairs[p]?.split === "train";
  return [...columns]
    .filter(([column, values]) => areGroups(column, values, pairs))
    .flatMap(([column, values]) =>
      Array.from(values, ([value, own]): GroupValue => {
        const straddles = own.some(trains) && !own.every(trains);
        return { column, value, pairs: own, straddles };
      }),
    )
    .sort((a, b) => b.pairs.length - a.pairs.length || (a.value < b.value ? -1 : 1));
}

function areGroups(
  column: string,
  values: ReadonlyMap<string, readonly number[]>,
  pairs: readonly SplitPair[],
): boolean {
  let items = 0;
  for (const own of values.values()) items += new Set(own.map((p) => pairs[p]?.item)).size;
  const perValue = items / values.size;
  if (isGroupName(column)) return perValue <= MOST_IN_NAMED_GROUP;
  return values.size >= FEWEST_VALUES && perValue <= MOST_PER_VALUE;
}

/**
 * The values on both sides of the split in words, by column: `27 values of “family”: 1f3c3 (“man
 * running”), … and 24 more`. Empty where there are none.
 *
 * @param captionOf a caption that says what a pair is, by its place; most group values are ids.
 * @param most names written out per column.
 */
export function straddlingNames(
  groups: readonly GroupValue[],
  captionOf: (pair: number) => string | undefined,
  most = 3,
): string[] {
  const columns = new Map<string, GroupValue[]>();
  for (const each of groups) {
    if (each.straddles) columns.set(each.column, [...(columns.get(each.column) ?? []), each]);
  }
  return Array.from(columns, ([column, values]) => {
    const names = values.slice(0, most).map(({ value, pairs }) => {
      const caption = captionOf(pairs[0] ?? -1);
      return caption === undefined || caption === value ? value : `${value} (“${caption}”)`;
    });
    const others = values.length - names.length;
    const more = others > 0 ? ` and ${others.toLocaleString("en")} more` : "";
    const count = `${values.length.toLocaleString("en")} ${values.length === 1 ? "value" : "values"}`;
    return `${count} of “${column}”: ${names.join(", ")}${more}`;
  });
}
