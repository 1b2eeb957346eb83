import { describe, expect, it } from "vitest";
import { guessSound } from "../../../../src/engine/encoders/own/guessSound";

type Shape = (number | string)[];
const guess = (shape: Shape, settings?: Record<string, unknown>, name = "x") =>
  guessSound(settings, {
    features: { name, type: "float32", shape },
    lengths: undefined,
  });

describe("from transformers' settings", () => {
  it.each<[string, Record<string, unknown>, Shape, object]>([
    [
      "Whisper",
      { feature_extractor_type: "WhisperFeatureExtractor", sampling_rate: 16_000 },
      ["batch_size", "feature_size", "encoder_sequence_length"],
      { sampleRate: 16_000, features: { kind: "whisper" } },
    ],
    [
      "AST",
      { feature_extractor_type: "ASTFeatureExtractor", sampling_rate: 16_000 },
      ["batch", 1024, 128],
      { features: { kind: "kaldi-fbank" } },
    ],
    [
      "CLAP",
      { feature_extractor_type: "ClapFeatureExtractor", sampling_rate: 48_000 },
      ["batch", 1, 1001, 64],
      { sampleRate: 48_000, features: { kind: "clap" } },
    ],
    [
      "wav2vec2",
      {
        feature_extractor_type: "Wav2Vec2FeatureExtractor",
        sampling_rate: 16_000,
        do_normalize: true,
      },
      ["batch", "sequence"],
      { features: { kind: "waveform" } },
    ],
    [
      "wav2vec2 without normalisation",
      {
        feature_extractor_type: "Wav2Vec2FeatureExtractor",
        sampling_rate: 8_000,
        do_normalize: false,
      },
      ["batch", "sequence"],
      { sampleRate: 8_000, features: { kind: "samples" } },
    ],
  ])("knows %s, and is certain of it", (_name, settings, shape, expected) => {
    const { preprocessing, reasons, isCertain } = guess(shape, settings);
    expect(preprocessing).toMatchObject(expected);
    expect([reasons, isCertain]).toEqual([[], true]);
  });

  it("believes the input where they contradict it, and says so", () => {
    const settings = { feature_extractor_type: "WhisperFeatureExtractor", sampling_rate: 16_000 };
    const { preprocessing, reasons } = guess(["N", 128, "T"], settings);
    expect(preprocessing.features).toMatchObject({ kind: "log-mel", bands: 128 });
    expect(reasons.join()).toMatch(/asks for Whisper’s.*does not take it/);
  });

  it("names features that are not made here, and another rate than theirs", () => {
    const unknown = { feature_extractor_type: "EncodecFeatureExtractor", sampling_rate: 24_000 };
    const { preprocessing, reasons } = guess(["N", 1, "T"], unknown);
    expect(preprocessing).toMatchObject({ sampleRate: 24_000, features: { kind: "samples" } });
    expect(reasons.join()).toMatch(/“EncodecFeatureExtractor” are not made here/);
    const other = { feature_extractor_type: "WhisperFeatureExtractor", sampling_rate: 8_000 };
    expect(guess(["N", 80, 3000], other).reasons.join()).toMatch(/8000 Hz.*at 16000 Hz/);
  });
});

describe("from the input alone", () => {
  it.each<[string, Shape, object]>([
    ["samples", ["N", "T"], { features: { kind: "samples" }, sampleRate: 16_000 }],
    ["samples with a channel", ["N", 1, "T"], { axes: ["one", "time"] }],
    [
      "five seconds of samples",
      [1, 1, 80_000],
      { oneByOne: true, length: { samples: 80_000, fill: "silence", cut: "start" } },
    ],
    ["Whisper's shape", ["N", 80, 3000], { features: { kind: "whisper" } }],
    ["AST's shape", ["N", 1024, 128], { features: { kind: "kaldi-fbank" } }],
    ["CLAP's shape", ["N", 1, 1001, 64], { features: { kind: "clap" } }],
    ["bands and time", ["N", 64, "T"], { features: { kind: "log-mel", bands: 64 } }],
    ["time and bands", ["N", "T", 64], { axes: ["time", "bands"] }],
    [
      "patches of 96 frames",
      ["N", 96, 64],
      { axes: ["time", "bands"], length: { samples: 15_600 } },
    ],
    ["an axis of one at the end", ["N", "T", 64, 1], { axes: ["time", "bands", "one"] }],
  ])("assumes %s, and asks to confirm it", (_name, shape, expected) => {
    const { preprocessing, reasons, isCertain } = guess(shape);
    expect(preprocessing).toMatchObject(expected);
    expect(reasons[0]).toMatch(/^No preprocessor_config.json: .* assumed/);
    expect(isCertain).toBe(false);
  });

  it("takes the name wav2vec2 gives its input for what it is", () => {
    expect(guess(["N", "T"], undefined, "input_values").preprocessing.features.kind).toBe(
      "waveform",
    );
  });

  it("says that time cannot be told where both axes are free", () => {
    expect(guess(["N", "a", "b"]).reasons.join()).toMatch(/Which axis is time/);
  });

  it.each<Shape>([[], ["N"], ["N", 768], ["N", 2, 3, 4, 5]])("refuses %j", (...shape) => {
    expect(() => guess(shape)).toThrow(
      expect.objectContaining({
        code: "encoder/unsupported",
        detail: expect.stringMatching(/neither a waveform/),
      }),
    );
  });
});
