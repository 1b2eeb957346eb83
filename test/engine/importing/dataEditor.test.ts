import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EditRequest } from "../../../src/core/domain/edit";
import type { Project } from "../../../src/core/domain/project";
import { DataEditor } from "../../../src/engine/importing/dataEditor";
import { IdbDatasetStore } from "../../../src/storage/datasetStore";
import type { Services } from "../../../src/app/services";
import { projectWithPairs } from "../../support/projects";
import { testServices, type TestServices } from "../../support/services";

let services: TestServices;
let editor: DataEditor;
let project: Project;
const stores = (): Services["stores"] => services.stores;

beforeEach(async () => {
  services = await testServices();
  project = await projectWithPairs(services, 20);
  editor = new DataEditor(stores());
  // The digest the fixture carries is made up: one edit and its undo give the real one.
  await exclude(0);
  await undo();
});
afterEach(() => services.close());

const edit = (request: EditRequest) => editor.edit(project.id, request);
const exclude = (...pairs: number[]) => edit({ kind: "exclude", pairs, reason: "by hand" });
const undo = () => editor.undo(project.id);
const data = async () => (await stores().projects.get(project.id)).data!;
const pairs = () => stores().datasets.pairs(project.id);

describe("DataEditor", () => {
  const requests: [string, EditRequest][] = [
    ["exclude", { kind: "exclude", pairs: [3, 4, 3], reason: "copies" }],
    ["caption", { kind: "caption", pair: 2, text: "  a new caption " }],
    ["caption of another pair", { kind: "caption", pair: 2, text: "caption 7" }],
    ["resplit", { kind: "resplit", together: [[0, 10]] }],
  ];

  it.each(requests)(
    "undoes %s so that pairs, counts and digest are as before",
    async (_, request) => {
      const [before, pairsBefore] = [await data(), await pairs()];
      expect((await edit(request)).words).not.toBeNull();
      expect((await data()).digest).not.toBe(before.digest);
      await undo();
      expect(await pairs()).toEqual(pairsBefore);
      expect(await data()).toEqual(before);
    },
  );

  it("includes what was excluded, and undo brings back the reason", async () => {
    await exclude(5);
    await edit({ kind: "include", pairs: [5, 6] });
    expect((await data()).report.pairs).toBe(20);
    await undo();
    expect((await pairs())[5]!.excluded).toBe("by hand");
  });

  it("counts pairs, items, groups and splits without the excluded", async () => {
    await exclude(0, 1, 2);
    const { report, excludedPairs } = await data();
    expect(report).toMatchObject({
      pairs: 17,
      groups: 17,
      items: { image: 17, text: 17 },
      splits: { train: 16, validation: 0, test: 1 },
    });
    expect(excludedPairs).toBe(3);
  });

  it("adds a new caption at the end and keeps a known one where it is", async () => {
    await edit({ kind: "caption", pair: 2, text: "new" });
    const texts = await stores().datasets.items(project.id, "text");
    expect(texts[20]).toMatchObject({ text: "new", source: "metadata.csv:4" });
    expect((await pairs())[2]!.text).toBe(20);
    await edit({ kind: "caption", pair: 3, text: "new" });
    expect(await stores().datasets.items(project.id, "text")).toHaveLength(21);
    expect((await pairs())[3]!.text).toBe(20);
  });

  it("numbers captions right after an undo left one without a pair", async () => {
    await edit({ kind: "caption", pair: 2, text: "first" });
    await undo();
    await new DataEditor(stores()).edit(project.id, { kind: "caption", pair: 4, text: "second" });
    await edit({ kind: "caption", pair: 5, text: "third" });
    const texts = await stores().datasets.items(project.id, "text");
    const now = await pairs();
    expect([now[2], now[4], now[5]].map((pair) => texts[pair!.text!]!.text)).toEqual([
      "caption 2",
      "second",
      "third",
    ]);
  });

  it("keeps pairs on one side of the split that a resplit names together", async () => {
    for (let seed = 0; seed < 5; seed++) {
      const spec = { group: "auto", validation: 0.2, test: 0.3, seed };
      await edit({
        kind: "resplit",
        together: [
          [0, 11, 12],
          [12, 13],
        ],
        spec,
      });
      const now = await pairs();
      expect(new Set([0, 11, 12, 13].map((i) => now[i]!.split)).size).toBe(1);
      expect(new Set([0, 11, 12, 13].map((i) => now[i]!.group)).size).toBe(1);
      expect((await data()).split.seed).toBe(seed);
    }
  });

  it("says so when nothing has to change", async () => {
    expect(await edit({ kind: "include", pairs: [1] })).toEqual({ words: null });
    expect(await edit({ kind: "caption", pair: 1, text: "caption 1" })).toEqual({ words: null });
    expect((await data()).edits).toEqual([]);
  });

  it.each<[string, EditRequest]>([
    ["an empty caption", { kind: "caption", pair: 1, text: " \n" }],
    ["a pair that does not exist", { kind: "exclude", pairs: [1, 99], reason: "" }],
  ])("refuses %s and changes nothing", async (_, request) => {
    const before = await data();
    await expect(edit(request)).rejects.toMatchObject({ code: "data/edit" });
    expect(await data()).toEqual(before);
  });

  it("refuses a caption that the picture already has", async () => {
    await stores().datasets.replaceData(project, {
      ...{ image: await stores().datasets.items(project.id, "image"), audio: [], sensor: [] },
      text: await stores().datasets.items(project.id, "text"),
      pairs: (await pairs()).map((pair, i) => (i === 1 ? { ...pair, image: 0 } : pair)),
    });
    const fresh = new DataEditor(stores());
    const request = { kind: "caption", pair: 0, text: "caption 1" } as const;
    await expect(fresh.edit(project.id, request)).rejects.toMatchObject({ code: "data/edit" });
    expect(await fresh.related(project.id, 1)).toEqual([0, 1]);
  });

  it("has nothing to undo at the start, and goes on after a refusal", async () => {
    await expect(undo()).rejects.toMatchObject({ code: "data/edit" });
    expect((await exclude(2)).words).toBe("Excluded 1 pair");
  });

  it("makes edits asked for at once one after the other", async () => {
    await Promise.all([exclude(1), exclude(2), undo(), exclude(3)]);
    const out = (await pairs()).flatMap(({ excluded }, i) => (excluded === undefined ? [] : i));
    expect(out).toEqual([1, 3]);
    expect((await data()).edits).toHaveLength(2);
  });

  it("keeps nothing of an edit the store refuses", async () => {
    const store = stores().datasets as IdbDatasetStore;
    const applyEdit = store.applyEdit.bind(store);
    store.applyEdit = () => Promise.reject(new DOMException("", "QuotaExceededError"));
    await expect(exclude(7)).rejects.toThrow();
    store.applyEdit = applyEdit;
    await exclude(8);
    expect((await data()).excludedPairs).toBe(1);
  });
});
