import { afterEach, beforeEach, expect, it } from "vitest";
import { MAX_SAVED_QUERIES } from "../../src/app/savedQueries";
import { PLAIN_SCORES, type SavedQuery } from "../../src/core/domain/query";
import { testServices, type TestServices } from "../support/services";

let services: TestServices;
let projectId: string;
beforeEach(async () => {
  services = await testServices();
  projectId = (await services.projects.create("My museum")).id;
});
afterEach(() => services.close());

const query = (name: string): Omit<SavedQuery, "id"> => ({
  name,
  terms: [{ kind: "words", text: name, weight: 1 }],
  target: "image",
  scores: PLAIN_SCORES,
  filter: { splits: ["test"] },
});
const names = async () =>
  ((await services.stores.projects.get(projectId)).savedQueries ?? []).map(({ name }) => name);
const saved = () => services.projects.savedQueries;

it("keeps queries in order, newest last, as they were asked", async () => {
  const first = await saved().save(projectId, query(" cats "));
  await saved().save(projectId, query("dogs"));
  expect(await names()).toEqual(["cats", "dogs"]);
  expect((await services.stores.projects.get(projectId)).savedQueries?.[0]).toEqual(first);
});

it("loses nothing when several changes come at once", async () => {
  await Promise.all(["a", "b", "c", "d"].map((name) => saved().save(projectId, query(name))));
  expect(await names()).toEqual(["a", "b", "c", "d"]);
});

it("renames, deletes and brings back to the place it had", async () => {
  const [, b] = [
    await saved().save(projectId, query("a")),
    await saved().save(projectId, query("b")),
    await saved().save(projectId, query("c")),
  ];
  await saved().rename(projectId, b.id, "bees");
  expect(await names()).toEqual(["a", "bees", "c"]);
  const removed = await saved().remove(projectId, b.id);
  expect(await names()).toEqual(["a", "c"]);
  if (!removed) throw new Error("nothing was removed");
  await saved().restore(projectId, removed);
  await saved().restore(projectId, removed); // pressed twice
  expect(await names()).toEqual(["a", "bees", "c"]);
});

it("refuses a query without a name or terms, and more than fit, and goes on afterwards", async () => {
  const refused = { code: "query/save" };
  await expect(saved().save(projectId, query("  "))).rejects.toMatchObject(refused);
  await expect(saved().save(projectId, { ...query("a"), terms: [] })).rejects.toMatchObject(
    refused,
  );
  await expect(saved().rename(projectId, "gone", "b")).rejects.toMatchObject(refused);
  const full = Array.from({ length: MAX_SAVED_QUERIES }, (_, i) => ({ ...query("q"), id: `${i}` }));
  await services.projects.update(projectId, { savedQueries: full });
  await expect(saved().save(projectId, query("one more"))).rejects.toMatchObject(refused);
  expect(await saved().remove(projectId, "gone")).toBeUndefined();
  await saved().remove(projectId, "0");
  await saved().save(projectId, query("one more"));
  expect((await names()).at(-1)).toBe("one more");
});
