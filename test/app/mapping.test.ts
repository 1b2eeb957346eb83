import { afterEach, expect, it } from "vitest";
import { Mapping } from "../../src/app/mapping";
import { testServices, type TestServices } from "../support/services";

const CHOICE = { projectId: "p", runId: "r", isCentred: true };
const items = () => ({ image: Uint32Array.of(0), text: Uint32Array.of(0) });

let services: TestServices;
afterEach(() => services?.close());

async function open(layOut: "finishes" | "waits"): Promise<void> {
  services = await testServices({
    search: {
      mapPlaces: async () => ({
        ...{ items: items(), places: Float32Array.of(0, 0, 1, 1), explained: [1, 0], step: 5 },
      }),
      mapVectors: async () => ({ items: items(), data: new Float32Array(4), width: 2, step: 5 }),
    },
    explore: {
      layOut: async ({ start }, { report, signal }) => {
        expect(start).toEqual(Float32Array.of(0, 0, 1, 1));
        const places = Float32Array.of(7, 7, 8, 8);
        report({ stage: "lay-out", done: 3, total: 10, unit: "steps", places });
        if (layOut === "waits") {
          await new Promise<void>((resolve) => {
            signal.addEventListener("abort", () => resolve());
          });
          signal.throwIfAborted();
        }
        return { places: Float32Array.of(9, 9, 8, 8), sampled: 2, elapsedMs: 1 };
      },
    },
  });
}

it("keeps a layout by run and centring, and tells who listens", async () => {
  await open("finishes");
  let told = 0;
  services.mapping.subscribe(() => told++);
  await services.mapping.layOut(CHOICE);
  const layout = services.mapping.layout(CHOICE);
  expect(layout).toMatchObject({ step: 5, sampled: 2, done: 3, total: 10 });
  expect(layout?.places).toEqual(Float32Array.of(9, 9, 8, 8));
  expect(told).toBe(2);
  expect(services.mapping.layout({ ...CHOICE, isCentred: false })).toBeUndefined();
});

it("stays as far as it was when it is stopped", async () => {
  await open("waits");
  const { mapping, jobs } = services;
  const done = mapping.layOut(CHOICE);
  await new Promise<void>((resolve) => mapping.subscribe(resolve));
  jobs.cancel(Mapping.layoutJob(CHOICE));
  await done;
  expect(jobs.get(Mapping.layoutJob(CHOICE)).status).toBe("cancelled");
  expect(mapping.layout(CHOICE)).toMatchObject({ sampled: null, done: 3 });
});

it("keeps the layouts of the last four maps", async () => {
  await open("finishes");
  for (const runId of ["a", "b", "c", "d", "e"])
    await services.mapping.layOut({ ...CHOICE, runId });
  expect(services.mapping.layout({ ...CHOICE, runId: "a" })).toBeUndefined();
  expect(services.mapping.layout({ ...CHOICE, runId: "e" })).toBeDefined();
});
