import { expect, it } from "vitest";
import { startEncodeWorker } from "../../src/app/startWorkers";
import { DEFAULT_ENCODERS } from "../../src/core/catalogue/encoders";
import type { Progress } from "../../src/core/progress";

const measure = async (modality: "image" | "text", threads: number) => {
  const worker = startEncodeWorker(threads);
  const progress: Progress[] = [];
  try {
    const measured = await worker.call(
      "measure",
      { choice: DEFAULT_ENCODERS[modality], device: "wasm", batchSizes: [1, 4], budgetMs: 2_000 },
      { onProgress: (event) => progress.push(event) },
    );
    return { measured, progress };
  } finally {
    worker.close();
  }
};

it.each(["image", "text"] as const)(
  "times the embedded %s encoder in the real worker",
  async (side) => {
    const { measured, progress } = await measure(side, 1);
    expect(measured).toMatchObject({ device: "wasm", threads: 1, adapter: null });
    expect(measured.trials.length).toBeGreaterThan(0);
    for (const { msPerItem } of measured.trials) expect(msPerItem).toBeGreaterThan(0.1);
    expect(progress.at(-1)).toMatchObject({ stage: "calibrate", done: 2, total: 2 });
  },
);

it("starts a worker with the threads its name says", async () => {
  expect((await measure("text", 2)).measured.threads).toBe(2);
});
