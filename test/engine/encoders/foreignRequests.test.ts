import { expect, it } from "vitest";
import { countForeignRequests, recordRequests } from "../../../src/engine/encoders/foreignRequests";

const log = (...names: string[]) => ({
  sizes: [] as number[],
  getEntriesByType: (type: string) =>
    (type === "resource" ? names : []).map((name) => ({ name }) as PerformanceEntry),
  setResourceTimingBufferSize(size: number) {
    this.sizes.push(size);
  },
});

it("counts what went to other sites, and neither this one nor what never left the browser", () => {
  const site = "https://play.example";
  const seen = log(
    "https://huggingface.co/x/resolve/a/model.onnx",
    "https://huggingface.co/api/models/x",
    "https://play.example/models/m.onnx",
    "blob:https://play.example/1",
    "data:text/plain,a",
  );
  expect(countForeignRequests(seen, site)).toBe(2);
  expect(countForeignRequests(log(), site)).toBe(0);
});

it("has the browser record more requests than the 250 it keeps by itself", () => {
  const seen = log();
  recordRequests(seen);
  expect(seen.sizes[0]).toBeGreaterThan(1_000);
});
