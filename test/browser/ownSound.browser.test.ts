import { afterEach, expect, it } from "vitest";
import { Changes } from "../../src/app/changes";
import { OwnModels } from "../../src/app/ownModels";
import { startEncodeWorker, startOwnModelWorker } from "../../src/app/startWorkers";
import { WorkerSlot } from "../../src/app/workerSlot";
import type { OwnModelDraft, OwnModelFile } from "../../src/core/domain/ownModel";
import { probeSounds } from "../../src/engine/encoders/probeItems";
import { tinyPictureModel } from "../support/tinyModel";
import { TINY_SOUND, tinySoundModel } from "../support/tinySoundModel";

const own = new OwnModels({
  worker: new WorkerSlot(startOwnModelWorker),
  changes: new Changes(new BroadcastChannel("own-sound-test")),
});
afterEach(() => own.close());

const files = (content: BlobPart): OwnModelFile[] => [
  { name: "birds.onnx", file: new Blob([content]) },
];
const [sound = new Blob()] = probeSounds();

async function draftOf(content: BlobPart): Promise<OwnModelDraft> {
  const { preprocessing } = await own.inspect(files(content), "audio");
  const offers = await own.probe(files(content), { preprocessing, sound });
  const offer = offers.find(({ name }) => name === "hidden");
  if (!offer?.kind) throw new Error("nothing was offered");
  return {
    ...{ name: "Mine", license: "not stated", modality: "audio", preprocessing },
    ...{ output: offer.name, kind: offer.kind, hasCls: offer.hasCls, width: offer.width },
    ...{ channelsFirst: offer.channelsFirst, pooling: "mean" },
  };
}

it("takes in a sound network, and encodes with it in the encode worker", async () => {
  const { width, bands } = TINY_SOUND;
  const draft = await draftOf(tinySoundModel());
  expect(draft).toMatchObject({ kind: "tokens", channelsFirst: true, width });
  expect(draft.preprocessing).toMatchObject({ axes: ["one", "bands", "time"], input: "mel" });
  if (draft.preprocessing.kind !== "audio") throw new Error("no sound network");
  const heard = await own.hear(sound, draft.preprocessing);
  expect(heard).toMatchObject({ dims: [1, bands, 98], seconds: 1, rate: 16_000 });
  const request = { draft, useGpu: false, sound: probeSounds()[1] ?? sound };
  const check = await own.check(files(tinySoundModel()), request);
  // The sound is one of the built-in ones, which only a network that hears nothing would give.
  expect(check.findings.filter(({ passed }) => passed === false).map(({ name }) => name)).toEqual([
    "A sound of the project",
  ]);
  const passed = await own.check(files(tinySoundModel()), { draft, useGpu: false });
  const spec = await own.save(files(tinySoundModel()), { draft, check: passed });

  const worker = startEncodeWorker(1);
  const encode = (pooling: "mean" | "cls") =>
    worker.call("encodeQuery", {
      choice: { id: spec.id, pooling, layer: null },
      device: "wasm",
      inputs: probeSounds().map((audio) => ({ audio })),
    });
  const [mean, first] = [await encode("mean"), await encode("cls")];
  worker.close();
  expect([mean.rows, mean.cols, first.cols]).toEqual([2, width, width]);
  expect(mean.vectors.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
  expect(mean.vectors).not.toEqual(first.vectors);
});

it.each([
  ["gives the same for everything", "constant", "Different items differ"],
  ["gives NaN", "nan", "Finite numbers"],
] as const)("does not pass a network that %s", async (_name, fault, finding) => {
  const draft = await draftOf(tinySoundModel({ fault }));
  const check = await own.check(files(tinySoundModel({ fault })), { draft, useGpu: false });
  expect(check.passed).toBe(false);
  expect(check.findings.filter((each) => each.passed === false).map(({ name }) => name)).toContain(
    finding,
  );
});

it.each<[string, BlobPart, RegExp]>([
  ["an unknown operator", renamed("MatMul", "MotMul"), /refuses it/],
  ["a network of pictures", tinyPictureModel(), /it encodes pictures/],
])("refuses %s, and goes on", async (_name, content, detail) => {
  await expect(own.inspect(files(content), "audio")).rejects.toMatchObject({
    code: "encoder/unsupported",
    detail: expect.stringMatching(detail),
  });
  expect((await own.inspect(files(tinySoundModel()), "audio")).nodes).toBe(6);
});

/** The network with another name for one of its operators, byte for byte. */
function renamed(from: string, to: string): Uint8Array<ArrayBuffer> {
  const bytes = tinySoundModel();
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  bytes.set(new TextEncoder().encode(to), text.indexOf(from));
  return bytes;
}
