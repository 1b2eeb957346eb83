import { afterEach, expect, it } from "vitest";
import { encoderById } from "../../src/core/catalogue/encoders";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { projectWithPairs } from "../support/projects";
import { testServices, type TestServices } from "../support/services";

let services: TestServices;
afterEach(() => services.close());

it("encoders that stand for imported embeddings go with the last project that has them", async () => {
  services = await testServices();
  const { encoders } = services.stores;
  const spec = encoderById("all-minilm-l6-v2");
  await encoders.put({ ...spec, id: "vectors-text-1", origin: "vectors" });
  await encoders.put({ ...spec, id: "my-own-model", origin: "file" });
  const projects = [await projectWithPairs(services, 1), await projectWithPairs(services, 1)];
  for (const { id, data } of projects) {
    if (!data) throw new Error("the support project has data");
    const vectors = { image: "vectors-image-1", text: "vectors-text-1" };
    await services.projects.update(id, { data: { ...data, vectors } });
  }
  const ids = async () => (await encoders.list()).map(({ id }) => id);
  await services.projects.remove(projects[0]?.id ?? "");
  expect(await ids()).toEqual(["my-own-model", "vectors-text-1"]);
  await services.projects.remove(projects[1]?.id ?? "");
  expect(await ids()).toEqual(["my-own-model"]);
});

it("a run that would classify by words is refused before it trains, when no words can be encoded", async () => {
  services = await testServices({ align: {} });
  const { encoders } = services.stores;
  const spec = encoderById("all-minilm-l6-v2");
  await encoders.put({ ...spec, id: "vectors-text-1", name: "text_emb", origin: "vectors" });
  const project = await projectWithPairs(services, 4);
  const text = { id: "vectors-text-1", pooling: "mean", layer: null } as const;
  const own = await services.projects.update(project.id, {
    encoders: { ...project.encoders, text },
  });
  const evaluate = { zeroShot: { label: "category" } };
  const data = { project: own.id };
  const recipe = resolveRecipe({ version: 1, data, encoders: own.encoders, evaluate });
  const run = await services.aligning.create(own, recipe);
  expect(await services.aligning.train(run.id)).toBeUndefined();
  expect(await services.stores.runs.get(run.id)).toMatchObject({
    status: "failed",
    error: { code: "encoder/vectors-only", detail: "text_emb" },
  });
});
