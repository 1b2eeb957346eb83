import { afterEach, expect, it } from "vitest";
import { Changes } from "../../src/app/changes";
import { OwnModels } from "../../src/app/ownModels";
import { startEncodeWorker, startOwnModelWorker } from "../../src/app/startWorkers";
import { WorkerSlot } from "../../src/app/workerSlot";
import type { OwnModelDraft, OwnModelFile } from "../../src/core/domain/ownModel";
import { probePictures } from "../../src/engine/encoders/probeItems";
import {
  TINY_CAPTION_WIDTH,
  tinyCaptionModel,
  tinyPictureModel,
  tinyPictureWeights,
} from "../support/tinyModel";

const changes = new Changes(new BroadcastChannel("own-model-test"));
const models = (limits?: Record<string, number>) =>
  new OwnModels({
    worker: new WorkerSlot(startOwnModelWorker),
    changes,
    ...(limits && { limits }),
  });
const own = models();
afterEach(() => own.close());

const named = (name: string, content: BlobPart): OwnModelFile => ({
  name,
  file: new Blob([content]),
});
const tokenizer = async () => {
  const response = await fetch(
    new URL("../fixtures/tokenizers/roberta.tokenizer.json", import.meta.url),
  );
  return named("tokenizer.json", await response.blob());
};

const PICTURE_SETTINGS = JSON.stringify({
  size: 16,
  resample: 2,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
});
const picture = (change: Parameters<typeof tinyPictureModel>[0] = {}) => [
  named("model.onnx", tinyPictureModel(change)),
  named("preprocessor_config.json", PICTURE_SETTINGS),
];

async function draftOf(files: readonly OwnModelFile[], modality: "image" | "text") {
  const { preprocessing } = await own.inspect(files, modality);
  const offers = await own.probe(files, { preprocessing });
  const [offer] = offers;
  if (!offer?.kind) throw new Error("nothing was offered");
  const draft: OwnModelDraft = {
    ...{ name: "Mine", license: "not stated", modality, preprocessing },
    ...{ output: offer.name, kind: offer.kind, hasCls: offer.hasCls, width: offer.width },
    channelsFirst: offer.channelsFirst,
    pooling: "mean",
  };
  return { draft, offers };
}

it("takes in a picture network, and encodes with it in the encode worker", async () => {
  const files = picture();
  const { draft, offers } = await draftOf(files, "image");
  expect(offers).toEqual([
    expect.objectContaining({ name: "image_embeds", kind: "pooled", dims: [1, 6], width: 6 }),
    expect.objectContaining({ name: "last_hidden_state", kind: "tokens", hasCls: true, width: 6 }),
  ]);
  const tokens = { ...draft, output: "last_hidden_state", kind: "tokens", hasCls: true } as const;
  const pooled = { ...tokens, pooling: "cls+mean" } as const;
  const check = await own.check(files, { draft: pooled, useGpu: true });
  expect(check.findings.filter(({ passed }) => passed === false)).toEqual([]);
  expect(check.passed).toBe(true);
  const spec = await own.save(files, { draft: pooled, check });
  expect(spec).toMatchObject({ origin: "file", verified: false, width: 6, license: "not stated" });
  expect(spec.id).toMatch(/^own-[0-9a-f]{16}$/);

  const worker = startEncodeWorker(1);
  const encode = (pooling: "cls" | "cls+mean") =>
    worker.call("encodeQuery", {
      choice: { id: spec.id, pooling, layer: null },
      device: "wasm",
      inputs: probePictures().map((image) => ({ image })),
    });
  const both = await encode("cls+mean");
  const cls = await encode("cls");
  worker.close();
  expect([both.rows, both.cols, cls.cols]).toEqual([2, 12, 6]);
  expect(both.vectors.slice(0, 6)).toEqual(cls.vectors.slice(0, 6));
});

it("takes in a caption network with its tokenizer", async () => {
  const files = [named("captions.onnx", tinyCaptionModel(700)), await tokenizer()];
  const { draft, offers } = await draftOf(files, "text");
  expect(offers[0]).toMatchObject({ name: "sentence_embedding", width: TINY_CAPTION_WIDTH });
  const check = await own.check(files, { draft, useGpu: false });
  expect(check.findings.filter(({ passed }) => passed === false)).toEqual([]);
  const byUs = { ...draft, output: "last_hidden_state", kind: "tokens" } as const;
  expect((await own.check(files, { draft: byUs, useGpu: false })).passed).toBe(true);
});

it("reads weights from the file dropped beside the model, and asks for it otherwise", async () => {
  const files = picture({ external: "weights.onnx_data" });
  await expect(own.inspect(files, "image")).rejects.toMatchObject({
    code: "encoder/unsupported",
    detail: expect.stringContaining("weights.onnx_data: drop that file too"),
  });
  const whole = [...files, named("weights.onnx_data", tinyPictureWeights())];
  const { draft } = await draftOf(whole, "image");
  const check = await own.check(whole, { draft, useGpu: false });
  expect(check.passed).toBe(true);
});

it("shows what the network sees", async () => {
  const { preprocessing } = await own.inspect(picture(), "image");
  if (preprocessing.kind !== "image") throw new Error("not a picture network");
  const { rgba, width, height } = await own.preview(probePictures()[0]!, preprocessing);
  expect([width, height, rgba.length]).toEqual([16, 16, 16 * 16 * 4]);
  expect(new Set(rgba).size).toBeGreaterThan(50);
});

it.each<[string, Parameters<typeof tinyPictureModel>[0], string]>([
  ["gives the same for everything", { fault: "constant" }, "Different items differ"],
  ["gives NaN", { fault: "nan" }, "Finite numbers"],
])("does not pass a network that %s", async (_name, change, finding) => {
  const files = picture(change);
  const { draft } = await draftOf(files, "image");
  const { passed, findings } = await own.check(files, { draft, useGpu: false });
  expect(passed).toBe(false);
  expect(findings.filter((each) => each.passed === false).map(({ name }) => name)).toContain(
    finding,
  );
});

it("ends a network that never answers, and goes on", async () => {
  const impatient = models({ read: 30_000, "load-encoder": 30_000, "self-check": 3_000 });
  const files = picture({ fault: "endless" });
  const { preprocessing } = await impatient.inspect(files, "image");
  await expect(impatient.probe(files, { preprocessing })).rejects.toMatchObject({
    code: "encoder/unsupported",
    detail: expect.stringContaining("never answers"),
  });
  expect((await impatient.inspect(picture(), "image")).nodes).toBe(8);
  impatient.close();
});

it.each<[string, BlobPart, RegExp]>([
  ["random bytes", crypto.getRandomValues(new Uint8Array(4096)), /not a readable ONNX file/],
  ["a web page", "<!DOCTYPE html><title>404</title>", /is a web page/],
  ["nothing", "", /is empty/],
  ["half a model", tinyPictureModel().slice(0, 900), /ends in the middle/],
  [
    "a model with an unknown operator",
    new TextDecoder("latin1").decode(tinyPictureModel()).replace("Tanh", "Tonh"),
    /not a readable|refuses it/,
  ],
])("refuses %s, and goes on", async (_name, content, detail) => {
  await expect(own.inspect([named("model.onnx", content)], "image")).rejects.toMatchObject({
    code: "encoder/unsupported",
    detail: expect.stringMatching(detail),
  });
  expect((await own.inspect(picture(), "image")).nodes).toBe(8);
});
