import { describe, expect, it } from "vitest";
import type { AudioPreprocessing } from "../../../src/core/domain/audioPreprocessing";
import type { EncoderSpec } from "../../../src/core/domain/encoder";
import { AppError } from "../../../src/core/errors";
import type { DecodedSound } from "../../../src/engine/encoders/decodeSound";
import { Mutex } from "../../../src/engine/encoders/mutex";
import { Session, type Feeds, type Outputs } from "../../../src/engine/encoders/session";
import { sharedPasses, soundEncoder } from "../../../src/engine/encoders/soundEncoder";

const CHOICE = { id: "ears", pooling: "mean", layer: null } as const;
const LOG_MEL = {
  kind: "log-mel",
  bands: 4,
  windowMs: 25,
  hopMs: 10,
  low: 60,
  high: 7600,
} as const;

function specOf(preprocessing: AudioPreprocessing): EncoderSpec {
  return {
    ...{ id: "ears", name: "Ears", modality: "audio", origin: "embedded", verified: true },
    ...{ summary: "", source: "", revision: "1", license: "MIT", parameters: 1, width: 2 },
    ...{ outputs: { mean: "embedding" }, layers: [], preprocessing, preprocessingVersion: 1 },
    ...{ files: [], parityPath: null, wasmMsPerItem: 1 },
  } as EncoderSpec;
}

/** A network whose embedding is [sum of the features, frames it was told, or fed]. */
async function setup(preprocessing: Partial<AudioPreprocessing> = {}) {
  const options: AudioPreprocessing = {
    ...{ kind: "audio", sampleRate: 16_000, features: LOG_MEL, input: "x", lengths: "n" },
    ...preprocessing,
  };
  const passes: { dims: readonly number[]; lengths: number[] | undefined }[] = [];
  const decoded: Blob[] = [];
  const run = async (feeds: Feeds): Promise<Outputs> => {
    const [x, n] = [feeds["x"], feeds["n"]];
    if (x?.kind !== "float32") throw new Error("no features");
    const [rows = 0] = x.dims;
    const lengths = n?.kind === "int64" ? Array.from(n.data, Number) : undefined;
    passes.push({ dims: x.dims, lengths });
    const each = x.data.length / rows;
    const data = Float32Array.from({ length: rows * 2 }, (_, i) =>
      i % 2 === 1
        ? (lengths?.[i >> 1] ?? x.dims.at(-1)!)
        : x.data.subarray((i >> 1) * each, ((i >> 1) + 1) * each).reduce((a, b) => a + b ** 2, 0),
    );
    return { embedding: { data, dims: [rows, 2] } };
  };
  const session = await Session.open(
    "wasm",
    async () => ({
      inputNames: ["x", "n"],
      outputNames: ["embedding"],
      run,
      release: async () => {},
    }),
    new Mutex(),
  );
  const decode = async (blob: Blob): Promise<DecodedSound> => {
    decoded.push(blob);
    if (blob.type === "bad") throw new AppError("sound/too-short");
    const level = blob.type === "loud" ? 5 : blob.type === "silent" ? 0 : 0.5;
    const samples = Float32Array.from({ length: blob.size * 160 }, (_, i) =>
      blob.type === "late" && i < 16_000
        ? 0
        : Math.max(-1, Math.min(1, level * Math.sin(i / 3 + (i / 900) ** 2))),
    );
    return { samples, rate: blob.type === "fast" ? 48_000 : 16_000 };
  };
  const spec = specOf(options);
  const encoder = soundEncoder({ session, spec, choice: CHOICE, preprocessing: options, decode });
  return { encoder, passes, decoded };
}

/** A recording of so many hundredths of a second. */
const clip = (hundredths: number, type = "") => new Blob([new Uint8Array(hundredths)], { type });

describe("a sound encoder", () => {
  it("pads clips to the longest, tells the network their lengths, and keeps their order", async () => {
    const { encoder, passes } = await setup();
    const { data } = await encoder.encode([clip(90), clip(30), clip(60)]);
    expect(passes).toEqual([{ dims: [3, 4, 88], lengths: [28, 58, 88] }]);
    expect([data[1], data[3], data[5]]).toEqual([88, 28, 58]);
  });

  it("gives an embedding that does not depend on the batch", async () => {
    for (const lengths of ["n", undefined]) {
      const { encoder } = await setup(lengths === undefined ? withoutLengths : {});
      const together = await encoder.encode([clip(90), clip(30), clip(61)]);
      for (const [i, size] of [90, 30, 61].entries()) {
        const alone = await encoder.encode([clip(size)]);
        expect(alone.data).toEqual(together.data.slice(i * 2, i * 2 + 2));
      }
    }
  });

  it("never pads for a network that is not told the lengths", async () => {
    const { encoder, passes } = await setup(withoutLengths);
    await encoder.encode([clip(90), clip(30), clip(90)]);
    expect(passes.map(({ dims }) => dims)).toEqual([
      [1, 4, 28],
      [2, 4, 88],
    ]);
    expect(passes[0]?.lengths).toBeUndefined();
  });

  it("brings every recording to the network's rate", async () => {
    const { encoder, passes } = await setup();
    await encoder.encode([clip(90, "fast")]); // 14,400 samples at 48 kHz: 0.3 s
    expect(passes[0]?.lengths).toEqual([28]);
  });

  it("cuts off the silence of what was just recorded, and of nothing else", async () => {
    const { encoder, passes } = await setup();
    const late = clip(200, "late"); // a second of silence, then a second of sound
    await encoder.encode([{ recorded: late }, late]);
    expect(passes[0]?.lengths).toEqual([108, 198]); // 100 ms of the silence stay
  });

  it("says which recordings are silent or cut off, and encodes them", async () => {
    const { encoder } = await setup();
    const [fine, silent, loud] = [clip(50), clip(50, "silent"), clip(50, "loud")] as const;
    const { data } = await encoder.encode([fine, silent, loud]);
    expect(data.every(Number.isFinite)).toBe(true);
    expect(data[2]).toBe(0);
    expect(encoder.doubtOf(fine)).toBeUndefined();
    expect(encoder.doubtOf(silent)).toContain("silent");
    expect(encoder.doubtOf(loud)).toContain("cut off");
  });

  it("fails with the recording's own error and does not decode the rest in vain", async () => {
    const { encoder, decoded } = await setup();
    const batch = [clip(1, "bad"), ...Array.from({ length: 14 }, () => clip(20))];
    await expect(encoder.encode(batch)).rejects.toMatchObject({ code: "sound/too-short" });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(decoded.length).toBeLessThan(5);
  });
});

const withoutLengths = (() => {
  const { lengths: _, ...rest } = { lengths: "n", features: LOG_MEL };
  return { ...rest, lengths: undefined } as unknown as Partial<AudioPreprocessing>;
})();

describe("shared passes", () => {
  const TOLD = { features: LOG_MEL, lengths: "n" };
  const of = (values: number) => ({ data: new Float32Array(values), dims: [1, values] });

  it("are padded only where time is the last axis, and hold one clip where the batch is fixed", () => {
    const clips = [of(300), of(200), of(300)];
    const passes = (change: Partial<AudioPreprocessing>) =>
      sharedPasses(clips, { ...TOLD, ...change });
    expect(passes({})).toEqual([[1, 0, 2]]);
    expect(passes({ axes: ["time", "bands"] })).toEqual([[1], [0, 2]]);
    expect(passes({ oneByOne: true })).toEqual([[1], [0], [2]]);
  });

  it("end before the tensor is too large, but take every clip", () => {
    const passes = sharedPasses([of(200_000), of(100_000), of(90_000), of(400_000)], TOLD);
    expect(passes).toEqual([[2, 1], [0], [3]]);
  });

  it("are none for no clips", () => {
    expect(sharedPasses([], TOLD)).toEqual([]);
  });
});
