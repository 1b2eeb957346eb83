import { describe, expect, it } from "vitest";
import { clipFeatures } from "../../../src/core/audio/features";
import { fitsInput, type InputShape } from "../../../src/core/audio/inputAxes";
import { audioSettings, possibleKinds, refitted } from "../../../src/core/audio/inputGuess";
import type { AudioFeatureKind } from "../../../src/core/domain/audioPreprocessing";

describe("features an input could take", () => {
  it.each<[string, InputShape, AudioFeatureKind[]]>([
    ["a waveform", ["N", "T"], ["samples", "waveform"]],
    ["a waveform with a channel", ["N", 1, 160_000], ["samples", "waveform"]],
    ["Whisper", ["N", 80, 3000], ["whisper", "log-mel"]],
    ["AST", ["N", 1024, 128], ["kaldi-fbank", "log-mel"]],
    ["CLAP", ["N", 1, 1001, 64], ["clap", "log-mel"]],
    ["bands and time", ["N", 64, "T"], ["log-mel", "clap"]],
    ["numbers", ["N", 12], []],
    ["one number", ["N"], []],
    ["nothing known", [], []],
  ])("are named by its shape: %s", (_name, shape, kinds) => {
    expect(possibleKinds(shape)).toEqual(kinds);
  });
});

describe("settings for an input", () => {
  const known = { input: "x" };

  it.each<[AudioFeatureKind, InputShape]>([
    ["samples", ["N", 1, 80_000]],
    ["waveform", ["N", 16_000, 1]],
    ["log-mel", ["N", 96, 64]],
    ["log-mel", ["N", 1, 128, 256]],
    ["whisper", ["N", 3000, 80]],
    ["kaldi-fbank", ["N", 1, 128, 1024]],
    ["clap", ["N", 1, 64, 1001]],
  ])("make %s fit [%s], whatever the clip", (kind, shape) => {
    const settings = audioSettings(kind, shape, known);
    for (const samples of [1_700, 16_000, 300_000]) {
      const { dims } = clipFeatures(new Float32Array(samples).fill(0.1), settings);
      expect(fitsInput(dims, shape)).toBe(true);
    }
  });

  it("say nothing that the features have of themselves", () => {
    expect(audioSettings("whisper", ["N", 80, 3000], { ...known, sampleRate: 44_100 })).toEqual({
      ...{ kind: "audio", sampleRate: 16_000, features: { kind: "whisper" }, input: "x" },
    });
  });

  it("reach as high as the rate allows", () => {
    const high = (sampleRate?: number) => {
      const { features } = audioSettings("log-mel", ["N", 64, "T"], {
        ...known,
        ...(sampleRate !== undefined && { sampleRate }),
      });
      return features.kind === "log-mel" ? features.high : 0;
    };
    expect([high(), high(48_000)]).toEqual([7600, 22_800]);
  });

  it("follow the frames an input fixes when window or rate change, and keep how clips are filled", () => {
    const shape = ["N", 64, 101];
    const first = audioSettings("log-mel", shape, known);
    expect(first.length).toEqual({ samples: 16_400, fill: "silence", cut: "start" });
    if (first.features.kind !== "log-mel" || !first.length) throw new Error("no length");
    const changed = {
      ...first,
      features: { ...first.features, hopMs: 20 },
      length: { ...first.length, fill: "repeat", cut: "middle" },
    } as const;
    expect(refitted(changed, shape).length).toEqual({
      ...{ samples: 32_400, fill: "repeat", cut: "middle" },
    });
  });

  it("keep an order of axes only where the input can have it", () => {
    const settings = audioSettings("log-mel", ["N", "a", "b"], known);
    const turned = { ...settings, axes: ["time", "bands"] } as const;
    expect(refitted(turned, ["N", "a", "b"]).axes).toEqual(["time", "bands"]);
    expect(refitted(turned, ["N", 40, "time"]).axes).toBeUndefined();
  });
});
