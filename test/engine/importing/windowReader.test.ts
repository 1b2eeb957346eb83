import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WINDOW_BYTES, WINDOW_GAP_BYTES } from "../../../src/engine/importing/limits";
import { WindowReader } from "../../../src/engine/importing/windowReader";

/** A blob that counts how often it is read and how much. */
function counted(sizeBytes: number) {
  const bytes = new Uint8Array(sizeBytes);
  for (let i = 0; i < sizeBytes; i++) bytes[i] = (i * 31) >> 3;
  const reads: number[] = [];
  const blob = {
    size: sizeBytes,
    slice: (start: number, end: number) => ({
      arrayBuffer: async () => {
        reads.push(end - start);
        return bytes.slice(start, end).buffer;
      },
    }),
  };
  return { blob: blob as unknown as Blob, bytes, reads }; // the reader uses nothing else
}

describe("WindowReader", () => {
  it("gives the bytes asked for, whatever the order and however far apart", async () => {
    const { blob, bytes } = counted(3 * WINDOW_BYTES);
    const range = fc.tuple(fc.nat(3 * WINDOW_BYTES), fc.nat(2 * WINDOW_GAP_BYTES));
    await fc.assert(
      fc.asyncProperty(fc.array(range, { maxLength: 8 }), async (ranges) => {
        const reader = new WindowReader();
        const found = await Promise.all(
          ranges.map(([start, length]) => reader.read(blob, start, start + length)),
        );
        ranges.forEach(([start, length], i) => {
          expect(Buffer.compare(found[i]!, bytes.subarray(start, start + length))).toBe(0);
        });
      }),
      { numRuns: 15 },
    );
  });

  it("reads a thousand neighbours in a few reads, and a lone range alone", async () => {
    const { blob, reads } = counted(2 * WINDOW_BYTES);
    const reader = new WindowReader();
    for (let i = 0; i < 1000; i++) await reader.read(blob, i * 10_000, i * 10_000 + 9_000);
    expect(reads.length).toBeLessThan(5);
    const before = reads.length;
    await reader.read(blob, 1, 5);
    expect([reads.length, reads.at(-1)]).toEqual([before + 1, 4]);
  });

  it("tries again after a read that failed", async () => {
    const { blob, bytes } = counted(1000);
    let failures = 1;
    const slice = blob.slice.bind(blob);
    blob.slice = (start, end) => {
      if (start === 10 && failures-- > 0) {
        const failure = new DOMException("", "NotReadableError");
        return { arrayBuffer: () => Promise.reject(failure) } as unknown as Blob;
      }
      return slice(start, end);
    };
    const reader = new WindowReader();
    await reader.read(blob, 0, 10);
    await expect(reader.read(blob, 10, 20)).rejects.toHaveProperty("name", "NotReadableError");
    expect(await reader.read(blob, 10, 20)).toEqual(bytes.slice(10, 20));
  });
});
