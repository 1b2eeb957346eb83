import { afterEach, describe, expect, it } from "vitest";
import { Selecting } from "../../src/app/selecting";
import { DEFAULT_COMPARISON } from "../../src/core/domain/comparison";
import { AppError } from "../../src/core/errors";
import type { EncodeContract } from "../../src/rpc/encodeContract";
import { aComparison, aProbeReport } from "../support/comparisons";
import { projectWithPairs } from "../support/projects";
import { testServices, type FakeWorkers, type TestServices } from "../support/services";

const choices = {
  image: [
    { id: "efficientnet-lite0", pooling: "mean", layer: "stage7" },
    { id: "efficientnet-lite0", pooling: "mean", layer: null },
  ],
  text: [{ id: "all-minilm-l6-v2", pooling: "mean", layer: null }],
} as const;
const digests = { image: ["i1", "i2"], text: ["t1"] };

let services: TestServices;
afterEach(() => services.close());

async function setup(select: FakeWorkers["select"] = {}, encode: FakeWorkers["encode"] = {}) {
  const asked: EncodeContract["encodeSample"]["params"][] = [];
  services = await testServices({
    select: {
      sample: async () => ({ pairs: 2, available: 2, digests }),
      compare: async ({ projectId }) => aComparison(projectId),
      probe: async ({ projectId }) => aProbeReport(projectId),
      ...select,
    },
    encode: {
      encodeSample: async (params) => {
        asked.push(params);
        return { sets: [], encoded: 2, failed: [] };
      },
      ...encode,
    },
  });
  const { id } = await projectWithPairs(services, 20);
  const job = () => services.jobs.get(Selecting.compareJob(id));
  return {
    id,
    asked,
    job,
    compare: () => services.selecting.compare(id, choices, DEFAULT_COMPARISON),
  };
}

describe("compare", () => {
  it("encodes the sample once per encoder, for all its layers, before it compares", async () => {
    const { asked, compare } = await setup();
    await compare();
    expect(asked).toMatchObject([
      { encoderId: "efficientnet-lite0", choices: choices.image, digests: digests.image },
      { encoderId: "all-minilm-l6-v2", choices: choices.text, digests: digests.text },
    ]);
  });

  it("keeps the result for the next visit, and drops it with the project", async () => {
    const { id, compare } = await setup();
    expect(await services.selecting.comparison(id)).toBeNull();
    const made = await compare();
    expect(await services.selecting.comparison(id)).toEqual(made);
    await services.projects.remove(id);
    expect(await services.selecting.comparison(id)).toBeNull();
  });

  it("names items that could not be encoded", async () => {
    const failed = [{ digest: "i1", source: "images/1.png", reason: "the picture is broken" }];
    const { compare } = await setup(
      {},
      { encodeSample: async () => ({ sets: [], encoded: 1, failed }) },
    );
    const made = await compare();
    expect(made?.leftOut[0]).toMatchObject({ name: "EfficientNet-Lite0" });
    expect(made?.leftOut[0]?.reason).toContain("images/1.png: the picture is broken");
  });

  it("fails with the encoder's error and keeps nothing", async () => {
    const { id, job, compare } = await setup(
      {},
      { encodeSample: () => Promise.reject(new AppError("encoder/not-downloaded", "x")) },
    );
    expect(await compare()).toBeUndefined();
    expect(job()).toMatchObject({ status: "failed", error: { code: "encoder/not-downloaded" } });
    expect(await services.selecting.comparison(id)).toBeNull();
  });

  it("is cancelled, not failed, when stopped", async () => {
    const { id, job, compare } = await setup({
      compare: (_, { signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener("abort", () => reject(new AppError("cancelled"))),
        ),
    });
    const made = compare();
    await new Promise((resolve) => setTimeout(resolve, 50));
    services.jobs.cancel(Selecting.compareJob(id));
    expect(await made).toBeUndefined();
    expect(job().status).toBe("cancelled");
  });

  it("goes on by itself after the encoder's worker is lost", async () => {
    let tries = 0;
    const { compare, job } = await setup(
      {},
      {
        encodeSample: async () => {
          if (tries++ === 0) throw new AppError("webgpu/lost");
          return { sets: [], encoded: 1, failed: [] };
        },
      },
    );
    await compare();
    expect(job().status).toBe("done");
    expect(tries).toBe(3); // images twice, captions once
  });
});

it("keeps a probe report apart from the comparison", async () => {
  const { id } = await setup();
  const settings = { label: "category", maxPairs: 500, seed: 0 };
  const made = await services.selecting.probe(id, choices, settings);
  expect(await services.selecting.probeReport(id)).toEqual(made);
  expect(await services.selecting.comparison(id)).toBeNull();
});
