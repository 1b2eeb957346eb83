import { describe, expect, it } from "vitest";
import type { DatasetStore } from "../../../src/core/ports";
import { storeMedia } from "../../../src/engine/importing/storeMedia";
import { png } from "../../support/importing";

/** Pictures of about `sizeBytes`: a PNG may be followed by anything. */
function entries(count: number, sizeBytes: number) {
  return Array.from({ length: count }, (_, i) => {
    const bytes = new Uint8Array(sizeBytes);
    bytes.set(png(i));
    return { path: `${i}.png`, sizeBytes, read: async () => bytes };
  });
}

async function batchesOf(count: number, sizeBytes: number) {
  const batches: number[][] = [];
  const store = {
    storedOriginals: async () => new Map(),
    putOriginals: async (
      _project: string,
      originals: readonly { blob: { bytes: Uint8Array } }[],
    ) => {
      batches.push(originals.map(({ blob }) => blob.bytes.length));
    },
  } as unknown as DatasetStore; // storeMedia uses nothing else
  await storeMedia(entries(count, sizeBytes), {
    projectId: "p",
    media: "image",
    store,
    probe: async () => ({ width: 2, height: 3 }),
    signal: new AbortController().signal,
    report: () => {},
    batchBytes: BATCH_BYTES,
  });
  return batches;
}

const BATCH_BYTES = 16_000; // as 16 MB to real pictures

describe("storeMedia", () => {
  it("writes batches of at most the limit, and every picture once", async () => {
    const size = 6_000;
    const batches = await batchesOf(5, size);
    expect(batches.map((batch) => batch.length)).toEqual([2, 2, 1]);
    expect(Math.max(...batches.map((batch) => batch.reduce((a, b) => a + b)))).toBeLessThanOrEqual(
      BATCH_BYTES,
    );
  });

  it("writes a picture larger than a batch alone, and never an empty batch", async () => {
    expect((await batchesOf(2, BATCH_BYTES + 1)).map((batch) => batch.length)).toEqual([1, 1]);
  });

  it("stops reading soon after a write fails, and passes the failure on", async () => {
    let opened = 0;
    const many = entries(40, 5_000).map((entry) => ({
      ...entry,
      read: () => {
        opened++;
        return entry.read();
      },
    }));
    let failures = 0;
    const store = {
      storedOriginals: async () => new Map(),
      putOriginals: async () => {
        if (failures++ === 0) throw new DOMException("", "QuotaExceededError");
      },
    };
    const stored = storeMedia(many, {
      projectId: "p",
      media: "image",
      store: store as unknown as DatasetStore, // storeMedia uses nothing else
      probe: async () => ({ width: 2, height: 3 }),
      signal: new AbortController().signal,
      report: () => {},
      batchBytes: BATCH_BYTES,
    });
    await expect(stored).rejects.toHaveProperty("name", "QuotaExceededError");
    expect(opened).toBeLessThan(20);
  });
});
