import { afterEach, expect, it } from "vitest";
import { matrix } from "../../../src/core/math/matrix";
import { checkData, type CheckDependencies } from "../../../src/engine/checking/checkData";
import { encoderKey } from "../../../src/engine/encoding/encoderKey";
import { encoderById } from "../../../src/core/catalogue/encoders";
import { IdbEmbeddingStore } from "../../../src/storage/embeddingStore";
import { openPlaygroundDb } from "../../../src/storage/db";
import type { Progress } from "../../../src/core/progress";
import { rng } from "../../../src/core/math/rng";
import { projectWithPairs } from "../../support/projects";
import { testServices, type TestServices } from "../../support/services";

let services: TestServices;
afterEach(() => services.close());

async function bench(size: number) {
  services = await testServices();
  const project = await projectWithPairs(services, size);
  const embeddings = new IdbEmbeddingStore(await openPlaygroundDb(crypto.randomUUID()));
  const deps: CheckDependencies = {
    ...services.stores,
    embeddings,
    encoders: { get: async (id) => encoderById(id) },
    readPixels: () => async () => null,
    openCounter: async () => ({ missing: "there is no tokenizer" }),
  };
  const progress: Progress[] = [];
  const run = (signal = new AbortController().signal) =>
    checkData(project.id, deps, { signal, report: (event) => progress.push(event) });
  return { project, embeddings, run, progress };
}

it("answers with every check, also those that could not run", async () => {
  const { run, progress } = await bench(12);
  const checks = await run();
  expect(checks.map(({ id, count }) => [id, count])).toEqual([
    ["same-picture", 0],
    ["near-picture", null],
    ["leak", 0],
    ["shared-caption", 0],
    ["long-caption", null],
    ["row-offset", null],
  ]);
  expect(checks.at(-1)?.detail).toBe(
    "Not computed: it compares embeddings; encode both sides first.",
  );
  expect(progress.at(-1)).toMatchObject({ stage: "check", done: 6, total: 6 });
});

it("finds captions that stand one row away, once both sides are encoded", async () => {
  const { project, embeddings, run } = await bench(120);
  const random = rng(5);
  const vectors = matrix(
    121,
    24,
    Float32Array.from({ length: 121 * 24 }, () => random() - 0.5),
  );
  const put = async (side: "image" | "text", from: number) => {
    const choice = project.encoders[side];
    const key = await encoderKey(encoderById(choice.id), choice);
    const digests = Array.from({ length: 120 }, (_, i) => `${side}-${i}`);
    const data = vectors.data.slice(24 * from, 24 * (from + 120));
    await embeddings.putChunk(key, digests, matrix(120, 24, data));
  };
  await put("image", 0);
  await put("text", 1); // caption i has the vector of file i + 1
  const offset = (await run()).find(({ id }) => id === "row-offset");
  expect(offset).toMatchObject({ count: 120 });
  expect(offset?.detail).toContain("1 row further up");
});

it("stops when cancelled", async () => {
  const { run } = await bench(3);
  await expect(run(AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
});
