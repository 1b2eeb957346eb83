import { describe, expect, it } from "vitest";
import { clipFeatures, featureBatch } from "../../../src/core/audio/features";
import { AppError } from "../../../src/core/errors";

const clip = (values: readonly number[], rows = 1) => ({
  data: Float32Array.from(values),
  dims: [rows, values.length / rows],
  frames: values.length / rows,
});

describe("a batch of features", () => {
  it("pads every row to the longest clip with zeros and tells each clip's own length", () => {
    const { data, dims, lengths } = featureBatch([
      clip([1, 2, 3, 4], 2),
      clip([5, 6, 7, 8, 9, 10], 2),
    ]);
    expect(dims).toEqual([2, 2, 3]);
    expect([...data]).toEqual([1, 2, 0, 3, 4, 0, 5, 6, 7, 8, 9, 10]);
    expect([...lengths]).toEqual([2n, 3n]);
  });

  it("refuses no clips, and clips of another shape", () => {
    expect(() => featureBatch([])).toThrow(AppError);
    expect(() => featureBatch([clip([1, 2], 2), clip([1, 2], 1)])).toThrow(AppError);
  });
});

describe("features of a clip", () => {
  it("are 40 bands of 98 frames for a second of log-mel", () => {
    const features = {
      kind: "log-mel",
      bands: 40,
      windowMs: 25,
      hopMs: 10,
      low: 60,
      high: 7600,
    } as const;
    const samples = Float32Array.from({ length: 16_000 }, (_, i) => Math.sin(i / 5));
    const made = clipFeatures(samples, { features, sampleRate: 16_000 });
    expect([made.dims, made.frames]).toEqual([[40, 98], 98]);
  });

  it.each([
    ["whisper", 16_000, [80, 3000], { samples: 16_000, of: 480_000 }],
    ["kaldi-fbank", 16_000, [1024, 128], undefined],
    ["clap", 48_000, [1, 1001, 64], undefined],
    ["waveform", 16_000, [16_000], undefined],
    ["samples", 16_000, [16_000], undefined],
  ] as const)("have the shape a network of %s takes", (kind, sampleRate, dims, heard) => {
    const samples = Float32Array.from({ length: 16_000 }, (_, i) => Math.sin(i / 5));
    const made = clipFeatures(samples, { features: { kind }, sampleRate });
    expect([made.dims, made.heard]).toEqual([dims, heard]);
    expect(made.data).toHaveLength(dims.reduce((product: number, size) => product * size, 1));
  });

  it.each(["log-mel", "whisper", "kaldi-fbank", "clap", "waveform", "samples"] as const)(
    "are refused of no samples: %s",
    (kind) => {
      const features =
        kind === "log-mel"
          ? ({ kind, bands: 40, windowMs: 25, hopMs: 10, low: 60, high: 7600 } as const)
          : { kind };
      expect(() => clipFeatures(new Float32Array(), { features, sampleRate: 16_000 })).toThrow(
        expect.objectContaining({ code: "data/shape" }),
      );
    },
  );
});
