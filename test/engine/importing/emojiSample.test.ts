import { readFile } from "node:fs/promises";
import { BlobReader, TextWriter, ZipReader, type FileEntry } from "@zip.js/zip.js";
import { beforeAll, describe, expect, it } from "vitest";
import type { ImportSource } from "../../../src/core/domain/dataset";
import { countSplits, resplit } from "../../../src/core/domain/splits";
import { checkedData } from "../../../src/engine/checking/checkedData";
import { checkLeak } from "../../../src/engine/checking/leak";
import { equalFiles } from "../../../src/engine/checking/pictures";
import {
  AUTO_SPLIT,
  guessedMapping,
  importFiles,
  inspect,
  type Imported,
} from "../../support/importing";

let source: ImportSource;
let imported: Imported;

beforeAll(async () => {
  const bytes = await readFile(new URL("../../../public/samples/emoji.zip", import.meta.url));
  const file = new File([bytes], "emoji.zip");
  source = { kind: "files", files: [{ path: "emoji.zip", file }] };
  imported = await importFiles(source);
});

describe("the emoji sample", () => {
  it("is recognised without a question", async () => {
    const { summary, columns, warnings, files, rows } = await inspect(source);
    expect(summary).toBe("Image folder with metadata.csv: 3,246 rows, 3,246 images");
    expect({ files, rows, warnings }).toEqual({ files: 3248, rows: 3246, warnings: [] });
    expect(Object.fromEntries(columns.map(({ column, role }) => [column, role]))).toEqual({
      file_name: "file",
      text: "caption",
      keywords: "ignore",
      concept: "ignore",
      family: "group",
      split: "split",
      category: "label",
      subcategory: "label",
      artwork: "label",
    });
    expect(columns[1]).toMatchObject({
      distinct: 1652,
      examples: expect.arrayContaining(["grinning face"]),
    });
  });

  it("imports whole; pictures that are equal byte for byte are said to be", () => {
    const { issues, ...report } = imported.report;
    expect(report).toMatchObject({
      rows: 3246,
      used: 3246,
      skipped: 0,
      items: { image: 3246, text: 1652 },
      pairs: 3246,
      // 1,461 families; equal pictures join ten of them into five.
      groups: 1456,
      splitSource: "column",
    });
    const reasons = (pattern: RegExp) => issues.filter(({ reason }) => pattern.test(reason)).length;
    expect(reasons(/^same picture as /)).toBe(9);
    expect(issues.at(-1)?.reason).toMatch(/^3 groups \(10 pairs\) in more than one split/);
    expect(issues).toHaveLength(10);
    expect(imported.blobs).toHaveLength(3237);
  });

  it("keeps where each picture came from and what it is labelled", () => {
    expect(imported.project.data).toMatchObject({
      source: "emoji.zip",
      labelColumns: ["category", "subcategory", "artwork"],
      report: imported.report,
    });
    expect(imported.images[0]).toMatchObject({
      source: "noto/1f600.webp",
      width: 96,
      height: 96,
      labels: { category: "smileys & emotion", subcategory: "smiling", artwork: "noto" },
    });
  });

  it("holds out the 321 images and 164 captions of its own split", () => {
    const held = imported.pairs.filter(({ split }) => split === "test");
    expect(new Set(held.map(({ image }) => image)).size).toBe(321);
    expect(new Set(held.map(({ text }) => text)).size).toBe(164);
    expect(imported.report.splits.test).toBe(321);
  });

  it("draws splits that keep families whole when its own are set aside", () => {
    const drawn = resplit(imported.pairs, imported.images, { ...AUTO_SPLIT, seed: 7 });
    expect(countSplits(drawn)).toEqual({ train: 2596, validation: 325, test: 325 });
    const splitsOf = new Map<string, Set<string>>();
    for (const { group, split } of drawn) {
      splitsOf.set(group, (splitsOf.get(group) ?? new Set()).add(split));
    }
    expect(splitsOf.size).toBe(1456);
    expect([...splitsOf.values()].every((splits) => splits.size === 1)).toBe(true);
  });
});

describe("the emoji sample split by concept", () => {
  let torn: Imported;

  beforeAll(async () => {
    // “Man running” and “woman running” are two concepts of one family, with nearly one drawing.
    const mapping = await guessedMapping(source, { split: "ignore" });
    torn = await importFiles(source, { mapping, split: { ...AUTO_SPLIT, group: "concept" } });
  }, 60_000);

  const check = ({ images, texts, pairs }: Imported) => {
    const data = checkedData("image", images, texts, pairs);
    return checkLeak(data, equalFiles(data));
  };

  it("has families on both sides, every one of which the leak check finds and names", async () => {
    const rows = await metadataRows();
    const sides = new Map<string, Set<boolean>>();
    for (const { image = -1, split } of torn.pairs) {
      const family = rows.get(torn.images[image]?.source ?? "")?.family;
      if (!family) continue; // six pictures have none
      sides.set(family, (sides.get(family) ?? new Set()).add(split === "train"));
    }
    const straddling = [...sides].filter(([, both]) => both.size === 2).map(([name]) => name);
    expect(straddling.length).toBeGreaterThan(20);
    const { detail, groups, action } = check(torn);
    expect(detail).toContain(`${straddling.length} values of “family”: `);
    const found = groups.map((pairs) => {
      const families = pairs.map((p) => torn.images[torn.pairs[p]?.image ?? -1]?.labels?.family);
      return new Set(families).size === 1 ? families[0] : undefined;
    });
    expect(straddling.filter((family) => !found.includes(family))).toEqual([]);
    const named = straddling.filter((family) => detail.includes(`${family} (“`));
    expect(named).toHaveLength(Math.min(straddling.length, 30));
    expect(action).not.toBeNull();
  });

  it("has none once they are kept together, and none in its own split", () => {
    const { action } = check(torn);
    const { together = [] } = action?.request.kind === "resplit" ? action.request : {};
    const spec = { ...AUTO_SPLIT, group: "concept" };
    const pairs = resplit(torn.pairs, torn.images, spec, { together });
    expect(check({ ...torn, pairs })).toMatchObject({ count: 0, action: null });
    expect(check(imported).detail).not.toContain("family");
  });

  it("offers families as no label to classify by", () => {
    expect(torn.project.data?.labelColumns).toEqual(["category", "subcategory", "artwork"]);
  });
});

/** Concept and family of every picture, read by other means than the importer's. */
async function metadataRows(): Promise<Map<string, { concept: string; family: string }>> {
  const bytes = await readFile(new URL("../../../public/samples/emoji.zip", import.meta.url));
  const reader = new ZipReader(new BlobReader(new Blob([bytes])), { useWebWorkers: false });
  const entries = await reader.getEntries();
  const entry = entries.find(({ filename }) => filename === "metadata.csv") as FileEntry;
  const [, ...lines] = (await entry.getData(new TextWriter())).trimEnd().split("\n");
  await reader.close();
  // Keywords are quoted; concept and family are the two plain cells before the split.
  return new Map(
    lines.map((line) => {
      const [, concept = "", family = ""] =
        /,([^,"]*),([^,"]*),(?:train|validation|test),/.exec(line) ?? [];
      return [line.slice(0, line.indexOf(",")), { concept, family }];
    }),
  );
}
