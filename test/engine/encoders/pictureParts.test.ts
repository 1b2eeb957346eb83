import { describe, expect, it } from "vitest";
import { encoderById } from "../../../src/core/catalogue/encoders";
import type {
  EmbeddingChoice,
  EncoderSpec,
  ImagePreprocessing,
} from "../../../src/core/domain/encoder";
import { row } from "../../../src/core/math/matrix";
import { Mutex } from "../../../src/engine/encoders/mutex";
import { patchOutput, pictureParts } from "../../../src/engine/encoders/pictureParts";
import type { RgbImage } from "../../../src/engine/encoders/resizeImage";
import { Session, type Feeds, type RawSession } from "../../../src/engine/encoders/session";

const SIZE = 14;
const spec: EncoderSpec = {
  ...encoderById("efficientnet-lite0"),
  id: "e",
  width: 3,
  outputs: {
    mean: "pooled",
    cls: { tokens: "tokens", hasCls: true },
    "cls+mean": { tokens: "tokens", hasCls: true },
  },
  patches: "patches",
  layers: [{ id: "l0", name: "layer 0", output: "layer", width: 3 }],
};
const preprocessing: ImagePreprocessing = {
  kind: "image",
  size: SIZE,
  fit: "squash",
  mean: [0, 0, 0],
  std: [1, 1, 1],
  input: "pixels",
};
const choose = (change: Partial<EmbeddingChoice> = {}): EmbeddingChoice => ({
  id: "e",
  pooling: "mean",
  layer: null,
  ...change,
});

/** A network whose embedding is the mean colour, and whose patches are those of a 2 × 2 grid. */
function network(calls: number[] = []): RawSession {
  return {
    inputNames: ["pixels"],
    outputNames: ["pooled", "patches", "tokens"],
    async run(feeds: Feeds) {
      const { data, dims } = feeds["pixels"]!;
      const [batch = 0] = dims;
      calls.push(batch);
      const colour = (b: number, [y0, y1, x0, x1]: readonly number[]) =>
        [0, 1, 2].map((c) => {
          let sum = 0;
          for (let y = y0!; y < y1!; y++)
            for (let x = x0!; x < x1!; x++)
              sum += Number(data[((b * 3 + c) * SIZE + y) * SIZE + x]);
          return sum / ((y1! - y0!) * (x1! - x0!));
        });
      const half = SIZE / 2;
      const cells = (b: number) =>
        [0, 1, 2, 3].flatMap((i) => {
          const [y, x] = [Math.floor(i / 2) * half, (i % 2) * half];
          return colour(b, [y, y + half, x, x + half]);
        });
      const each = (of: (b: number) => number[]) =>
        Float32Array.from(Array.from({ length: batch }, (_, b) => of(b)).flat());
      const whole = each((b) => colour(b, [0, SIZE, 0, SIZE]));
      return {
        pooled: { data: whole, dims: [batch, 3] },
        layer: { data: whole, dims: [batch, 3] },
        patches: { data: each(cells), dims: [batch, 4, 3] },
        tokens: { data: each((b) => [9, 9, 9, ...cells(b)]), dims: [batch, 5, 3] },
      };
    },
    release: async () => {},
  };
}

/** White, with red in the top left quarter. */
const picture: RgbImage = {
  width: SIZE,
  height: SIZE,
  data: Uint8Array.from({ length: 3 * SIZE ** 2 }, (_, i) => {
    const [y, x, c] = [Math.floor(i / 3 / SIZE), Math.floor(i / 3) % SIZE, i % 3];
    return y < SIZE / 2 && x < SIZE / 2 && c > 0 ? 0 : 255;
  }),
};

async function partsOf(
  choice: EmbeddingChoice,
  { raw = network(), method = "auto", signal = new AbortController().signal, own = spec } = {} as {
    raw?: RawSession;
    method?: "auto" | "occlusion";
    signal?: AbortSignal;
    own?: EncoderSpec;
  },
) {
  const session = await Session.open("wasm", async () => raw, new Mutex());
  const progress: number[] = [];
  const options = { session, spec: own, choice, preprocessing, decode: async () => picture };
  const report = ({ done }: { done: number }) => progress.push(done);
  const parts = await pictureParts(options, new Blob(), { method, signal, report });
  return { ...parts, progress };
}

describe("patch tokens", () => {
  it("have the embedding for their mean", async () => {
    const { method, rows, cols, parts, whole, area } = await partsOf(choose());
    expect({ method, rows, cols }).toEqual({ method: "tokens", rows: 2, cols: 2 });
    expect([...row(parts, 0)]).toEqual([255, 0, 0]);
    for (let d = 0; d < 3; d++) {
      const mean = [0, 1, 2, 3].reduce((sum, at) => sum + row(parts, at)[d]! / 4, 0);
      expect(mean).toBeCloseTo(whole.data[d]!, 4);
    }
    expect(area).toEqual({ left: 0, top: 0, width: 1, height: 1 });
  });

  it("stand beside CLS where the embedding does", async () => {
    const { parts } = await partsOf(choose({ pooling: "cls+mean" }));
    expect(parts.cols).toBe(6);
    expect([...row(parts, 0)]).toEqual([9, 9, 9, 255, 0, 0]);
  });

  it("are none of a CLS embedding, an earlier layer, or a file that does not give them", () => {
    expect(patchOutput(spec, choose({ pooling: "cls" }))).toBeNull();
    expect(patchOutput(spec, choose({ layer: "l0" }))).toBeNull();
    const { patches: _, ...without } = spec;
    expect(patchOutput(without, choose())).toBeNull();
    expect(patchOutput(encoderById("efficientnet-lite0"), choose())).toBe("tokens");
    expect(patchOutput(encoderById("dinov2-small"), choose())).toBe("last_hidden_state");
    expect(patchOutput(encoderById("convnext-tiny-224"), choose())).toBeNull();
  });

  it("give way to occlusion where they make no square", async () => {
    const five: EncoderSpec = { ...spec, patches: "tokens" }; // CLS and four: nobody says which is which
    expect((await partsOf(choose(), { own: five })).method).toBe("occlusion");
  });
});

describe("occlusion", () => {
  it("covers every window in turn and counts the passes", async () => {
    const calls: number[] = [];
    const found = await partsOf(choose(), { raw: network(calls), method: "occlusion" });
    expect(found).toMatchObject({ method: "occlusion", rows: 7, cols: 7, window: 2 });
    expect(found.parts.rows).toBe(36);
    expect(calls.reduce((a, b) => a + b)).toBe(37);
    expect(found.progress.at(-1)).toBe(37);
    expect(found.progress).toEqual([...found.progress].sort((a, b) => a - b));
  });

  it("changes the picture only where the window is", async () => {
    const { parts, whole } = await partsOf(choose(), { method: "occlusion" });
    // Red is missing from green where a red part is covered: the mean goes up there, down elsewhere.
    const green = (at: number) => row(parts, at)[1]! - whole.data[1]!;
    expect(green(0)).toBeGreaterThan(0);
    expect(green(35)).toBeLessThan(0);
  });

  it("ends between two batches when it is stopped", async () => {
    const controller = new AbortController();
    const calls: number[] = [];
    const raw = network(calls);
    const stopping: RawSession = {
      ...raw,
      run: (feeds, outputs) => {
        controller.abort();
        return raw.run(feeds, outputs);
      },
    };
    const { signal } = controller;
    const work = partsOf(choose(), { raw: stopping, method: "occlusion", signal });
    await expect(work).rejects.toMatchObject({ code: "cancelled" });
    expect(calls).toHaveLength(1);
  });
});
