import { expect, it } from "vitest";
import { Changes } from "../../src/app/changes";
import { OwnModels } from "../../src/app/ownModels";
import type { OwnModelDraft } from "../../src/core/domain/ownModel";
import { AppError, type ErrorCode } from "../../src/core/errors";
import type { OwnModelContract } from "../../src/rpc/ownModelContract";
import type { WorkerCalls } from "../../src/app/workerSlot";

function setup(answer: () => Promise<unknown>) {
  const channel = new BroadcastChannel(`own-models-${Math.random()}`);
  (channel as unknown as NodeJS.RefCounted).unref(); // Node's channel
  const changes = new Changes(channel);
  const topics: string[] = [];
  changes.subscribe((topic) => topics.push(topic));
  const calls: unknown[] = [];
  const worker = {
    call: (method: string, _params: unknown, options: unknown) => {
      calls.push({ method, options });
      return answer();
    },
    close: () => {},
  } as unknown as WorkerCalls<OwnModelContract>; // answers every method alike
  return { own: new OwnModels({ worker, changes }), topics, calls };
}

it.each<[ErrorCode, RegExp]>([
  ["worker/stalled", /it never answers \(self-check: no sign of life for 60 s\)/],
  ["worker/crashed", /it ends the runtime/],
])("blames the file, not the page, for %s", async (code, detail) => {
  const fault = new AppError(code, "self-check: no sign of life for 60 s");
  const { own } = setup(() => Promise.reject(fault));
  await expect(own.inspect([], "image")).rejects.toMatchObject({
    code: "encoder/unsupported",
    detail: expect.stringMatching(detail),
  });
});

it.each<ErrorCode>(["cancelled", "encoder/unsupported", "storage/quota"])(
  "passes on %s as it is",
  async (code) => {
    const { own } = setup(() => Promise.reject(new AppError(code, "why")));
    await expect(own.inspect([], "image")).rejects.toMatchObject({ code, detail: "why" });
  },
);

it("guards every stage against a model that never answers", async () => {
  const { own, calls } = setup(() => Promise.resolve([]));
  await own.probe([], { preprocessing: { kind: "text", maxTokens: 8 } });
  expect(calls).toEqual([
    {
      method: "probe",
      options: expect.objectContaining({
        limits: { read: 60_000, "load-encoder": 120_000, "self-check": 60_000 },
      }),
    },
  ]);
});

it("tells every screen of a new encoder", async () => {
  const { own, topics } = setup(() => Promise.resolve({ id: "own-1" }));
  const check = { passed: true, findings: [], wasmMsPerItem: 1, parity: "" };
  const draft: OwnModelDraft = {
    name: "a",
    license: "b",
    modality: "text",
    preprocessing: { kind: "text", maxTokens: 8 },
    output: "o",
    kind: "pooled",
    ...{ hasCls: false, channelsFirst: false },
    pooling: "mean",
    width: 3,
  };
  await own.save([], { draft, check });
  expect(topics).toEqual(["encoders"]);
});
