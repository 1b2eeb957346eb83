import { expect, it } from "vitest";
import type { EncoderSpec } from "../../../../src/core/domain/encoder";
import type { OwnModelDraft, OwnModelFile } from "../../../../src/core/domain/ownModel";
import { loadFiles } from "../../../../src/engine/encoders/loadFiles";
import { OwnModelService } from "../../../../src/engine/encoders/own/ownModelService";
import { loadParity } from "../../../../src/engine/encoders/parity";
import {
  fakeOwnModels,
  PICTURE_INPUT,
  TEXT_INPUTS,
  type FakeNetwork,
} from "../../../support/fakeOwnModel";
import { tinyPictureModel } from "../../../support/tinyModel";

const named = (name: string, content: BlobPart): OwnModelFile => ({
  name,
  file: new Blob([content]),
});
const SETTINGS = JSON.stringify({
  size: 16,
  resample: 2,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
});
const MODEL = named("model.onnx", tinyPictureModel());
const FILES = [MODEL, named("preprocessor_config.json", SETTINGS)];

function setup(network: FakeNetwork = {}, adapter: string | null = null) {
  const fake = fakeOwnModels(network, adapter);
  const stored: EncoderSpec[] = [];
  const service = new OwnModelService(fake.platform, {
    put: async (spec) => void stored.push(spec),
  });
  return { ...fake, stored, service };
}

const DRAFT: OwnModelDraft = {
  ...{ name: "Mine", license: "not stated", modality: "image" },
  preprocessing: {
    ...{ kind: "image", size: 16, fit: "squash", input: "pixel_values" },
    mean: [127.5, 127.5, 127.5],
    std: [127.5, 127.5, 127.5],
  },
  ...{ output: "last_hidden_state", kind: "tokens", hasCls: true, pooling: "cls", width: 4 },
  channelsFirst: false,
};
const quiet = () => {};
const check = (network?: FakeNetwork, draft = DRAFT, files = FILES) =>
  setup(network).service.check({ files, draft, useGpu: false }, quiet);
const failures = ({ findings }: Awaited<ReturnType<typeof check>>) =>
  findings.filter(({ passed }) => passed === false).map(({ name }) => name);

it("inspects a picture network, and frees it", async () => {
  const { service, log } = setup();
  const files = [...FILES, named("readme.md", "# hi")];
  const found = await service.inspect({ files, modality: "image" }, quiet);
  expect(found).toMatchObject({ nodes: 8, opset: 17, isCertain: true, ignored: ["readme.md"] });
  expect(found.preprocessing).toMatchObject({ size: 16, input: "pixel_values" });
  expect(log).toEqual(["create wasm", "release wasm"]);
});

it.each<[string, FakeNetwork, readonly OwnModelFile[], RegExp]>([
  ["no model", {}, [named("a.txt", "x")], /no file ends in .onnx/],
  ["two models", {}, [MODEL, named("b.onnx", "x")], /2 files end in .onnx/],
  ["a pointer", {}, [named("a.onnx", "version https://git-lfs.github.com/spec/v1")], /git-lfs/],
  ["captions", { inputs: TEXT_INPUTS }, FILES, /encodes captions; add it on the side/],
  ["both towers", { inputs: [...TEXT_INPUTS, PICTURE_INPUT] }, FILES, /tower of one modality/],
  ["half precision", { inputs: [{ ...PICTURE_INPUT, type: "float16" }] }, FILES, /not float32/],
  [
    "channels last",
    { inputs: [{ ...PICTURE_INPUT, shape: ["N", 16, 16, 3] }] },
    FILES,
    /channels last/,
  ],
  ["a flat input", { inputs: [{ ...PICTURE_INPUT, shape: ["N", 768] }] }, FILES, /not pixels/],
  ["an oblong", { inputs: [{ ...PICTURE_INPUT, shape: ["N", 3, 16, 32] }] }, FILES, /not a square/],
  ["no input", { inputs: [] }, FILES, /takes nothing/],
  ["a refusal", { refuses: "Unknown model\nstack" }, FILES, /refuses it: Error: Unknown model$/],
  [
    "settings that are not JSON",
    {},
    [MODEL, named("preprocessor_config.json", "{")],
    /^preprocessor_config.json: SyntaxError/,
  ],
])("names what is wrong: %s", async (_name, network, files, detail) => {
  const { service } = setup(network);
  await expect(service.inspect({ files, modality: "image" }, quiet)).rejects.toMatchObject({
    code: "encoder/unsupported",
    detail: expect.stringMatching(detail),
  });
});

it("asks for the tokenizer of a caption network", async () => {
  const { service } = setup({ inputs: TEXT_INPUTS });
  const inspect = (...more: OwnModelFile[]) =>
    service.inspect({ files: [MODEL, ...more], modality: "text" }, quiet);
  await expect(inspect()).rejects.toMatchObject({
    detail: expect.stringMatching(/drop its tokenizer/),
  });
  await expect(inspect(named("tokenizer.json", "[]"))).rejects.toMatchObject({
    code: "encoder/unsupported",
    detail: expect.stringMatching(/tokenizer.json/),
  });
});

it("does not follow a path to weights", async () => {
  for (const location of ["../weights", "/etc/passwd", "a\\b", ".."]) {
    const files = [named("m.onnx", tinyPictureModel({ external: location }))];
    await expect(
      setup().service.inspect({ files, modality: "image" }, quiet),
    ).rejects.toMatchObject({ detail: expect.stringMatching(/which is a path/) });
  }
});

it("offers each output as what it is, the likeliest first", async () => {
  const { service } = setup();
  const { preprocessing } = DRAFT;
  expect(await service.probe({ files: FILES, preprocessing }, quiet)).toEqual([
    expect.objectContaining({ name: "image_embeds", kind: "pooled", width: 4 }),
    expect.objectContaining({ name: "last_hidden_state", kind: "tokens", hasCls: true, width: 4 }),
  ]);
});

it("refuses settings no network can be fed with, before memory is asked for", async () => {
  const { preprocessing } = DRAFT;
  if (preprocessing.kind !== "image") throw new Error("a picture draft");
  for (const change of [{ size: 1e6 }, { size: NaN }, { std: [0, 1, 1] as const }, { resize: 3 }]) {
    const draft = { ...DRAFT, preprocessing: { ...preprocessing, ...change } };
    await expect(check({}, draft)).rejects.toMatchObject({ code: "encoder/unsupported" });
  }
});

it("passes a network that gives the same alone, together and again", async () => {
  const result = await check();
  expect(failures(result)).toEqual([]);
  expect(result.passed).toBe(true);
  expect(result.wasmMsPerItem).toBeGreaterThan(0);
});

it.each<[string, FakeNetwork, string]>([
  ["changes from run to run", { drift: ({ run }) => run * run }, "The same item twice"],
  ["depends on the batch", { drift: ({ rows, row }) => (rows - row) * 3 }, "Alone and in a batch"],
  ["does not look at its input", { isConstant: true }, "Different items differ"],
  ["gives NaN", { drift: () => NaN }, "Finite numbers"],
])("fails a network that %s", async (_name, network, finding) => {
  const result = await check(network);
  expect(result.passed).toBe(false);
  expect(failures(result)).toContain(finding);
  expect(result.parity).toBe("");
});

it("fails a network whose output is not what was chosen", async () => {
  const result = await check({}, { ...DRAFT, width: 5 });
  expect(failures(result)).toEqual(["Runs on two items"]);
  expect(result.findings.at(-1)?.detail).toMatch(/\[2, 5, 4\]; expected 2 items, width 5/);
});

it("compares WebGPU with the CPU where there is one, and bars nothing by it", async () => {
  const gpu = (drift: number) =>
    setup({ drift: ({ device, row }) => (device === "webgpu" ? drift * (row + 1) : 0) }, "nvidia");
  const same = gpu(0);
  const fine = await same.service.check({ files: FILES, draft: DRAFT, useGpu: true }, quiet);
  expect(fine.findings.at(-1)).toMatchObject({
    name: expect.stringMatching(/WebGPU/),
    passed: true,
  });
  expect(same.log).toContain("create webgpu");
  const wrong = await gpu(-50).service.check({ files: FILES, draft: DRAFT, useGpu: true }, quiet);
  expect(wrong.findings.at(-1)).toMatchObject({
    passed: null,
    detail: expect.stringMatching(/CPU will be used/),
  });
  expect(wrong.passed).toBe(true);
});

it("holds the network to reference vectors that were dropped with it", async () => {
  const own = await check();
  const withParity = (json: string) => check({}, DRAFT, [...FILES, named("parity.json", json)]);
  expect((await withParity(own.parity)).passed).toBe(true);
  const { cases } = JSON.parse(own.parity) as { cases: { vector: number[] }[] };
  cases[0]!.vector = cases[0]!.vector.map((value, i) => (i % 2 ? value : -value));
  expect(failures(await withParity(JSON.stringify({ cases })))).toEqual([
    "Reference vectors (parity.json)",
  ]);
  await expect(withParity("{}")).rejects.toMatchObject({
    code: "encoder/unsupported",
    detail: expect.stringMatching(/parity.json.*no list “cases”/),
  });
});

it("keeps files and reference vectors where encoding finds them, and an id for what was chosen", async () => {
  const { service, stored, platform } = setup();
  const result = await service.check({ files: FILES, draft: DRAFT, useGpu: false }, quiet);
  const save = (draft: OwnModelDraft) =>
    service.save({ files: FILES, draft, check: result }, quiet);
  const spec = await save(DRAFT);
  expect(stored).toEqual([spec]);
  expect(spec).toMatchObject({ origin: "file", verified: false, width: 4 });
  expect(Object.keys(spec.outputs)).toEqual(["cls", "mean", "cls+mean", "last"]);
  const files = await loadFiles(spec, platform);
  expect(files.get("model")).toEqual(tinyPictureModel());
  expect((await loadParity(spec, platform)).images).toHaveLength(2);
  expect((await save({ ...DRAFT, name: "Other", pooling: "mean" })).id).toBe(spec.id);
  expect((await save({ ...DRAFT, output: "image_embeds", kind: "pooled" })).id).not.toBe(spec.id);
});

it("keeps nothing on a full disk", async () => {
  const { service, stored, memory } = setup();
  memory.roomBytes = 1000;
  const request = { files: FILES, draft: DRAFT, check: { parity: "", wasmMsPerItem: 1 } };
  await expect(service.save(request, quiet)).rejects.toMatchObject({ code: "storage/quota" });
  expect(stored).toEqual([]);
  expect(memory.entries.size).toBe(0);
});
