import { describe, expect, it } from "vitest";
import {
  arrange,
  fitsInput,
  fixedTime,
  possibleAxes,
  type InputShape,
} from "../../../src/core/audio/inputAxes";
import type { AudioAxis, AudioFeatures } from "../../../src/core/domain/audioPreprocessing";

const LOG_MEL: AudioFeatures = {
  ...{ kind: "log-mel", bands: 64, windowMs: 25, hopMs: 10, low: 60, high: 7600 },
};

describe("the axes an input could have", () => {
  it.each<[string, AudioFeatures, InputShape, string[]]>([
    ["a waveform", { kind: "samples" }, ["N", "T"], ["time"]],
    ["a waveform with a channel", { kind: "waveform" }, ["N", 1, "T"], ["one,time"]],
    ["a waveform of fixed length", { kind: "samples" }, ["N", 1, 80_000], ["one,time"]],
    ["a waveform, channel last", { kind: "samples" }, ["N", 16_000, 1], ["time,one"]],
    ["a vector of 768", { kind: "samples" }, ["N", 768], []],
    ["Whisper", { kind: "whisper" }, ["N", 80, 3000], ["bands,time"]],
    ["Whisper, turned", { kind: "whisper" }, ["N", 3000, 80], ["time,bands"]],
    ["Whisper of 128 bands", { kind: "whisper" }, ["N", 128, 3000], []],
    ["Kaldi", { kind: "kaldi-fbank" }, ["N", 1024, 128], ["time,bands"]],
    [
      "Kaldi, turned, with a channel",
      { kind: "kaldi-fbank" },
      ["N", 1, 128, 1024],
      ["one,bands,time"],
    ],
    ["CLAP", { kind: "clap" }, ["N", 1, 1001, 64], ["one,time,bands"]],
    ["log-mel, all free", LOG_MEL, ["N", "a", "b"], ["bands,time", "time,bands"]],
    ["log-mel, named axes", LOG_MEL, ["N", "frames", "mels"], ["time,bands"]],
    ["log-mel, bands last", LOG_MEL, ["N", 96, 64], ["time,bands"]],
    ["a picture", LOG_MEL, ["N", 3, 224, 224], []],
    ["token ids", LOG_MEL, ["N", "sequence"], []],
  ])("are told from its shape: %s", (_name, features, shape, axes) => {
    expect(possibleAxes(features, shape).map((each) => each.join())).toEqual(axes);
  });
});

describe("arranged features", () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  const from: readonly AudioAxis[] = ["bands", "time"];

  it("keep their values where only an axis of one is added", () => {
    const { data: same, dims } = arrange({ data, dims: [2, 3] }, from, ["one", "bands", "time"]);
    expect(same).toBe(data);
    expect(dims).toEqual([1, 2, 3]);
  });

  it("are turned where bands and time change places, and turned back", () => {
    const turned = arrange({ data, dims: [2, 3] }, from, ["time", "bands", "one"]);
    expect([...turned.data]).toEqual([1, 4, 2, 5, 3, 6]);
    expect(turned.dims).toEqual([3, 2, 1]);
    const back = arrange(turned, ["time", "bands", "one"], from);
    expect([[...back.data], back.dims]).toEqual([[...data], [2, 3]]);
  });

  it("fit an input of their sizes, and of free ones", () => {
    expect(fitsInput([80, 3000], ["N", 80, "T"])).toBe(true);
    expect(fitsInput([80, 2999], ["N", 80, 3000])).toBe(false);
    expect(fitsInput([80], ["N", 80, 1])).toBe(false);
    expect(fitsInput([80], [])).toBe(true);
  });

  it("have a fixed time where the input has", () => {
    expect(fixedTime(["N", 1, 80_000], ["one", "time"])).toBe(80_000);
    expect(fixedTime(["N", 64, "T"], ["bands", "time"])).toBeUndefined();
  });
});
