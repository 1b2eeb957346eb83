import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { droppedFolder, FIXTURE_PAIRS, LAYOUTS } from "../support/formatFixtures";
import { importFiles, inspect } from "../support/importing";

let folder: string;
let reference: string[];

/** `picture digest, caption` of every pair, sorted. */
async function pairsIn(name: keyof typeof LAYOUTS) {
  const home = await mkdtemp(join(folder, "layout-"));
  const { format, write } = LAYOUTS[name];
  await write(home);
  const source = { kind: "files", files: await droppedFolder(home) } as const;
  const inspection = await inspect(source);
  const { report, images, texts, pairs } = await importFiles(source);
  const content = pairs.map(({ image, text }) => {
    return `${images[image ?? -1]?.digest} ${texts[text ?? -1]?.text}`;
  });
  return { format, inspection, report, content: content.sort() };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "playground-formats-"));
  reference = (await pairsIn("imagefolder, csv")).content;
  expect(reference).toHaveLength(FIXTURE_PAIRS);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(Object.keys(LAYOUTS) as (keyof typeof LAYOUTS)[])("%s", (name) => {
  it("is recognised, and imports to the same pairs with every row used", async () => {
    const { format, inspection, report, content } = await pairsIn(name);
    expect(inspection.format).toBe(format);
    expect(inspection.summary).toMatch(/721/);
    expect(report).toMatchObject({ rows: FIXTURE_PAIRS, used: FIXTURE_PAIRS, skipped: 0 });
    expect(report.items).toMatchObject({ image: FIXTURE_PAIRS, audio: 0, sensor: 0 });
    expect(report.issues.filter(({ kind }) => kind !== "flagged")).toEqual([]);
    expect(content).toEqual(reference);
  });
});
