import { encoderById } from "../../../src/core/catalogue/encoders";
import { describe, expect, it } from "vitest";
import type {
  DevicePreference,
  EmbeddingChoice,
  EncoderSpec,
} from "../../../src/core/domain/encoder";
import { AppError } from "../../../src/core/errors";
import type { Progress } from "../../../src/core/progress";
import type { OpenedEncoder } from "../../../src/engine/encoders/openEncoder";
import { EncodeService } from "../../../src/engine/encoding/encodeService";
import { matrix } from "../../../src/core/math/matrix";
import { encoderKey } from "../../../src/engine/encoding/encoderKey";
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

function setup(
  prepare: (report: (progress: Progress) => void) => Promise<void> = async () => {},
  own?: EncoderSpec,
) {
  const opened: { device: DevicePreference; encoder: TinyEncoder }[] = [];
  const embeddings = new MemoryEmbeddings();
  const service = new EncodeService({
    datasets: {
      items: async () => captions("grinning face", "cat"),
      blob: () => Promise.reject(new AppError("storage/missing")),
    },
    embeddings,
    doubts: { put: async () => {} },
    encoders: { get: async (id: string) => (id === own?.id ? own : encoderById(id)) },
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

describe("embeddings that came without a network", () => {
  const vectors: EncoderSpec = {
    ...encoderById("all-minilm-l6-v2"),
    ...{ id: "vectors-1", origin: "vectors", preprocessing: null, files: [], width: 3, layers: [] },
    outputs: { mean: "vectors" },
  };
  const choice = { id: "vectors-1", pooling: "mean", layer: null } as const;
  const own = { ...request, choice };

  /** The imported vectors of “grinning face” and “cat”, as the tiny encoder makes them, scaled. */
  async function imported(scale: (vector: number[]) => number[], spec = vectors) {
    const { service, embeddings, opened } = setup(async () => {}, spec);
    const { encoderKey: key } = await service.countEncoded(own);
    const made = await new TinyEncoder().encode(["grinning face", "cat"]);
    const rows = [0, 1].flatMap((i) => scale([...made.data.subarray(3 * i, 3 * i + 3)]));
    const digests = ["digest:grinning face", "digest:cat"];
    await embeddings.putChunk(key, digests, matrix(2, 3, Float32Array.from(rows)));
    return { service, embeddings, opened };
  }
  const toUnit = (vector: number[]) => vector.map((x) => x / Math.hypot(...vector));

  it("are complete without loading anything", async () => {
    const { service, opened } = await imported((vector) => vector);
    expect(await service.encodeItems(own, idle())).toMatchObject({
      ...{ items: 2, encoded: 0, device: "cpu", parityCosine: null, failed: [] },
    });
    expect(opened).toHaveLength(0);
  });

  it("say why nothing new can be encoded", async () => {
    const { service, opened } = setup(async () => {}, vectors);
    const refused = { code: "encoder/vectors-only" };
    const query = service.encodeQuery({ ...own, inputs: [{ text: "abc" }] }, idle());
    await expect(query).rejects.toMatchObject(refused);
    await expect(service.encodeItems(own, idle())).rejects.toMatchObject(refused);
    expect(opened).toHaveLength(0);
  });

  it("are told apart from another network's by the lowest cosine, whatever their scale", async () => {
    const compare = { ...own, vectors: choice, choice: TEXT_CHOICE };
    const same = await imported((vector) => vector.map((x) => 7 * x));
    expect(await same.service.compareVectors(compare, idle())).toMatchObject({
      ...{ items: 2, unitLength: false, cosine: expect.closeTo(1, 6) },
    });
    const other = await imported(([a = 0, b = 0, c = 0]) => [c, a, b]);
    const { cosine } = await other.service.compareVectors(compare, idle());
    expect(cosine).toBeLessThan(0.9);
  });

  it("have queries encoded by the network that was named, at their own length", async () => {
    const unit = await imported(toUnit);
    const compare = { ...own, vectors: choice, choice: TEXT_CHOICE };
    const measured = await unit.service.compareVectors(compare, idle());
    expect(measured.unitLength).toBe(true);
    const linked = await imported(toUnit, {
      ...vectors,
      madeWith: { choice: TEXT_CHOICE, ...measured },
    });
    const query = await linked.service.encodeQuery({ ...own, inputs: [{ text: "cat" }] }, idle());
    const [made] = [await new TinyEncoder().encode(["cat"])];
    expect([...query.vectors]).toEqual(
      toUnit([...made.data]).map((x) => expect.closeTo(x, 6) as number),
    );
  });

  it("keep their key when the network is named", async () => {
    const named = {
      ...vectors,
      madeWith: { choice: TEXT_CHOICE, cosine: 1, items: 2, unitLength: true },
    };
    expect(await encoderKey(named, choice)).toBe(await encoderKey(vectors, choice));
  });
});
