import { encoderById } from "../../../src/core/catalogue/encoders";
import { expect, it } from "vitest";
import type {
  DevicePreference,
  EmbeddingChoice,
  EncoderSpec,
} from "../../../src/core/domain/encoder";
import { AppError } from "../../../src/core/errors";
import type { Progress } from "../../../src/core/progress";
import type { OpenedEncoder } from "../../../src/engine/encoders/openEncoder";
import { EncodeService } from "../../../src/engine/encoding/encodeService";
import { TEXT_CHOICE } from "../../support/samples";
import { captions, MemoryEmbeddings, TinyEncoder } from "../../support/tinyEncoder";

const idle = () => ({ signal: new AbortController().signal, report: () => {} });
const choice = { choice: TEXT_CHOICE, device: "auto" } as const;
const request = {
  ...choice,
  projectId: "p1",
  modality: "text",
  skip: [],
  suspects: [],
  batchSize: null,
} as const;

function setup(prepare: (report: (progress: Progress) => void) => Promise<void> = async () => {}) {
  const opened: { device: DevicePreference; encoder: TinyEncoder }[] = [];
  const embeddings = new MemoryEmbeddings();
  const service = new EncodeService({
    datasets: {
      items: async () => captions("grinning face", "cat"),
      blob: () => Promise.reject(new AppError("storage/missing")),
    },
    embeddings,
    encoders: { get: async (id: string) => encoderById(id) },
    open: async (
      _spec: EncoderSpec,
      _choice: EmbeddingChoice,
      device: DevicePreference,
      { report }: { report: (progress: Progress) => void },
    ): Promise<OpenedEncoder> => {
      const encoder = new TinyEncoder();
      opened.push({ device, encoder });
      await prepare(report);
      return {
        modality: "text",
        encoder,
        device: "wasm",
        threads: 1,
        adapter: null,
        deviceReason: "CPU · WebAssembly: chosen in the settings",
        parityCosine: 0.9987,
      };
    },
    clock: () => 0,
  });
  return { service, opened, embeddings };
}

it("encodes a project and tells what ran where", async () => {
  const { service, embeddings } = setup();
  const summary = await service.encodeItems(request, idle());
  expect(summary).toMatchObject({
    items: 2,
    encoded: 2,
    device: "wasm",
    threads: 1,
    adapter: null,
    parityCosine: 0.9987,
    deviceReason: "CPU · WebAssembly: chosen in the settings",
    failed: [],
  });
  expect(embeddings.rows.size).toBe(2);
  const count = await service.countEncoded(request);
  expect(count).toEqual({ encoded: 2, total: 2, encoderKey: summary.encoderKey });
});

it("loads one encoder for a job and the queries beside it", async () => {
  const { service, opened } = setup();
  const [, query] = await Promise.all([
    service.encodeItems(request, idle()),
    service.encodeQuery({ ...choice, inputs: [{ text: "abc" }] }, idle()),
  ]);
  expect(query).toMatchObject({ rows: 1, cols: 3 });
  expect([...query.vectors]).toEqual([3, 97, 294]);
  await service.encodeQuery({ ...choice, inputs: [{ text: "abc" }] }, idle());
  expect(opened).toHaveLength(1);
});

it("frees the encoder before it loads one for another device", async () => {
  const { service, opened } = setup();
  await service.encodeItems(request, idle());
  await service.encodeItems({ ...request, device: "wasm" }, idle());
  expect(opened.map(({ device }) => device)).toEqual(["auto", "wasm"]);
  expect(opened.map(({ encoder }) => encoder.released)).toEqual([1, 0]);
});

it("tries again after an encoder could not be loaded", async () => {
  let attempts = 0;
  const { service } = setup(async () => {
    if (attempts++ === 0) throw new AppError("encoder/missing", "404");
  });
  await expect(service.encodeItems(request, idle())).rejects.toMatchObject({
    code: "encoder/missing",
  });
  expect((await service.encodeItems(request, idle())).encoded).toBe(2);
});

it("answers a stop while the encoder is still loading, and keeps the load for the next call", async () => {
  let finish = () => {};
  const { service, opened } = setup(() => new Promise((resolve) => (finish = resolve)));
  const stop = new AbortController();
  const stopped = service.encodeItems(request, { signal: stop.signal, report: () => {} });
  setTimeout(() => stop.abort());
  await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
  const again = service.encodeItems(request, idle());
  setTimeout(() => finish());
  expect((await again).encoded).toBe(2);
  expect(opened).toHaveLength(1);
});

it("refuses an encoder of the other modality and a query of the wrong kind", async () => {
  const { service } = setup();
  await expect(
    service.encodeItems({ ...request, modality: "image" }, idle()),
  ).rejects.toMatchObject({ code: "encoder/missing" });
  await expect(
    service.encodeQuery({ ...choice, inputs: [{ image: new Blob() }] }, idle()),
  ).rejects.toMatchObject({ code: "encoder/input" });
});
