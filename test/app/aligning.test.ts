import { afterEach, expect, it } from "vitest";
import { Aligning } from "../../src/app/aligning";
import type { QueryInput } from "../../src/core/domain/encodeRequest";
import { resolveRecipe } from "../../src/core/domain/recipe";
import { AppError } from "../../src/core/errors";
import type { AlignContract } from "../../src/rpc/alignContract";
import { projectWithPairs } from "../support/projects";
import { testServices, type TestServices } from "../support/services";

let services: TestServices;
afterEach(() => services.close());

type AlignParams = AlignContract["align"]["params"];

/** Services that note what the workers are asked, and a project. */
async function listening() {
  const asked: AlignParams[] = [];
  const encoded: { id: string; inputs: readonly QueryInput[] }[] = [];
  services = await testServices({
    align: {
      align: async (params) => {
        asked.push(params);
        const run = await services.stores.runs.get(params.runId);
        await services.stores.runs.put({ ...run, status: "done" });
        return run;
      },
    },
    encode: {
      encodeQuery: async ({ choice, inputs }) => {
        encoded.push({ id: choice.id, inputs });
        const vectors = Float32Array.from(inputs.flatMap((_, i) => [i, -i]));
        return { vectors, rows: inputs.length, cols: 2, elapsedMs: 1 };
      },
    },
  });
  return { asked, encoded, project: await projectWithPairs(services, 20) };
}

const recipe = (project: string, part: object) =>
  resolveRecipe({ version: 1, data: { project }, ...part });

it("hands the worker embeddings of concepts that are named, by the run's own text encoder", async () => {
  const { asked, encoded, project } = await listening();
  const run = await services.aligning.create(
    project,
    recipe(project.id, {
      encoders: { text: { id: "clip-vit-b32-text" } },
      align: { trainOn: { concepts: ["cat", "dog"], perConcept: 5 } },
    }),
  );
  await services.aligning.train(run.id);
  expect(services.jobs.get(Aligning.job(run.id)).status).toBe("done");
  expect(encoded).toEqual([
    { id: "clip-vit-b32-text", inputs: [{ text: "cat" }, { text: "dog" }] },
  ]);
  expect(asked[0]?.concepts).toEqual({
    names: ["cat", "dog"],
    vectors: Float32Array.of(0, -0, 1, -1),
  });
});

it.each(["all", 10, { concepts: "category", perConcept: 5 }])(
  "encodes nothing where training is on %j",
  async (trainOn) => {
    const { asked, encoded, project } = await listening();
    const run = await services.aligning.create(project, recipe(project.id, { align: { trainOn } }));
    await services.aligning.train(run.id);
    expect(encoded).toEqual([]);
    expect(asked).toEqual([{ runId: run.id, device: "auto" }]);
  },
);

it("does not begin what it is told to stop, and leaves it queued", async () => {
  const { asked, project } = await listening();
  const run = await services.aligning.create(project, recipe(project.id, {}));
  const stop = new AbortController();
  stop.abort();
  expect(await services.aligning.train(run.id, stop.signal)).toBeUndefined();
  expect(services.jobs.get(Aligning.job(run.id)).status).toBe("cancelled");
  expect((await services.stores.runs.get(run.id)).status).toBe("queued");
  expect(asked).toEqual([]);
});

it("refuses classes the data do not have before anything is trained", async () => {
  const { asked, project } = await listening();
  const zeroShot = { label: "species" };
  const run = await services.aligning.create(
    project,
    recipe(project.id, { evaluate: { zeroShot } }),
  );
  await services.aligning.train(run.id);
  expect((await services.stores.runs.get(run.id)).error?.detail).toBe(
    "evaluate.zeroShot.label: no label column “species”; there are category",
  );
  expect(asked).toEqual([]);
});

it("says in the run's record why it failed before its worker began", async () => {
  const { asked, project } = await listening();
  const run = await services.aligning.create(
    project,
    recipe(project.id, { align: { trainOn: { concepts: ["cat"], perConcept: 1 } } }),
  );
  services.querying.encodeWords = () => Promise.reject(new AppError("encoder/missing", "gone"));
  await services.aligning.train(run.id);
  expect(await services.stores.runs.get(run.id)).toMatchObject({
    status: "failed",
    error: { code: "encoder/missing", detail: "gone" },
  });
  expect(asked).toEqual([]);
});

it("names the data a queued run really learns from", async () => {
  const { project } = await listening();
  const run = await services.aligning.create(project, recipe(project.id, {}));
  await services.stores.projects.put({
    ...project,
    data: { ...project.data!, digest: "edited since" },
  });
  await services.aligning.train(run.id);
  expect((await services.stores.runs.get(run.id)).dataDigest).toBe("edited since");
});
