import { describe, expect, it } from "vitest";
import { encodersShape } from "../../../../src/core/domain/encoderShapes";
import { defaultChoice, type EncoderSpec } from "../../../../src/core/domain/encoder";
import type { OwnModelDraft, OwnModelFile, TensorInfo } from "../../../../src/core/domain/ownModel";
import { OwnModelService } from "../../../../src/engine/encoders/own/ownModelService";
import { loadParity } from "../../../../src/engine/encoders/parity";
import { probeSounds } from "../../../../src/engine/encoders/probeItems";
import { encoderKey } from "../../../../src/engine/encoding/encoderKey";
import {
  fakeOwnModels,
  PICTURE_INPUT,
  TEXT_INPUTS,
  type FakeNetwork,
} from "../../../support/fakeOwnModel";
import { wav } from "../../../support/sounds";
import { tinyPictureModel } from "../../../support/tinyModel";

const FILES: OwnModelFile[] = [
  { name: "birds.onnx", file: new Blob([tinyPictureModel()]) }, // only its outline is read
];
const input = (...shape: (number | string)[]): TensorInfo => ({
  name: "mel",
  type: "float32",
  shape,
});
const LENGTHS: TensorInfo = { name: "frames", type: "int64", shape: ["N"] };

function setup(network: FakeNetwork = {}) {
  const fake = fakeOwnModels(network);
  const stored: EncoderSpec[] = [];
  const put = async (spec: EncoderSpec) => void stored.push(spec);
  return { ...fake, stored, service: new OwnModelService(fake.platform, { put }) };
}
const quiet = () => {};
const inspect = (inputs: readonly TensorInfo[], modality: "audio" | "image" = "audio") =>
  setup({ inputs }).service.inspect({ files: FILES, modality }, quiet);

const DRAFT: OwnModelDraft = {
  ...{ name: "Birds", license: "not stated", modality: "audio" },
  preprocessing: {
    ...{ kind: "audio", sampleRate: 16_000, input: "mel" },
    features: { kind: "log-mel", bands: 20, windowMs: 25, hopMs: 10, low: 60, high: 7600 },
  },
  ...{ output: "last_hidden_state", kind: "tokens", pooling: "mean", width: 4 },
  ...{ hasCls: false, channelsFirst: false },
};
const NETWORK: FakeNetwork = { inputs: [input("N", 20, "T")] };
const [RISING = new Blob(), BEATING = new Blob()] = probeSounds();

describe("inspecting", () => {
  it("recognises a network of sounds, with the lengths it asks for", async () => {
    const found = await inspect([input("N", 20, "T"), LENGTHS]);
    expect(found).toMatchObject({ modality: "audio", isCertain: false });
    expect(found.preprocessing).toMatchObject({ input: "mel", lengths: "frames" });
  });

  it.each<[string, TensorInfo[], RegExp]>([
    ["a network of pictures", [PICTURE_INPUT], /encodes pictures; add it on the side/],
    ["one of pictures, channels last", [input("N", 16, 16, 3)], /encodes pictures/],
    ["a network of captions", [...TEXT_INPUTS], /encodes captions; add it on the side/],
    ["two inputs", [input("N", "T"), { ...input("N", "T"), name: "y" }], /mel .*, y .*; one input/],
    ["a mask", [input("N", "T"), { ...LENGTHS, shape: ["N", "T"] }], /one input of samples/],
    ["nothing", [], /takes nothing; one input of samples/],
    ["half precision", [{ ...input("N", "T"), type: "float16" }], /is float16, not float32/],
    ["a batch of four", [input(4, "T")], /takes 4 clips at once/],
    ["a vector", [input("N", 768)], /neither a waveform \[N, T\] nor a spectrogram/],
  ])("refuses %s, in words", async (_name, inputs, detail) => {
    await expect(inspect(inputs)).rejects.toMatchObject({
      code: "encoder/unsupported",
      detail: expect.stringMatching(detail),
    });
  });

  it("refuses a network of sounds among pictures", async () => {
    await expect(inspect([input("N", 20, "T")], "image")).rejects.toMatchObject({
      code: "encoder/unsupported",
    });
  });
});

describe("hearing", () => {
  const { preprocessing } = DRAFT;
  if (preprocessing.kind !== "audio") throw new Error("a sound draft");

  it("shows what the network is fed of a recording, and how much of it", async () => {
    const heard = await setup().service.hear({ sound: RISING, preprocessing });
    expect(heard).toMatchObject({ dims: [20, 98], seconds: 1, heardSeconds: 1, rate: 16_000 });
    expect(heard.strip).toMatchObject({ rows: 20, cols: 98 });
    expect(heard.doubt).toBeUndefined();
  });

  it("says what is cut off, and that a recording is silent", async () => {
    const length = { samples: 8_000, fill: "silence", cut: "start" } as const;
    const sound = new Blob([wav(1, { rate: 44_100 })]);
    const heard = await setup().service.hear({
      sound,
      preprocessing: { ...preprocessing, length },
    });
    expect(heard).toMatchObject({ seconds: 1, heardSeconds: 0.5, rate: 44_100, dims: [20, 48] });
    expect(heard.doubt).toMatch(/silent/);
  });

  it.each([
    [{ sampleRate: 1 }, /sample rate is 1/],
    [{ length: { samples: 1e9, fill: "silence", cut: "start" } }, /length in samples/],
    [{ features: { ...preprocessing.features, bands: 5000 } }, /bands is 5000/],
    [{ features: { ...preprocessing.features, hopMs: 0 } }, /hop in milliseconds is 0/],
    [{ features: { ...preprocessing.features, high: 9_000 } }, /60 to 9000 Hz at 16000 Hz/],
    [{ features: { kind: "clap" } }, /made at 48000 Hz, not at 16000/],
  ] as const)("refuses %j before anything is computed", async (change, detail) => {
    const asked = { sound: RISING, preprocessing: { ...preprocessing, ...change } };
    await expect(
      setup().service.hear(asked as typeof asked & { preprocessing: typeof preprocessing }),
    ).rejects.toMatchObject({
      code: "encoder/unsupported",
      detail: expect.stringMatching(detail),
    });
  });

  it("passes on what is wrong with a recording", async () => {
    const sound = new Blob(["<!doctype html>"]);
    await expect(setup().service.hear({ sound, preprocessing })).rejects.toMatchObject({
      code: "sound/unreadable",
    });
  });
});

describe("running it on one item", () => {
  const probe = (network: FakeNetwork, preprocessing = DRAFT.preprocessing) =>
    setup(network).service.probe({ files: FILES, preprocessing, sound: BEATING }, quiet);

  it("offers each output as what it is", async () => {
    expect(await probe(NETWORK)).toEqual([
      expect.objectContaining({ name: "image_embeds", kind: "pooled", width: 4 }),
      expect.objectContaining({ name: "last_hidden_state", kind: "tokens", hasCls: false }),
    ]);
  });

  it("names both shapes where the features do not fit", async () => {
    await expect(probe({ inputs: [input("N", 64, "T")] })).rejects.toMatchObject({
      code: "encoder/unsupported",
      detail: expect.stringMatching(/\[N, 20, 98\], but its input mel is \[N, 64, T\]/),
    });
  });
});

describe("checking it", () => {
  const check = (network: FakeNetwork, sound: Blob = new Blob([wav(0.5)])) =>
    setup({ ...NETWORK, ...network }).service.check(
      { files: FILES, draft: DRAFT, useGpu: false, sound },
      quiet,
    );
  const found = ({ findings }: Awaited<ReturnType<typeof check>>, name: string) =>
    findings.find((each) => each.name === name);

  const failures = ({ findings }: Awaited<ReturnType<typeof check>>) =>
    findings.filter(({ passed }) => passed === false).map(({ name }) => name);

  it("passes a network that hears, and tries it on a sound of the project", async () => {
    const result = await check({});
    expect(failures(result)).toEqual([]);
    expect(found(result, "A sound of the project")).toMatchObject({
      passed: true,
      detail: expect.stringMatching(/gives 4 numbers/),
    });
  });

  it("fails a network that gives NaN for a real sound alone", async () => {
    const result = await check({ drift: ({ run }) => (run > 4 ? NaN : 0) });
    expect(result.passed).toBe(false);
    expect(failures(result)).toEqual(["A sound of the project"]);
  });

  it("fails a network that gives the same for everything, the project's sound too", async () => {
    expect(failures(await check({ isConstant: true }))).toContain("Different items differ");
    expect(failures(await check({}, RISING))).toEqual(["A sound of the project"]);
  });

  it("does not blame the network for a recording that cannot be read", async () => {
    const result = await check({}, new Blob(["no sound"]));
    expect(result.passed).toBe(true);
    expect(found(result, "A sound of the project")?.passed).toBeNull();
  });
});

describe("keeping it", () => {
  it("keeps an encoder of sounds with its reference sounds, and reads it back from a file", async () => {
    const { service, stored, platform } = setup(NETWORK);
    const check = await service.check({ files: FILES, draft: DRAFT, useGpu: false }, quiet);
    const spec = await service.save({ files: FILES, draft: DRAFT, check }, quiet);
    expect(stored).toEqual([spec]);
    expect(spec).toMatchObject({ modality: "audio", origin: "file", width: 4 });
    expect((await loadParity(spec, platform)).sounds).toHaveLength(2);
    const written: unknown = JSON.parse(JSON.stringify([spec]));
    expect(encodersShape(written, "encoders.json")).toEqual([spec]);
  });

  it("has another id and key for whatever changes its numbers", async () => {
    const { preprocessing } = DRAFT;
    if (preprocessing.kind !== "audio" || preprocessing.features.kind !== "log-mel") {
      throw new Error("a sound draft");
    }
    const { features } = preprocessing;
    const change = (next: Partial<typeof preprocessing>): OwnModelDraft => ({
      ...DRAFT,
      preprocessing: { ...preprocessing, ...next },
    });
    const length = { samples: 16_000, fill: "silence", cut: "start" } as const;
    const drafts: OwnModelDraft[] = [
      DRAFT,
      change({ sampleRate: 22_050 }),
      change({ features: { ...features, hopMs: 12 } }),
      change({ features: { ...features, standardise: false } }),
      change({ axes: ["time", "bands"] }),
      change({ length }),
      change({ length: { ...length, fill: "repeat" } }),
      change({ length: { ...length, cut: "middle" } }),
      { ...DRAFT, hasCls: true },
      { ...DRAFT, channelsFirst: true },
      { ...DRAFT, output: "image_embeds", kind: "pooled" },
    ];
    const { service } = setup(NETWORK);
    const check = { parity: "", wasmMsPerItem: 1 };
    const ids: string[] = [];
    const keys: string[] = [];
    for (const draft of drafts) {
      const spec = await service.save({ files: FILES, draft, check }, quiet);
      ids.push(spec.id);
      keys.push(await encoderKey({ ...spec, id: "same" }, defaultChoice(spec)));
    }
    expect(new Set(ids).size).toBe(drafts.length);
    expect(new Set(keys).size).toBe(drafts.length);
  });
});
