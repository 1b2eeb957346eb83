import type { PairTable } from "../../core/domain/alignmentData";
import type { Item, Split } from "../../core/domain/dataset";
import type { AlignedModality } from "../../core/domain/modality";
import type { RetrievalPair } from "../../core/domain/evaluation";
import type { RunWarning } from "../../core/domain/runWarning";
import { groupValues, straddlingNames } from "../../core/domain/straddling";

const FEW_QUERIES = 50;
const NAMED = 3; // names in a sentence; the Data screen's check lists them all

/**
 * Reasons to read the numbers of a training on these pairs with care; none is a fault.
 *
 * @param items the item behind each row of both sides.
 */
export function dataWarnings(
  pairs: PairTable,
  items: Readonly<Record<AlignedModality, readonly Item[]>>,
): RunWarning[] {
  const warnings: RunWarning[] = [];
  const images = distinct(pairs, "image", "test").size;
  const captions = distinct(pairs, "text", "test").size;
  if (Math.min(images, captions) < FEW_QUERIES) {
    const detail = `${images} images and ${captions} captions are held out for the test`;
    warnings.push({ code: "few-queries", detail });
  }
  if (!pairs.split.includes("validation")) {
    warnings.push({ code: "not-restored", detail: `all of ${pairs.length} pairs` });
  }
  const common = commonestCaption(pairs);
  if (2 * common.pairs > common.of) {
    const caption = items.text[common.row]?.text ?? `caption ${common.row + 1}`;
    const detail = `${common.pairs} of ${common.of} training pairs have “${caption}”`;
    warnings.push({ code: "equal-captions", detail });
  }
  const leaks = [...tornItems(pairs, items), ...tornFamilies(pairs, items)];
  if (leaks.length > 0) warnings.push({ code: "straddling", detail: leaks.join("; ") });
  return warnings;
}

/** Pictures and captions that train and are asked for in the test, the first few by name. */
function tornItems(
  pairs: PairTable,
  items: Readonly<Record<AlignedModality, readonly Item[]>>,
): string[] {
  const torn = [
    ...straddling(pairs, "image", (r) => items.image[r]?.digest),
    ...straddling(pairs, "text", (r) => plain(items.text[r]?.text)),
  ];
  if (torn.length === 0) return [];
  const names = torn.slice(0, NAMED).map(({ side, row }) => {
    const item = items[side][row];
    return item?.text === undefined ? (item?.source ?? `${side} ${row + 1}`) : `“${item.text}”`;
  });
  const others = torn.length - names.length;
  return [`${names.join(", ")}${others > 0 ? ` and ${others} more` : ""}`];
}

/** Groups of other columns than the one split by, in words: `27 values of “family”: …`. */
function tornFamilies(
  pairs: PairTable,
  items: Readonly<Record<AlignedModality, readonly Item[]>>,
): string[] {
  const sides = Array.from(pairs.image, (item, p) => ({ item, split: pairs.split[p] ?? "train" }));
  const groups = groupValues(sides, (row) => items.image[row]?.labels);
  return straddlingNames(groups, (p) => items.text[pairs.text[p] ?? -1]?.text);
}

/**
 * Says that neither direction finds more among its first k than guessing does, for the largest k
 * asked for that guessing reaches less than half the time. A rate too high for the head can end so
 * without a loss that diverges.
 */
export function atChance(test: RetrievalPair | null, chance: RetrievalPair): RunWarning | null {
  const k = Object.entries(chance.imageToText.recall).findLast(([, { value }]) => value < 0.5)?.[0];
  if (test === null || k === undefined) return null;
  const sides = (["imageToText", "textToImage"] as const).map((side) => ({
    low: test[side].recall[k]?.low ?? 1,
    guessing: chance[side].recall[k]?.value ?? 0,
  }));
  if (sides.some(({ low, guessing }) => low > guessing)) return null;
  const detail = `recall@${k} of both directions has chance inside its 95 % interval`;
  return { code: "at-chance", detail };
}

/** The list with `added` in it, in place of one of the same code. */
export function withWarning(
  warnings: readonly RunWarning[],
  added: RunWarning | null,
): readonly RunWarning[] {
  return added ? [...warnings.filter(({ code }) => code !== added.code), added] : warnings;
}

function distinct(pairs: PairTable, side: AlignedModality, split: Split): Set<number> {
  return new Set(pairs[side].filter((_, p) => pairs.split[p] === split));
}

function commonestCaption({ text, split }: PairTable) {
  const counts = new Map<number, number>();
  for (const [p, row] of text.entries()) {
    if (split[p] === "train") counts.set(row, (counts.get(row) ?? 0) + 1);
  }
  const top = [...counts].reduce((best, each) => (each[1] > best[1] ? each : best), [0, 0]);
  const of = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return { row: top[0], pairs: top[1], of };
}

/** One row for each content that both trains and is asked for in the test. */
function straddling(
  pairs: PairTable,
  side: AlignedModality,
  contentOf: (row: number) => string | undefined,
): { side: AlignedModality; row: number }[] {
  const trained = new Set<string>();
  for (const row of distinct(pairs, side, "train")) trained.add(contentOf(row) ?? `row ${row}`);
  const torn = new Map<string, number>();
  for (const row of distinct(pairs, side, "test")) {
    const content = contentOf(row) ?? `row ${row}`;
    if (trained.has(content) && !torn.has(content)) torn.set(content, row);
  }
  return Array.from(torn.values(), (row) => ({ side, row }));
}

/** Captions that differ in case and spaces only are the same words. */
const plain = (caption: string | undefined) => caption?.trim().replace(/\s+/g, " ").toLowerCase();
